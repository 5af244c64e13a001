// A new leader learns of the clients that wait at a replica: thousands of them, in a few records that arrive together.
import { expect, it, vi } from 'vitest';
import { FollowedJobs, type FollowedJobsOptions } from '../../../../src/main/scheduler/forwarded/followed-jobs';
import { ANSWER_WAITING } from '../../../../src/main/scheduler/replica/core/answer-records';
import { ManualClock } from '../../../support/manual-clock';
import { CHANNEL_ENDS, MemoryChannel } from '../../../support/memory-channel';
import { TurnCounts } from '../../../support/turn-counts';

const RECORDS = 5;
const NAMED = 100;
const MOST_IN_ONE_TURN = 150;

const jobIdOf = (n: number): string => `job-${String(n)}`;
const jobIds = Array.from({ length: RECORDS * NAMED }, (_, n) => jobIdOf(n));
const waitingOf = (jobId: string) => ({ job_id: jobId, holder: null, streams: true, job: null });

function newLeader() {
  const turns = new TurnCounts();
  const claimed: string[] = [];
  const cancelled: string[] = [];
  const followed = new FollowedJobs({
    jobs: { follow: () => () => undefined, cancel: (jobId: string) => Promise.resolve(cancelled.push(jobId)) },
    clients: {
      claim: (jobId: string) => {
        turns.count();
        claimed.push(jobId);
        return () => undefined;
      },
    },
    pool: {},
    clock: new ManualClock(),
    busyTimeoutMs: () => Infinity,
    isValid: () => true,
  } as unknown as FollowedJobsOptions);
  const attach = (): MemoryChannel => {
    const channel = new MemoryChannel('replica', () => undefined);
    followed.attach(channel.ofLeader);
    return channel;
  };
  return { followed, turns, claimed, cancelled, attach };
}

/** As a channel does: one record after the other. */
async function tellAll(channel: MemoryChannel, named: readonly string[]): Promise<void> {
  for (let at = 0; at < named.length; at += NAMED) {
    const jobs = named.slice(at, at + NAMED).map(waitingOf);
    await channel.deliver(ANSWER_WAITING, { jobs, is_all: at + NAMED >= named.length });
  }
}

it('many clients wait at a replica -> their jobs are claimed in turns of the event loop', async () => {
  const { followed, turns, claimed, cancelled, attach } = newLeader();
  await tellAll(attach(), jobIds);
  turns.stop();
  expect(claimed).toEqual(jobIds);
  expect(turns.most).toBeLessThan(MOST_IN_ONE_TURN);
  const next = attach();
  await tellAll(next, jobIds.slice(1));
  expect([cancelled, followed.size]).toEqual([[jobIdOf(0)], jobIds.length - 1]);
});

it.each(CHANNEL_ENDS)('%s meanwhile -> the rest is not claimed on it', async (_title, ends) => {
  const { followed, claimed, attach } = newLeader();
  const channel = attach();
  const delivered = tellAll(channel, jobIds);
  await vi.waitFor(() => {
    expect(claimed.length).toBeGreaterThan(0);
  });
  ends(channel, followed);
  const before = claimed.length;
  await delivered;
  expect(before).toBeLessThan(jobIds.length);
  expect(claimed).toHaveLength(before);
});
