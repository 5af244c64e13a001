// Deadlines of many jobs at one instant.
import { expect, test } from 'vitest';
import type { JobTable } from '../../../../src/main/scheduler/jobs/job-table';
import { JobTimer } from '../../../../src/main/scheduler/jobs/job-timer';
import { DeadlineHeap } from '../../../../src/main/scheduler/lifecycle/deadline-heap';
import { ManualClock } from '../../../support/manual-clock';
import { played } from './job-records';

test('queue times of 250 jobs end at one instant -> all end then, at most 100 in a turn of the event loop', () => {
  const deadlines = new DeadlineHeap();
  let turn = 0;
  const endedInTurn: Record<number, number> = {};
  const table = {
    deadlines,
    get: (jobId: string) => played([], { jobId }),
    apply: (jobId: string) => {
      deadlines.set(jobId, null);
      endedInTurn[turn] = (endedInTurn[turn] ?? 0) + 1;
    },
  } as unknown as JobTable;
  const clock = new ManualClock();
  const setTimer = clock.setTimer.bind(clock);
  clock.setTimer = (delayMs, callback) =>
    setTimer(delayMs, () => {
      turn++;
      callback();
    });
  for (let i = 0; i < 250; i++) deadlines.set(`job-${String(i)}`, 61_000);
  const timer = new JobTimer(table, clock, { exclusionTally: () => ({}), isUnsent: () => false, maxGraceMs: 30_000 });
  timer.update();
  clock.advance(59_999);
  expect(endedInTurn).toEqual({});
  clock.advance(1);
  expect(endedInTurn).toEqual({ 1: 100, 2: 100, 3: 50 });
  expect(clock.pending).toBe(0);
});
