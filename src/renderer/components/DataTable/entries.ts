// The rows of a table in their groups: before the rows of a group, an entry with the title of the group, the number of its rows and what
// they have together.

export interface Grouping<Row> {
  /** The titles by group, in the order of the groups. A group without rows is left out. */
  readonly titles: ReadonlyMap<string, string>;
  readonly groupOf: (row: Row) => string;
  /** What the rows of a group have together. Empty: nothing to say. */
  readonly noteOf?: (rows: readonly Row[]) => string;
}

export interface GroupEntry {
  readonly type: 'group';
  readonly key: string;
  readonly group: string;
  readonly title: string;
  readonly count: number;
  readonly note?: string;
  readonly isCollapsed: boolean;
}

export type Entry<Row> = { readonly type: 'row'; readonly key: string; readonly row: Row } | GroupEntry;

const NONE: ReadonlySet<string> = new Set();

/** A row keeps its order within its group. A row of an unknown group is left out, and so are the rows of a collapsed group. */
export function entriesOf<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  grouping: Grouping<Row> | undefined,
  collapsed: ReadonlySet<string> = NONE,
): readonly Entry<Row>[] {
  const toEntry = (row: Row): Entry<Row> => ({ type: 'row', key: keyOf(row), row });
  if (grouping === undefined) return rows.map(toEntry);
  const byGroup = new Map<string, Row[]>(Array.from(grouping.titles.keys(), (group) => [group, []]));
  for (const row of rows) byGroup.get(grouping.groupOf(row))?.push(row);
  return [...byGroup].flatMap(([group, some]) => {
    if (some.length === 0) return [];
    const isCollapsed = collapsed.has(group);
    const title = grouping.titles.get(group) ?? group;
    const note = grouping.noteOf?.(some) ?? '';
    const key = `group ${group}`;
    const head: Entry<Row> = { type: 'group', key, group, title, count: some.length, isCollapsed, ...(note === '' ? {} : { note }) };
    return [head, ...(isCollapsed ? [] : some.map(toEntry))];
  });
}
