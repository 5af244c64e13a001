import { expect, test } from 'vitest';
import { lossMarks, withMarks } from '../../../../../src/main/scheduler/history/core/marks';
import { MAX_MARKS, type PoolMark } from '../../../../../src/shared/api/pool-history';

const WEEK_MS = 7 * 24 * 3_600_000;
const markAt = (at: number): PoolMark => ({ kind: 'mass_loss', at, lost: 3, of: 4 });
const site = { nodeId: 'node-a', name: 'lab', online: false };

test('marks: none added and none too old -> the same list', () => {
  const marks = [markAt(1)];
  expect(withMarks(marks, [], 5)).toBe(marks);
});

test('marks: one added while one becomes too old -> the new one alone', () => {
  expect(withMarks([markAt(1)], [markAt(WEEK_MS + 5)], WEEK_MS + 5)).toEqual([markAt(WEEK_MS + 5)]);
});

test('marks: more than the limit -> the newest', () => {
  const marks = withMarks(
    [],
    Array.from({ length: MAX_MARKS + 20 }, (_, at) => markAt(at)),
    MAX_MARKS + 20,
  );
  expect([marks.length, marks[0]?.at]).toEqual([MAX_MARKS, 20]);
});

test.each([
  ['lost', { nodeLost: 2, drained: 0, quarantined: 0 }, false, [['lost', 2]]],
  ['connected again without its jobs', { nodeLost: 2, drained: 0, quarantined: 0 }, true, [['restarted', 2]]],
  [
    'drain and quarantine',
    { nodeLost: 0, drained: 1, quarantined: 3 },
    true,
    [
      ['drain_timeout', 1],
      ['quarantined', 3],
    ],
  ],
] as const)('marks: jobs of a node that is %s -> cause and number', (_name, lost, online, expected) => {
  expect(lossMarks({ ...site, online }, lost, 7)).toEqual(
    expected.map(([cause, jobs]) => ({ kind: 'jobs_lost', at: 7, node_id: 'node-a', name: 'lab', cause, jobs })),
  );
});
