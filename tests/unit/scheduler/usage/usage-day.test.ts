import { expect, test } from 'vitest';
import { OTHER, USAGE_LIMITS, UsageDay, type UsageKind, type UsagePlace } from '../../../../src/main/scheduler/usage/core/usage-day';
import { NOTHING } from '../../../../src/main/scheduler/usage/core/usage-counts';

const at = (id: string, model = 'm', kind: UsageKind = 'key'): UsagePlace => ({ kind, id, model });
const many = <Value>(length: number, valueAt: (i: number) => Value): Value[] => Array.from({ length }, (_, i) => valueAt(i));

test('equal places -> one row with the sums; taken -> begins again', () => {
  const day = new UsageDay([]);
  day.add(at('k1'), { requests: 1, outputTokens: 5 });
  day.add(at('k1'), { requests: 1, failed: 1, gpuMs: 20 });
  day.add(at('k1', 'other'), { requests: 1 });
  day.add(at('k1', 'm', 'node'), { requests: 1 });
  expect(day.take()).toEqual([
    { kind: 'key', id: 'k1', model: 'm', counts: { ...NOTHING, requests: 2, failed: 1, outputTokens: 5, gpuMs: 20 } },
    { kind: 'key', id: 'k1', model: 'other', counts: { ...NOTHING, requests: 1 } },
    { kind: 'node', id: 'k1', model: 'm', counts: { ...NOTHING, requests: 1 } },
  ]);
  expect(day.take()).toEqual([]);
});

test.each(['key', 'node'] as const)('%s: more ids than a day may have -> the later ones are one row, known ones go on', (kind) => {
  const { ids } = USAGE_LIMITS[kind];
  const day = new UsageDay([]);
  for (let i = 0; i < ids + 50; i++) day.add(at(`id-${String(i)}`, 'm', kind), { requests: 1 });
  day.add(at('id-0', 'm', kind), { requests: 1 });
  const rows = day.take();
  expect(rows).toHaveLength(ids + 1);
  expect(rows.find(({ id }) => id === OTHER)).toMatchObject({ model: OTHER, counts: { requests: 50 } });
  expect(rows.find(({ id }) => id === 'id-0')?.counts.requests).toBe(2);
});

test('more models than a day may have -> the later ones are one row of their key, and the limits hold after a restart', () => {
  const { rows: most } = USAGE_LIMITS.key;
  const stored = many(most, (i) => at('k1', `model-${String(i)}`));
  const day = new UsageDay(stored);
  day.add(at('k1', 'model-3'), { requests: 1 });
  for (let i = 0; i < 20; i++) day.add(at('k2', `new-${String(i)}`), { requests: 1 });
  const rows = day.take();
  expect(rows.map(({ id, model, counts }) => [id, model, counts.requests])).toEqual([
    ['k1', 'model-3', 1],
    ['k2', OTHER, 20],
  ]);
});

test('any mix of ids and models -> no more rows than the limits, and no request is lost', () => {
  const day = new UsageDay([]);
  const requests = 5000;
  for (let i = 0; i < requests; i++) day.add(at(`id-${String(i % 311)}`, `model-${String(i % 97)}`), { requests: 1 });
  const rows = day.take();
  expect(rows.length).toBeLessThanOrEqual(USAGE_LIMITS.key.rows + USAGE_LIMITS.key.ids + 1);
  expect(rows.reduce((sum, { counts }) => sum + counts.requests, 0)).toBe(requests);
});
