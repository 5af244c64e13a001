// The filters of the page in its route: `?search=…&filter=level:warn&filter=source:app&filter=event:…&filter=node:…&filter=time:from-to`.
import { LOG_LEVELS, LOG_SOURCES, type LogLine } from '../../../shared/api/logs';
import type { LogFilters } from '../../queries/log-feed';
import type { RouteFilter } from '../../routes';
import type { TimeSpan } from './log-buckets';

export function logFiltersOf(filters: readonly RouteFilter[], search: string): LogFilters {
  const valueOf = (wanted: string): string | null => filters.find(({ key }) => key === wanted)?.value ?? null;
  return {
    level: LOG_LEVELS.find((level) => level === valueOf('level')) ?? 'debug',
    source: LOG_SOURCES.find((source) => source === valueOf('source')) ?? null,
    event: valueOf('event')?.slice(0, 64) ?? null,
    nodeId: valueOf('node')?.slice(0, 64) ?? null,
    text: search,
  };
}

/** The span that the list is limited to, in Unix ms. The program does not filter by it. Null: all times. */
export function timeSpanOf(filters: readonly RouteFilter[]): TimeSpan | null {
  const [, from, to] = /^(\d{1,15})-(\d{1,15})$/.exec(filters.find(({ key }) => key === 'time')?.value ?? '') ?? [];
  const span = { fromWallMs: Number(from), toWallMs: Number(to) };
  return span.fromWallMs < span.toWallMs ? span : null;
}

export const timeFilterOf = ({ fromWallMs, toWallMs }: TimeSpan): string => `${String(fromWallMs)}-${String(toWallMs)}`;

/** Those of the menu: others have a control of their own. */
export const isInMenu = ({ key }: RouteFilter): boolean => key !== 'level' && key !== 'time';

/** The filters with this one in place of another with the same key. Null removes it. */
export const withFilter = (filters: readonly RouteFilter[], key: string, value: string | null): readonly RouteFilter[] => [
  ...filters.filter((filter) => filter.key !== key),
  ...(value === null ? [] : [{ key, value }]),
];

/** With at most one filter of each key: a menu adds a second one. */
export const lastOfEach = (filters: readonly RouteFilter[]): readonly RouteFilter[] =>
  filters.filter(({ key }, at) => !filters.slice(at + 1).some((later) => later.key === key));

export interface Counted {
  readonly value: string;
  /** Null: in none of the lines. */
  readonly count: number | null;
}

/** The events, or the nodes, of these lines, the most frequent first; then the other known ones. The chosen value is one of them. */
export function countedValues(lines: readonly LogLine[], key: 'event' | 'node', known: readonly string[]): readonly Counted[] {
  const counts = new Map<string, number>();
  for (const { event, fields } of lines) {
    const value = key === 'event' ? event : fields['node_id'];
    if (typeof value === 'string' && value !== '') counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const loaded = Array.from(counts, ([value, count]) => ({ value, count })).sort(
    (one, other) => other.count - one.count || one.value.localeCompare(other.value),
  );
  const others = Array.from(new Set(known)).filter((value) => !counts.has(value));
  return [...loaded, ...others.map((value) => ({ value, count: null }))];
}
