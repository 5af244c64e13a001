// When finished jobs are removed, over a store that takes its time.
import { expect, it } from 'vitest';
import { JobPruning } from '../../../../src/main/scheduler/jobs/job-pruning';
import type { JobStore } from '../../../../src/main/scheduler/jobs/job-store';
import { fail, ok } from '../../../../src/shared/result';
import { ManualClock } from '../../../support/manual-clock';
import { microtasksDone } from '../../../support/microtasks';
import { KeptLog } from '../../../support/test-scheduler';

type Pruned = Awaited<ReturnType<JobStore['prune']>>;

function slowPruning() {
  const clock = new ManualClock();
  const logger = new KeptLog();
  const running: { readonly resolve: (pruned: Pruned) => void; readonly reject: (error: Error) => void }[] = [];
  let begun = 0;
  const store: Pick<JobStore, 'prune'> = {
    prune: () => {
      begun++;
      return new Promise((resolve, reject) => running.push({ resolve, reject }));
    },
  };
  const retention = { keepMs: 1, leastKeepMs: 0, maxFinished: 1, maxBytes: 1, keyMs: 1 };
  const pruning = new JobPruning({ store, retention, clock, logger });
  const end = async (pruned: Pruned | Error): Promise<void> => {
    const one = running.shift();
    if (pruned instanceof Error) one?.reject(pruned);
    else one?.resolve(pruned);
    await microtasksDone();
  };
  const ended: string[] = [];
  const noted = (pending: Promise<void>, name: string): void => {
    void pending.then(() => ended.push(name));
  };
  return { pruning, clock, logger, end, ended, noted, begun: () => begun };
}

it('pruning: more may be due -> again soon; nothing left -> a minute later; never two at once', async () => {
  const { clock, end, begun } = slowPruning();
  await clock.advanceInTurns(250);
  await clock.advanceInTurns(120_000);
  expect(begun()).toBe(1);
  await end(ok(5));
  await clock.advanceInTurns(250);
  expect(begun()).toBe(2);
  await end(ok(0));
  await clock.advanceInTurns(59_999);
  expect(begun()).toBe(2);
  await clock.advanceInTurns(1);
  expect(begun()).toBe(3);
});

it('pruning: asked for while one runs -> waits for that one; nothing was left a moment ago -> at once', async () => {
  const { pruning, clock, end, ended, noted, begun } = slowPruning();
  noted(pruning.now(), 'one');
  noted(pruning.now(), 'two');
  await microtasksDone();
  expect([begun(), ended]).toEqual([1, []]);
  await end(ok(0));
  noted(pruning.now(), 'three');
  await microtasksDone();
  expect([begun(), ended]).toEqual([1, ['one', 'two', 'three']]);
  await clock.advanceInTurns(250);
  noted(pruning.now(), 'four');
  expect(begun()).toBe(2);
});

it('pruning: the database fails, by a value or an error -> logged, tried again a minute later', async () => {
  const { clock, logger, end, begun } = slowPruning();
  await clock.advanceInTurns(250);
  await end(new Error('no connection'));
  await clock.advanceInTurns(60_000);
  await end(fail({ isFull: true, reason: 'disk full' }));
  expect(begun()).toBe(2);
  expect(logger.of('job_store_write_failed')).toEqual([{ reason: 'no connection' }, { reason: 'disk full' }]);
});

it('pruning: stopped while one runs -> waits for that one, so that its store is still open; none after it', async () => {
  const { pruning, clock, end, ended, noted, begun } = slowPruning();
  await clock.advanceInTurns(250);
  noted(pruning.stop(), 'stopped');
  await microtasksDone();
  expect(ended).toEqual([]);
  await end(ok(500));
  expect(ended).toEqual(['stopped']);
  await clock.advanceInTurns(600_000);
  await pruning.now();
  expect([begun(), clock.pending]).toEqual([1, 0]);
});
