// The table of the history of the pool.
import { beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import type { Store } from '../../../src/main/scheduler/database/store';
import { type HistoryChange, HistoryTable } from '../../../src/main/scheduler/history/history-store';
import type { StoreEngine } from './store-engine';
import { WRITTEN } from './things';

const schema = z.object({ name: z.string() });
const row = (kind: string, atWallMs: number, name: string) => ({ kind, atWallMs, record: { name } });

export function historyTableContract({ open }: StoreEngine): void {
  let store: Store;
  let history: HistoryTable;

  beforeEach(async () => {
    ({ store } = await open());
    history = new HistoryTable(store);
  });

  const write = async (change: Partial<HistoryChange>): Promise<void> => {
    expect(await history.write({ save: [], expire: [], ...change })).toEqual(WRITTEN);
  };
  const namesOf = async (kind: string): Promise<readonly string[]> => (await history.load(kind, schema)).rows.map(({ name }) => name);

  test('rows of several kinds -> read by kind, oldest first; written again -> replaced', async () => {
    await write({ save: [row('15', 1_700_000_015_000.4, 'c'), row('15', 1_700_000_000_000, 'b'), row('300', 0, 'other')] });
    await write({ save: [row('15', 1_700_000_015_000, 'd'), row('15', -5, 'a')] });
    expect([await namesOf('15'), await namesOf('300'), await namesOf('none')]).toEqual([['a', 'b', 'd'], ['other'], []]);
  });

  test('expired rows of a kind -> removed after the rows of the write; those of other kinds stay', async () => {
    await write({ save: [row('15', 1, 'a'), row('15', 2, 'b'), row('300', 1, 'other'), row('stopped', 0, 'stop')] });
    const expire = [
      { kind: '15', beforeWallMs: 2 },
      { kind: 'stopped', beforeWallMs: Infinity },
    ];
    await write({ save: [row('15', 0, 'too old'), row('15', 3, 'c')], expire });
    expect([await namesOf('15'), await namesOf('300'), await namesOf('stopped')]).toEqual([['b', 'c'], ['other'], []]);
  });

  test('rows that cannot be read -> counted', async () => {
    await write({ save: [row('15', 1, 'a'), { kind: '15', atWallMs: 2, record: { name: 5 } }] });
    await store.write([{ text: 'INSERT INTO pool_history (kind, at, record) VALUES (?, ?, ?)', values: ['15', 3, 'not JSON'] }]);
    expect(await history.load('15', schema)).toEqual({ rows: [{ name: 'a' }], unreadable: 2 });
  });
}
