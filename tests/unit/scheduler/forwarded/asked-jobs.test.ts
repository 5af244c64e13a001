// A client of a stream returns, and its job is not in memory: the new leader asks the store whether the job has ended, before the job goes on.
import { expect, it } from 'vitest';
import { FollowedJobs, type FollowedJobsOptions } from '../../../../src/main/scheduler/forwarded/followed-jobs';
import { ANSWER_CANCEL, ANSWER_CLOSED, ANSWER_WAITING } from '../../../../src/main/scheduler/replica/core/answer-records';
import { jobView } from '../../../support/job-views';
import { ManualClock } from '../../../support/manual-clock';
import { CHANNEL_ENDS, MemoryChannel } from '../../../support/memory-channel';
import { microtasksDone } from '../../../support/microtasks';

const job = jobView({ job_id: 'job-1', status: 'running' });

function newLeader() {
  const reads: ((job: null) => void)[] = [];
  const adopted: string[] = [];
  const sent: string[] = [];
  const followed = new FollowedJobs({
    jobs: { follow: () => () => undefined, get: () => new Promise((resolve) => reads.push(resolve)) },
    clients: {
      claim: () => null,
      // Once: then the job is known.
      adopt: () => (adopted.push(job.job_id) === 1 ? () => undefined : null),
    },
    pool: {},
    clock: new ManualClock(),
    busyTimeoutMs: () => Infinity,
    isValid: () => true,
  } as unknown as FollowedJobsOptions);
  /** The client returns on a new channel. */
  const returns = async (): Promise<MemoryChannel> => {
    const channel = new MemoryChannel('replica', (type) => sent.push(type));
    followed.attach(channel.ofLeader);
    await channel.deliver(ANSWER_WAITING, { jobs: [{ job_id: job.job_id, holder: null, streams: true, job }], is_all: true });
    return channel;
  };
  /** The store answers the first of all open reads. */
  const answer = async (): Promise<void> => {
    reads.shift()?.(null);
    await microtasksDone();
  };
  return { followed, adopted, sent, returns, answer };
}

it('the job is not stored -> it goes on for its client', async () => {
  const { followed, adopted, sent, returns, answer } = newLeader();
  await returns();
  expect(adopted).toEqual([]);
  await answer();
  expect([adopted, followed.size, sent]).toEqual([['job-1'], 1, []]);
});

it.each<readonly [string, (channel: MemoryChannel, followed: FollowedJobs) => Promise<void> | void]>([
  [
    'the client leaves',
    async (channel) => {
      await channel.deliver(ANSWER_CANCEL, { job_id: 'job-1', reason: 'client_gone' });
      await channel.deliver(ANSWER_CLOSED, { job_id: 'job-1' });
    },
  ],
  [
    'the client leaves, and only its cancellation has arrived',
    async (channel) => {
      await channel.deliver(ANSWER_CANCEL, { job_id: 'job-1', reason: 'client_gone' });
    },
  ],
  ...CHANNEL_ENDS,
])('%s before the store answers -> the job does not go on', async (_title, ends) => {
  const { followed, adopted, returns, answer } = newLeader();
  await ends(await returns(), followed);
  await answer();
  expect([adopted, followed.size]).toEqual([[], 0]);
});

it('the client returns on a further channel before the store answers -> the job goes on there, once', async () => {
  const { followed, adopted, sent, returns, answer } = newLeader();
  (await returns()).cut();
  await returns();
  await answer();
  await answer();
  expect([adopted, followed.size, sent]).toEqual([['job-1'], 1, []]);
});
