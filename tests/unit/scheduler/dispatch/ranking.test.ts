import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareRanks, compareSpeeds, type Rank, rankOf, speedsOf } from '../../../../src/main/scheduler/dispatch/ranking';
import { aModel, aProfile, aRecord, aUsage } from '../lifecycle/records';

const base = aRecord({
  nodeId: 'b',
  assignedJobs: 1,
  turn: 7,
  usage: aUsage({ gpuPercent: 10, memoryPercent: 10 }),
  lastAssignedAtMonotonicMs: 100,
});

test.each([
  [
    'fewer jobs in flight, a later turn',
    { assignedJobs: 0, turn: 90, usage: aUsage({ gpuPercent: 20, memoryPercent: 20 }), lastAssignedAtMonotonicMs: 900 },
  ],
  ['an earlier turn', { turn: 6, usage: aUsage({ gpuPercent: 20, memoryPercent: 20 }), lastAssignedAtMonotonicMs: 900 }],
  ['an earlier last assignment', { lastAssignedAtMonotonicMs: 99 }],
  ['never assigned', { lastAssignedAtMonotonicMs: null }],
  ['a smaller id, all else being equal', { nodeId: 'a' }],
])('ranking: %s -> first', (_case, overrides) => {
  const better = rankOf({ ...base, ...overrides });
  expect(compareRanks(better, rankOf(base))).toBeLessThan(0);
  expect(compareRanks(rankOf(base), better)).toBeGreaterThan(0);
});

test('ranking: any records -> a total order, equal only for the same node', () => {
  const small = fc.integer({ min: 0, max: 2 });
  const rank: fc.Arbitrary<Rank> = fc.record({
    load: small,
    lastAssignedAtMonotonicMs: fc.constantFrom(-Infinity, 0, 1),
    nodeId: fc.constantFrom('a', 'b', 'c'),
  });
  fc.assert(
    fc.property(rank, rank, rank, (a, b, c) => {
      expect(Math.sign(compareRanks(a, b)) + Math.sign(compareRanks(b, a))).toBe(0);
      if (compareRanks(a, b) <= 0 && compareRanks(b, c) <= 0) expect(compareRanks(a, c)).toBeLessThanOrEqual(0);
      if (compareRanks(a, b) === 0) expect(a).toEqual(b);
    }),
  );
});

test('ranking: load -> jobs, then turns, up to their largest values', () => {
  const load = fc.tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 1e9 }));
  const loadOf = ([assignedJobs, turn]: [number, number]): number => rankOf(aRecord({ assignedJobs, turn })).load;
  fc.assert(
    fc.property(load, load, fc.boolean(), (a, b, sameJobs) => {
      const other: typeof b = [sameJobs ? a[0] : b[0], b[1]];
      const expected = Math.sign(a[0] - other[0] || a[1] - other[1]);
      expect(Math.sign(loadOf(a) - loadOf(other))).toBe(expected);
    }),
  );
});

test('ranking: figures that a node reports -> no effect on the order', () => {
  const figures = fc.record({ cpuPercent: fc.float(), gpuPercent: fc.float(), memoryPercent: fc.float() });
  fc.assert(
    fc.property(figures, (reported) => {
      expect(rankOf(aRecord({ usage: aUsage(reported) }))).toEqual(rankOf(aRecord()));
    }),
  );
});

test.each<readonly [string, number | null, number | null, number]>([
  ['two measured models -> faster first', 80, 50, -1],
  ['measured and not measured -> measured first', 0.1, null, -1],
  ['equal speed -> equal', 50, 50, 0],
  ['neither measured -> equal', null, null, 0],
])('ranking: same load, %s', (_case, one, other, expected) => {
  const speeds = (speed: number | null) => speedsOf(aProfile({ installedModels: [aModel({ tokensPerSecond: speed })] }));
  expect(Math.sign(compareSpeeds(speeds(one), speeds(other), 'nmt-en-zh'))).toBe(expected);
  expect(Math.sign(compareSpeeds(speeds(other), speeds(one), 'nmt-en-zh')) + expected).toBe(0);
});

test('ranking: speed -> counts only for a ready model, and only for that model', () => {
  const installedModels = [
    aModel({ modelId: 'a', tokensPerSecond: 50 }),
    aModel({ modelId: 'b', tokensPerSecond: 60 }),
    aModel({ modelId: 'c', tokensPerSecond: 70, enabled: false }),
    aModel({ modelId: 'd' }),
  ];
  const speeds = speedsOf(aProfile({ installedModels, capabilityState: { a: 'ready', b: 'error', c: 'ready', d: 'ready' } }));
  expect([...speeds]).toEqual([['a', 50]]);
});
