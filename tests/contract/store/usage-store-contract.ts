// The table of usage: counts that add up, and the days that are removed.
import { beforeEach, expect, test } from 'vitest';
import type { Store } from '../../../src/main/scheduler/database/store';
import { NOTHING } from '../../../src/main/scheduler/usage/core/usage-counts';
import type { CountedRow } from '../../../src/main/scheduler/usage/core/usage-day';
import { UsageStore } from '../../../src/main/scheduler/usage/usage-store';
import { USAGE_DAYS } from '../../../src/shared/api/usage';
import type { StoreEngine } from './store-engine';
import { WRITTEN } from './things';

const TODAY = 20_000;
const aRow = (id: string, counts: Partial<CountedRow['counts']>, part: Partial<CountedRow> = {}): CountedRow => ({
  kind: 'key',
  id,
  model: 'm',
  ...part,
  counts: { ...NOTHING, ...counts },
});

export function usageStoreContract({ open }: StoreEngine): void {
  let store: Store;
  let usage: UsageStore;

  beforeEach(async () => {
    ({ store } = await open());
    usage = new UsageStore(store);
  });

  const write = async (day: number, rows: readonly CountedRow[], today = TODAY): Promise<void> => {
    expect(await usage.write([{ day, rows }], today)).toEqual(WRITTEN);
  };
  const agesOf = async (): Promise<readonly number[]> => {
    const rows = await store.read({ text: 'SELECT DISTINCT day FROM usage ORDER BY day', values: [] });
    return rows.map((row) => TODAY - Number(row['day']));
  };

  test('counts -> added to the row of their day, kind, id and model; the others stay', async () => {
    const all = Object.fromEntries(Object.keys(NOTHING).map((name, index) => [name, index + 1]));
    await write(TODAY, [aRow('k1', all), aRow('k2', { requests: 1 }), aRow('k1', { requests: 5 }, { model: '模型' })]);
    await write(TODAY, [aRow('k1', { ...all, gpuMs: 9_000_000_000_000 }), aRow('', { refused: 1 })]);
    await write(TODAY - 1, [aRow('k1', { requests: 9 }), aRow('k1', { requests: 9 }, { kind: 'node' })]);
    const found = new Map((await usage.rowsOf(TODAY, 'key')).map(({ id, model, counts }) => [`${id} ${model}`, counts]));
    const twice = Object.fromEntries(Object.entries(all).map(([name, count]) => [name, count * 2]));
    expect(found).toEqual(
      new Map([
        ['k1 m', { ...twice, gpuMs: 9_000_000_000_000 + Number(all['gpuMs']) }],
        ['k2 m', { ...NOTHING, requests: 1 }],
        ['k1 模型', { ...NOTHING, requests: 5 }],
        [' m', { ...NOTHING, refused: 1 }],
      ]),
    );
    expect(await usage.rowsOf(TODAY - 1, 'node')).toEqual([aRow('k1', { requests: 9 }, { kind: 'node' })]);
    expect(await usage.rowsOf(TODAY, 'node')).toEqual([]);
  });

  test('many rows of several days in one write -> all of them, again -> all added', async () => {
    const rows = Array.from({ length: 333 }, (_, index) => aRow(`k${String(index)}`, { requests: index }));
    const days = [0, 1, 2].map((age) => ({ day: TODAY - age, rows }));
    for (let times = 1; times <= 2; times++) {
      expect(await usage.write(days, TODAY)).toEqual(WRITTEN);
      for (const { day } of days) {
        const stored = await usage.rowsOf(day, 'key');
        expect(stored.length).toBe(333);
        expect(stored.reduce((sum, { counts }) => sum + counts.requests, 0)).toBe((times * 333 * 332) / 2);
      }
    }
  });

  test('places of a day and the first day -> as stored; empty -> none; a table that cannot be read -> no places', async () => {
    expect([await usage.firstDay(), await usage.placesOf(TODAY)]).toEqual([null, []]);
    await write(TODAY, [aRow('k1', { requests: 1 })]);
    await write(TODAY - 3, [aRow('n1', { requests: 1 }, { kind: 'node', model: '*' })]);
    expect([await usage.firstDay(), await usage.placesOf(TODAY - 3)]).toEqual([TODAY - 3, [{ kind: 'node', id: 'n1', model: '*' }]]);
    await store.write([{ text: 'DROP TABLE usage', values: [] }]);
    expect(await usage.placesOf(TODAY)).toEqual([]);
  });

  test('days of more than a year before -> the two oldest go with each write', async () => {
    const ages = [1, USAGE_DAYS - 1, USAGE_DAYS, USAGE_DAYS + 1, USAGE_DAYS + 2];
    // A clock that is a year back keeps them all.
    for (const age of ages) await write(TODAY - age, [aRow('k1', { requests: 1 })], TODAY - USAGE_DAYS);
    await write(TODAY, [aRow('k1', { requests: 1 })]);
    expect(await agesOf()).toEqual([USAGE_DAYS, USAGE_DAYS - 1, 1, 0]);
    await write(TODAY, [aRow('k1', { requests: 1 })]);
    expect(await agesOf()).toEqual([USAGE_DAYS - 1, 1, 0]);
  });

  test('no use on the two days before today -> the clock may be ahead, and no day is removed', async () => {
    for (const age of [400, 10, 3]) await write(TODAY - age, [aRow('k1', { requests: 1 })], TODAY - 400);
    await write(TODAY, [aRow('k1', { requests: 1 })]);
    expect(await agesOf()).toEqual([400, 10, 3, 0]);
  });
}
