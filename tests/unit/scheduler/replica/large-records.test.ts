// Large records of answers between the leader and a replica: they wait until the channel takes them, and what waits is bounded.
import { afterEach, expect, test } from 'vitest';
import type { Channel } from '../../../../src/main/scheduler/cluster/channel/channel';
import { AnswerCluster, chunkOf, NODE } from '../../../support/answer-cluster';
import { chatOutput } from '../../../support/job-pool';
import type { MemoryJob } from '../../../support/memory-jobs';
import { until } from '../../../support/until';

const LARGE = 1_000_000;

let cluster: AnswerCluster | null = null;
afterEach(async () => {
  await cluster?.close();
  cluster = null;
});

async function started(): Promise<AnswerCluster> {
  cluster = await new AnswerCluster().start();
  return cluster;
}

/** The sizes of large bodies that were sent on the channel, and whether it was full. */
function largeOn(channel: Channel | null): { readonly bytes: number; readonly isFull: boolean }[] {
  if (channel === null) throw new Error('no channel');
  const sent: { bytes: number; isFull: boolean }[] = [];
  const send = channel.send.bind(channel);
  channel.send = (type, head, body) => {
    if (body !== undefined && body.length > LARGE) sent.push({ bytes: body.length, isFull: channel.isFull });
    send(type, head, body);
  };
  return sent;
}

/** Four clients ask, and the node runs their jobs. Then the texts of their answers. */
async function askFour(pool: AnswerCluster, path: string): Promise<() => Promise<readonly string[]>> {
  const answers = Array.from({ length: 4 }, () => fetch(`${pool.url}${path}`));
  await pool.waiting(4);
  const jobs: readonly MemoryJob[] = pool.leader.jobs.all;
  for (const job of jobs) job.run(NODE);
  return () => {
    for (const job of jobs) job.succeed(chatOutput('x'.repeat(LARGE)));
    return Promise.all(answers.map(async (answer) => (await answer).text()));
  };
}

test('several large results at once -> each is sent when the channel takes it, since 64 MB that wait would end the channel', async () => {
  const pool = await started();
  const sent = largeOn(pool.leader.links.channelOf(pool.clients.link.replica));
  const answered = await askFour(pool, '/whole');
  for (const text of await answered()) expect(text.length).toBeGreaterThan(LARGE);
  expect(sent.map(({ isFull }) => isFull)).toEqual([false, false, false, false]);
});

test('large responses that the leader keeps, while it reads nothing -> they wait, and the leader has each before it forgets the answer', async () => {
  const pool = await started();
  const { channel, replica } = pool.clients.link;
  const sent = largeOn(channel);
  const { promise: reads, resolve: read } = Promise.withResolvers<undefined>();
  pool.leader.links.channelOf(replica)?.on('stop', () => reads);
  const answered = await askFour(pool, '/noted');
  channel?.send('stop', null);
  channel?.send('other', null, new Uint8Array(LARGE));
  for (const text of await answered()) expect(text.length).toBeGreaterThan(LARGE);
  expect([channel?.isFull, sent.length]).toEqual([true, 0]);
  read(undefined);
  await until('the leader to forget the answers', () => pool.leader.followed.size === 0);
  expect(pool.leader.noted.map((response) => JSON.stringify(response).length > LARGE)).toEqual([true, true, true, true]);
  expect(sent.map(({ isFull }) => isFull)).toEqual([false, false, false, false]);
});

test('chunks for a replica that does not name its job -> above 8 MB the job is cancelled', async () => {
  const { leader } = await started();
  const job = await leader.submit('lost');
  leader.followed.dataOf(leader.answerOf(job, { streams: true }), 'lost', {});
  job.run(NODE);
  for (let chunk = 0; chunk < 4; chunk++) job.chunk(chunkOf('x'.repeat(LARGE)));
  expect([job.cancelReason, leader.followed.size]).toEqual([null, 1]);
  job.chunk(chunkOf('x'.repeat(LARGE)));
  expect([job.cancelReason, leader.followed.size, leader.released, job.listeners.size]).toEqual(['client_gone', 0, 1, 0]);
});
