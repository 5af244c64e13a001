import { expect, test } from 'vitest';
import { addCounts, NOTHING, type UsageCounts } from '../../../../src/main/scheduler/usage/core/usage-counts';
import { type CountedRow, NO_KEY, OTHER } from '../../../../src/main/scheduler/usage/core/usage-day';
import { kindOf, type SumQuery, UsageSum } from '../../../../src/main/scheduler/usage/core/usage-sum';
import { dayOf, MAX_USAGE_ROWS, USAGE_DAYS, type UsageRow } from '../../../../src/shared/api/usage';

const DAY = 20_000;
const row = (id: string, model: string, counts: Partial<UsageCounts>): CountedRow => ({
  kind: 'key',
  id,
  model,
  counts: addCounts(NOTHING, { requests: 1, ...counts }),
});
const sumOf = (query: Partial<SumQuery>, rows: readonly (readonly [day: number, CountedRow])[]): UsageSum => {
  const sum = new UsageSum({ by: 'day', first: DAY, last: DAY + 6, id: undefined, model: undefined, ...query });
  for (const [day, one] of rows) sum.add(day, one);
  return sum;
};
const nameOf = (id: string): string | null => (id === 'k9' ? null : `name of ${id}`);

function rowsOf(sum: UsageSum): readonly UsageRow[] {
  const parts = sum.rows(nameOf);
  for (;;) {
    const next = parts.next();
    if (next.done === true) return next.value;
  }
}

const ROWS = [
  [DAY, row('k1', 'a', { outputTokens: 10, promptTokens: 5, cachedTokens: 4 })],
  [DAY, row('k2', 'a', { outputTokens: 100, gpuMs: 1250 })],
  [DAY + 2, row('k1', 'b', { outputTokens: 1, failed: 1 })],
  [DAY + 2, row(NO_KEY, 'b', { cancelled: 1 })],
  [DAY + 2, row(OTHER, OTHER, { promptTokens: 999 })],
] as const;

test.each([
  [
    'day',
    [
      [dayOf(DAY), null, 115],
      [dayOf(DAY + 2), null, 1000],
    ],
  ],
  [
    'key',
    [
      [null, 'k2', 100],
      [null, 'k1', 16],
      [null, null, 0],
      [null, null, 999],
    ],
  ],
  [
    'model',
    [
      [null, 'a', 115],
      [null, 'b', 1],
      [null, null, 999],
    ],
  ],
  [
    'day,key',
    [
      [dayOf(DAY), 'k2', 100],
      [dayOf(DAY), 'k1', 15],
      [dayOf(DAY + 2), 'k1', 1],
      [dayOf(DAY + 2), null, 0],
      [dayOf(DAY + 2), null, 999],
    ],
  ],
  [
    'day,model',
    [
      [dayOf(DAY), 'a', 115],
      [dayOf(DAY + 2), 'b', 1],
      [dayOf(DAY + 2), null, 999],
    ],
  ],
] as const)('by %s -> the rows by day, the most tokens first, the rest last', (by, expected) => {
  const rows = rowsOf(sumOf({ by }, ROWS));
  expect(rows.map(({ day, id, prompt_tokens: prompt, output_tokens: output }) => [day, id, prompt + output])).toEqual(expected);
});

test('total -> all figures, with tenths of a second', () => {
  expect(sumOf({ by: 'model' }, ROWS).total).toEqual({
    requests: 5,
    failed: 1,
    cancelled: 1,
    prompt_tokens: 1004,
    cached_tokens: 4,
    output_tokens: 111,
    gpu_seconds: 1.3,
    estimated: 0,
    refused: 0,
  });
});

test('only a key or a model -> other rows do not count', () => {
  expect(sumOf({ id: 'k1' }, ROWS).total.requests).toBe(2);
  expect(sumOf({ id: 'k1', model: 'b' }, ROWS).total).toMatchObject({ requests: 1, failed: 1 });
  expect(sumOf({ id: NO_KEY }, ROWS).total).toMatchObject({ requests: 1, cancelled: 1 });
});

test('names: of keys; a key that is gone has none, nor has a model, the rest, or no key', () => {
  const rows = rowsOf(sumOf({ by: 'key' }, [...ROWS, [DAY, row('k9', 'a', {})]]));
  expect(rows.map(({ id, name, rest }) => [id, name, rest])).toEqual([
    ['k2', 'name of k2', false],
    ['k1', 'name of k1', false],
    [null, null, false],
    ['k9', null, false],
    [null, null, true],
  ]);
  expect(rowsOf(sumOf({ by: 'model' }, ROWS)).map(({ name }) => name)).toEqual([null, null, null]);
});

test('a year of many keys -> no more rows than the limit, the smallest keys are the rest, the sum stays', () => {
  const rows = Array.from({ length: USAGE_DAYS }, (_, day) => day).flatMap((day) =>
    Array.from({ length: 40 }, (_, key) => [DAY + day, row(`k${String(key)}`, 'm', { outputTokens: key })] as const),
  );
  const sum = sumOf({ by: 'day,key', last: DAY + USAGE_DAYS - 1 }, rows);
  const found = rowsOf(sum);
  expect(found.length).toBeLessThanOrEqual(MAX_USAGE_ROWS);
  expect(found.reduce((total, { output_tokens: tokens }) => total + tokens, 0)).toBe(sum.total.output_tokens);
  expect(found[0]).toMatchObject({ day: dayOf(DAY), id: 'k39', rest: false });
  expect(found.filter(({ rest }) => rest)).toHaveLength(USAGE_DAYS);
});

test('a year of distinct keys -> the thousand largest and the rest, in several turns', () => {
  const keys = Array.from({ length: 30_000 }, (_, i) => (i * 7919) % 30_000);
  const sum = sumOf({ by: 'key' }, [...keys.map((size) => [DAY, row(`k${String(size)}`, 'm', { outputTokens: size })] as const), ...ROWS]);
  const parts = sum.rows(nameOf);
  for (let turn = 0; turn < 3; turn++) expect(parts.next().done).toBe(false);
  const rows = rowsOf(sum);
  expect(rows.map(({ id }) => id)).toEqual([...Array.from({ length: 1000 }, (_, i) => `k${String(29_999 - i)}`), null]);
  expect(rows.reduce((total, { requests }) => total + requests, 0)).toBe(sum.total.requests);
});

test.each([
  ['day', undefined, 'key'],
  ['model', undefined, 'key'],
  ['key', undefined, 'key'],
  ['node', undefined, 'node'],
  ['day,node', undefined, 'node'],
  ['day,model', 'node-1', 'node'],
] as const)('by %s of node %s -> the counts by %s', (by, nodeId, kind) => {
  expect(kindOf(by, nodeId)).toBe(kind);
});
