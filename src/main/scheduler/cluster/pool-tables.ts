// The tables of a pool in its SQLite files, which are those of a cluster's database, too. Rows are read and written in pages, because a
// single result can have 16 MB.
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { SqlValue } from '../database/store';

export interface PoolTable {
  readonly name: string;
  readonly columns: readonly string[];
  /** The columns of the primary key, in its order. */
  readonly key: readonly string[];
  /** Columns with text or bytes, which decide about the size of a page. */
  readonly sized: readonly string[];
}

export type TableRow = readonly SqlValue[];

/** A page ends with the row that reaches one of these limits. */
export const PAGE_ROWS = 500;
export const PAGE_BYTES = 4 * 1024 * 1024;

export function tablesOf(database: DatabaseSync): readonly PoolTable[] {
  const names = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name").all();
  return names.map(({ name }) => {
    const columns = database.prepare('SELECT name, type, pk FROM pragma_table_info(?) ORDER BY cid').all(String(name));
    const nameOf = (column: (typeof columns)[number]): string => String(column['name']);
    return {
      name: String(name),
      columns: columns.map(nameOf),
      key: columns
        .filter(({ pk }) => Number(pk) > 0)
        .toSorted((one, other) => Number(one['pk']) - Number(other['pk']))
        .map(nameOf),
      sized: columns.filter(({ type }) => type !== 'INTEGER').map(nameOf),
    };
  });
}

export const countRows = (database: DatabaseSync, { name }: Pick<PoolTable, 'name'>): number =>
  Number(database.prepare(`SELECT count(*) AS count FROM ${name}`).get()?.['count']);

/** All rows by their key. */
export function* readPages(database: DatabaseSync, { name, columns, key }: PoolTable): Generator<readonly TableRow[]> {
  let page: TableRow[] = [];
  let bytes = 0;
  const order = key.join(', ');
  for (const row of database.prepare(`SELECT ${columns.join(', ')} FROM ${name} ORDER BY ${order}`).iterate()) {
    const values = columns.map((column) => valueOf(row[column]));
    page.push(values);
    bytes += values.reduce<number>((sum, value) => sum + sizeOf(value), 0);
    if (page.length < PAGE_ROWS && bytes < PAGE_BYTES) continue;
    yield page;
    page = [];
    bytes = 0;
  }
  if (page.length > 0) yield page;
}

/** One transaction. */
export function writePage(database: DatabaseSync, { name, columns }: PoolTable, page: readonly TableRow[]): void {
  const insert = database.prepare(`INSERT INTO ${name} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`);
  database.exec('BEGIN IMMEDIATE');
  for (const row of page) insert.run(...(row as readonly SQLInputValue[]));
  database.exec('COMMIT');
}

/** Of a row of a driver: texts, numbers, bytes and null. */
export function valueOf(value: unknown): SqlValue {
  if (value === null || typeof value === 'string' || typeof value === 'number' || value instanceof Uint8Array) return value;
  throw new TypeError(`a column has a value of the type ${typeof value}`);
}

function sizeOf(value: SqlValue): number {
  if (value instanceof Uint8Array) return value.byteLength;
  return typeof value === 'string' ? value.length : 8;
}
