// Copies the pool of a cluster into new SQLite databases, as of one instant: no member leads meanwhile.
import type { DatabaseSync } from 'node:sqlite';
import type { Result } from '../../../shared/result';
import type { DatabaseTarget } from '../database/postgres/core/database-url';
import type { SqlValue } from '../database/store';
import type { TableCount } from './import-pool';
import { type Leaderless, type LeaderlessFailure, whileLeaderless } from './leaderless';
import { PAGE_BYTES, PAGE_ROWS, type PoolTable, tablesOf, valueOf, writePage } from './pool-tables';

export interface ExportedPool {
  /** Empty: the database has no pool. */
  readonly tables: readonly TableCount[];
  /** The CA and the owner key, by the names of their files. */
  readonly shared: ReadonlyMap<string, string>;
}

/** `databases`: new ones with the schemas of this program. `isDry`: they stay empty. */
export function exportPool(
  target: DatabaseTarget,
  databases: readonly DatabaseSync[],
  isDry: boolean,
): Promise<Result<ExportedPool, LeaderlessFailure>> {
  return whileLeaderless(target, async (leaderless) => {
    if (leaderless.schema === null) return { commits: false, value: { tables: [], shared: new Map<string, string>() } };
    const tables: TableCount[] = [];
    for (const database of databases)
      for (const table of tablesOf(database)) {
        const rows = isDry ? await countOf(leaderless, table) : await copyTable(leaderless, database, table);
        tables.push({ name: table.name, rows });
      }
    const files = await leaderless.query('SELECT name, content FROM shared_files ORDER BY name');
    const shared = new Map(files.map(({ name, content }) => [String(name), String(content)]));
    return { commits: false, value: { tables, shared } };
  });
}

async function countOf(leaderless: Leaderless, { name }: PoolTable): Promise<number> {
  const [row] = await leaderless.query(`SELECT count(*) AS count FROM ${name}`);
  return Number(row?.['count']);
}

/** The number of rows. */
async function copyTable(leaderless: Leaderless, database: DatabaseSync, table: PoolTable): Promise<number> {
  let count = 0;
  for (let after: readonly SqlValue[] | null = null; ;) {
    const rows = await leaderless.query(pageText(table, after !== null), after ?? []);
    const page = rows.map((row) => table.columns.map((column) => valueOf(row[column])));
    const last = rows.at(-1);
    if (last === undefined) return count;
    writePage(database, table, page);
    count += page.length;
    after = table.key.map((column) => valueOf(last[column]));
  }
}

/** The next rows by the key, up to the one that reaches the size of a page. The values: the key of the last row before. */
function pageText({ name, columns, key, sized }: PoolTable, hasBefore: boolean): string {
  const size = ['0', ...sized.map((column) => `coalesce(octet_length(${column}), 0)`)].join(' + ');
  const order = key.join(', ');
  const after = hasBefore ? `WHERE (${order}) > (${key.map((_, index) => `$${String(index + 1)}`).join(', ')})` : '';
  return `SELECT ${columns.join(', ')} FROM (
      SELECT *, coalesce(sum(${size}) OVER (ORDER BY ${order} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS bytes_before
      FROM (SELECT * FROM ${name} ${after} ORDER BY ${order} LIMIT ${String(PAGE_ROWS)}) AS rows) AS sized
    WHERE bytes_before < ${String(PAGE_BYTES)} ORDER BY ${order}`;
}
