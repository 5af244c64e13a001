// The rows of a table in their groups: before the rows of a group, an entry with the title of the group and the number of its rows.

export interface Grouping<Row> {
  /** The titles by group, in the order of the groups. A group without rows is left out. */
  readonly titles: ReadonlyMap<string, string>;
  readonly groupOf: (row: Row) => string;
}

export type Entry<Row> =
  | { readonly type: 'row'; readonly key: string; readonly row: Row }
  | { readonly type: 'group'; readonly key: string; readonly title: string; readonly count: number };

/** A row keeps its order within its group. A row of an unknown group is left out. */
export function entriesOf<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  grouping: Grouping<Row> | undefined,
): readonly Entry<Row>[] {
  const toEntry = (row: Row): Entry<Row> => ({ type: 'row', key: keyOf(row), row });
  if (grouping === undefined) return rows.map(toEntry);
  const byGroup = new Map<string, Row[]>(Array.from(grouping.titles.keys(), (group) => [group, []]));
  for (const row of rows) byGroup.get(grouping.groupOf(row))?.push(row);
  return [...byGroup].flatMap(([group, some]) => {
    if (some.length === 0) return [];
    const title: Entry<Row> = { type: 'group', key: `group ${group}`, title: grouping.titles.get(group) ?? group, count: some.length };
    return [title, ...some.map(toEntry)];
  });
}
