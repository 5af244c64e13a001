// The results of a search, in groups. Without a search: recent commands, then pages.
import { type Command, COMMAND_GROUPS, type CommandGroup } from '../../components/commands/commands';
import { matchOf } from './score';

export interface ResultItem {
  readonly command: Command;
  readonly marks: readonly number[];
}

export interface ResultGroup {
  readonly group: CommandGroup | 'recent';
  readonly items: readonly ResultItem[];
}

export interface Results {
  readonly groups: readonly ResultGroup[];
  /** With those that are not listed. */
  readonly found: number;
}

const MOST_IN_GROUP = 6;
/** A recent command is placed before one that matches as well. */
const RECENT_SCORE = 5;

/** `recent`: ids, the latest first. */
export function resultsOf(commands: readonly Command[], search: string, recent: readonly string[]): Results {
  if (search.trim() === '') return withoutSearch(commands, recent);
  const found = commands.flatMap((command) => {
    const match = matchOf(command, search);
    return match === null ? [] : [{ command, marks: match.marks, score: match.score + (recent.includes(command.id) ? RECENT_SCORE : 0) }];
  });
  const groups = COMMAND_GROUPS.map((group) => {
    const items = found.filter((one) => one.command.group === group).sort((one, other) => other.score - one.score);
    return { group, best: items[0]?.score ?? 0, items: items.slice(0, MOST_IN_GROUP).map(({ command, marks }) => ({ command, marks })) };
  }).filter(({ items }) => items.length > 0);
  // The group with the best match is first; of equal ones in the usual order.
  groups.sort((one, other) => Math.round(other.best) - Math.round(one.best));
  return { groups, found: found.length };
}

function withoutSearch(commands: readonly Command[], recent: readonly string[]): Results {
  const byId = new Map(commands.map((command) => [command.id, command]));
  const latest = recent.flatMap((id) => byId.get(id) ?? []).slice(0, MOST_IN_GROUP);
  const shown = new Set(latest);
  const pages = commands.filter((command) => command.group === 'pages' && !shown.has(command));
  const asItem = (command: Command): ResultItem => ({ command, marks: [] });
  const groups: readonly ResultGroup[] = [
    { group: 'recent', items: latest.map(asItem) },
    { group: 'pages', items: pages.map(asItem) },
  ];
  return { groups: groups.filter(({ items }) => items.length > 0), found: latest.length + pages.length };
}
