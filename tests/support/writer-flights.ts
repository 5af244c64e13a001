// The job writer over a store whose commits the test answers.
import type { JobBatch, JobStore } from '../../src/main/scheduler/jobs/job-store';
import { JobWriter } from '../../src/main/scheduler/jobs/job-writer';
import { silentLogger } from '../../src/main/platform/logger';
import { fail, ok } from '../../src/shared/result';
import { played } from '../unit/scheduler/jobs/job-records';
import { ManualClock } from './manual-clock';
import { microtasksDone } from './microtasks';

export const FULL = { isFull: true, reason: 'disk full' };

/** `+job` is an insert, with its task; `job status` a change; `!` after it has a result. */
const textOf = ({ inserts, changes }: JobBatch): string =>
  [
    ...inserts.map(({ job, task }) => `+${job.facts.jobId} ${job.state.status} ${task}`),
    ...changes.map(({ job, result }) => `${job.facts.jobId} ${job.state.status}${result === null ? '' : '!'}`),
  ].join(', ');

export function flights() {
  const clock = new ManualClock();
  const begun: string[] = [];
  const unanswered: ((written: Awaited<ReturnType<JobStore['commit']>>) => void)[] = [];
  const events: string[] = [];
  let deferred: (() => void)[] = [];
  const writer = new JobWriter({
    store: {
      commit: (batch) =>
        new Promise((resolve) => {
          begun.push(textOf(batch));
          unanswered.push(resolve);
        }),
    },
    clock,
    logger: silentLogger,
    defer: (callback) => deferred.push(callback),
    onDurable: (changes) => events.push(...changes.map(({ record }) => `durable ${record.facts.jobId} ${record.status}`)),
    onRecovered: () => events.push('recovered'),
    keepsAnswers: true,
  });
  const answer = async (isOk = true): Promise<void> => {
    const resolve = unanswered.shift();
    if (resolve === undefined) throw new Error('no commit waits for its outcome');
    resolve(isOk ? ok(null) : fail(FULL));
    await microtasksDone();
  };
  return {
    writer,
    clock,
    begun,
    events,
    /** Whether a commit waits for its outcome. */
    isWriting: () => unanswered.length > 0,
    answer,
    /** Ends the turn of the event loop. */
    turn: async (): Promise<void> => {
      const callbacks = deferred;
      deferred = [];
      for (const callback of callbacks) callback();
      await microtasksDone();
    },
    wait: (jobId: string, what = `written ${jobId}`) => {
      writer.whenDurable(jobId, () => events.push(what));
    },
    insert: (jobId: string, task = '{}') => {
      void writer
        .insert(played([], { jobId }), task, null)
        .then((written) => events.push(`${written.ok ? 'accepted' : 'refused'} ${jobId}`));
    },
    /** Also `flush` and `close`, which resolve without a value. */
    noted: (pending: Promise<unknown>, what: string) => {
      void pending.then((value) => events.push(typeof value !== 'boolean' ? what : `${what} ${String(value)}`));
    },
  };
}
