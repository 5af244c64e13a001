// A store with two small tables for the contract of `Store`: `things`, and `parts` with a key of two columns.
import { beforeEach, expect } from 'vitest';
import type { Insert, Row, SqlValue, Statement, Store } from '../../../src/main/scheduler/database/store';
import type { StoreEngine, TestDatabase } from './store-engine';

export const WRITTEN = { ok: true, value: null };

export const sql = (text: string, ...values: SqlValue[]): Statement => ({ text, values });

/** Rows of `things`: id, number. */
export const things = (rows: readonly (readonly [string, number])[], onConflict?: Insert['onConflict']): Insert => ({
  into: 'things',
  columns: ['id', 'number'],
  rows,
  ...(onConflict === undefined ? {} : { onConflict }),
});

export interface Things {
  readonly database: TestDatabase;
  readonly store: Store;
  read(text: string, ...values: SqlValue[]): Promise<readonly Row[]>;
  /** All of `things`: id, number. */
  numbers(): Promise<readonly unknown[]>;
  reopen(): Promise<void>;
}

/** New for each test of the suite that calls it. */
export function useThings({ types, open }: StoreEngine): Things {
  let opened: TestDatabase | null = null;
  let store: Store | null = null;

  function present<Part>(part: Part | null): Part {
    if (part === null) throw new Error('no test runs');
    return part;
  }

  beforeEach(async () => {
    opened = await open();
    store = opened.store;
    const { text, integer, bytes } = types;
    const columns = `id ${text} PRIMARY KEY, number ${integer}, note ${text}, body ${bytes}`;
    const parts = `owner ${text} NOT NULL, place ${integer} NOT NULL, note ${text}, PRIMARY KEY (owner, place)`;
    expect(await store.write([sql(`CREATE TABLE things (${columns})`), sql(`CREATE TABLE parts (${parts})`)])).toEqual(WRITTEN);
  });

  const read = (text: string, ...values: SqlValue[]): Promise<readonly Row[]> => present(store).read({ text, values });
  return {
    get database() {
      return present(opened);
    },
    get store() {
      return present(store);
    },
    read,
    numbers: async () => (await read('SELECT id, number FROM things ORDER BY id')).map((row) => [row['id'], row['number']]),
    reopen: async () => {
      store = await present(opened).reopen();
    },
  };
}
