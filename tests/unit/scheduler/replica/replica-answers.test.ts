// Answers of jobs that a replica writes, while leaders change and messages get lost (ADR 0056).
import { afterEach, expect, test } from 'vitest';
import { REPLICA_GRACE_MS } from '../../../../src/main/scheduler/forwarded/followed-jobs';
import { InProcessNetwork } from '../../../../src/main/scheduler/cluster/bus/in-process-network';
import { AnswerCluster, chunkOf, NODE, numbers, streamed } from '../../../support/answer-cluster';
import { chatOutput } from '../../../support/job-pool';
import { until } from '../../../support/until';

let cluster: AnswerCluster | null = null;
afterEach(async () => {
  await cluster?.close();
  cluster = null;
});

async function started(network?: InProcessNetwork): Promise<AnswerCluster> {
  cluster = await new AnswerCluster(network).start();
  return cluster;
}

test('a whole answer -> its body, and the headers of job, node, limits and server', async () => {
  const { leader, url, ...pool } = await started();
  const answer = fetch(`${url}/whole`);
  const job = await cluster?.waiting();
  job?.run(NODE);
  job?.succeed(chatOutput('hello'));
  const response = await answer;
  expect(await response.json()).toEqual(chatOutput('hello').body);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'x-muster-job': 'job-1',
    'x-muster-node': NODE,
    'x-muster-node-name': 'Alpha',
    'x-ratelimit-limit-requests': '9',
    'x-client-request-id': 'c1',
    'content-type': 'application/json; charset=utf-8',
  });
  await until('the count of the answer ends', () => leader.released === 1);
  expect([leader.followed.size, pool.clients.answers.size]).toEqual([0, 0]);
});

test('a stream -> chunks go from replica to replica; its end comes after the last chunk, also when the leader is faster', async () => {
  const pool = await started();
  const { answer, job } = await pool.stream();
  for (let seq = 0; seq < 100; seq++) expect(pool.chunk(job, seq)).toBe(true);
  pool.finish(job, 100);
  const response = await answer;
  expect(response.headers.get('x-muster-node')).toBe(NODE);
  expect(await streamed(response)).toEqual({ texts: numbers(100), last: '[DONE]' });
  await until('counts', () => pool.leader.passed.at(-1)?.count === 100);
  expect(pool.leader.passed[0]).toMatchObject({ jobId: 'job-1', attempt: 1, hasToken: true });
  expect(pool.leader.passed.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(numbers(100).join('').length);
  await until('nothing is left', () => pool.nodes.chunks.size + pool.clients.answers.size + pool.leader.followed.size === 0);
});

test('the leader dies in a stream -> the next one, which has the job, ends it; no chunk is lost or doubled', async () => {
  const pool = await started();
  const { answer, job } = await pool.stream(20);
  const changed = pool.changeLeader([job]);
  for (let seq = 20; seq < 40; seq++) pool.chunk(job, seq);
  await changed;
  await pool.waiting();
  // The node has registered again, and repeats its chunks.
  for (let seq = 0; seq < 60; seq++) pool.chunk(job, seq);
  pool.finish(job, 60);
  expect(await streamed(await answer)).toEqual({ texts: numbers(60), last: '[DONE]' });
});

test('the job has ended at the leader that died -> the next one knows that it has, and the stream is whole', async () => {
  const pool = await started();
  const { answer, job } = await pool.stream(5);
  await until('the answer has begun', async () => (await answer).ok);
  job.listeners.clear();
  pool.finish(job, 5);
  await pool.changeLeader([job]);
  expect(await streamed(await answer)).toEqual({ texts: numbers(5), last: '[DONE]' });
});

test('the next leader does not know the job, and the client has got nothing -> the request is sent again', async () => {
  const pool = await started();
  const answers = [fetch(`${pool.url}/whole`), fetch(`${pool.url}/stream`)];
  await pool.waiting(2);
  await pool.changeLeader([]);
  await pool.waiting(2);
  expect(pool.clients.repeated).toBe(2);
  for (const job of pool.leader.jobs.all) {
    pool.run(job);
    pool.nodes.chunks.seen(NODE, { jobId: job.view.job_id, attempt: 1 });
    job.succeed(chatOutput('hi'));
  }
  expect(await (await answers[0])?.json()).toEqual(chatOutput('hi').body);
  expect((await (await answers[1])?.text())?.endsWith('[DONE]\n\n')).toBe(true);
});

test('the next leader does not know the job, and the client has got a part -> the stream ends with an error', async () => {
  const pool = await started();
  const { answer } = await pool.stream(1);
  await answer;
  await pool.changeLeader([]);
  const { texts, last } = await streamed(await answer);
  expect(texts).toEqual(['0']);
  expect(JSON.parse(last)).toMatchObject({ error: { code: 'stream_broken', muster: { reason: 'attempt_lost' } } });
});

test('the next leader does not know the job, and its node still streams -> the leader adopts it, and the stream is whole', async () => {
  const pool = await started();
  const { answer, job } = await pool.stream(1);
  await answer;
  await pool.changeLeader([], [job]);
  await pool.waiting();
  for (let seq = 1; seq < 9; seq++) pool.chunk(job, seq);
  pool.finish(job, 9);
  expect(await streamed(await answer)).toEqual({ texts: numbers(9), last: '[DONE]' });
});

test('the next leader has the job without its attempt, and the client has got a part -> the stream is whole', async () => {
  const pool = await started();
  const { answer, job } = await pool.stream(1);
  await answer;
  await pool.changeLeader([], [], [job]);
  await pool.waiting();
  for (let seq = 1; seq < 9; seq++) pool.chunk(job, seq);
  pool.finish(job, 9);
  expect(await streamed(await answer)).toEqual({ texts: numbers(9), last: '[DONE]' });
});

test('the next leader has the job without its attempt, and the client has got nothing -> the request is sent again', async () => {
  const pool = await started();
  const answer = fetch(`${pool.url}/whole`);
  const job = await pool.waiting();
  job.run(NODE);
  await pool.changeLeader([], [], [job]);
  const again = await pool.waiting();
  expect(again.view.job_id).not.toBe(job.view.job_id);
  again.run(NODE);
  again.succeed(chatOutput('again'));
  expect(await (await answer).json()).toEqual(chatOutput('again').body);
});

test('the next leader does not know the job, whose end arrived before its last chunks -> the stream is whole', async () => {
  const pool = await started();
  const { answer, job } = await pool.stream(3);
  await answer;
  job.succeed({ status: 200, body: null, chunks: 5 });
  // Records on a channel arrive in order: what comes before an answer has arrived with it.
  const answered = async (count: number): Promise<void> => {
    const whole = fetch(`${pool.url}/whole`);
    const other = await pool.waiting(count);
    other.run(NODE);
    other.succeed(chatOutput('whole'));
    await (await whole).json();
  };
  await answered(2);
  await pool.changeLeader([]);
  await answered(1);
  for (let seq = 3; seq < 5; seq++) pool.chunk(job, seq);
  pool.nodes.chunks.seen(NODE, { jobId: job.view.job_id, attempt: 1 });
  expect(await streamed(await answer)).toEqual({ texts: numbers(5), last: '[DONE]' });
});

test('a job of the former leader is lost with its node, and the client has got nothing -> the request is sent again', async () => {
  const pool = await started();
  const answer = fetch(`${pool.url}/whole`);
  const job = await pool.waiting();
  job.run(NODE);
  await pool.changeLeader([job]);
  await pool.waiting();
  job.end('failed', { code: 'node_lost', message: 'the node was lost', details: null });
  const again = await pool.waiting(2);
  again.run('node-2');
  again.succeed(chatOutput('again'));
  expect(await (await answer).json()).toEqual(chatOutput('again').body);
});

test('the node moves to another replica and repeats its chunks through the leader -> each chunk once', async () => {
  const pool = await started();
  const { answer, job } = await pool.stream(10);
  await answer;
  pool.nodes.chunks.ended(NODE, null);
  expect(pool.chunk(job, 0)).toBe(false);
  for (let seq = 0; seq < 15; seq++) job.chunk(chunkOf(String(seq)), seq);
  job.succeed({ status: 200, body: null, chunks: 15 });
  expect(await streamed(await answer)).toEqual({ texts: numbers(15), last: '[DONE]' });
});

test('a large chunk through the leader -> the end does not overtake it', async () => {
  const pool = await started();
  const { answer, job } = await pool.stream();
  pool.nodes.chunks.ended(NODE, null);
  const large = 'x'.repeat(600_000);
  await until('the end of the stream', () => pool.nodes.chunks.size === 0);
  job.chunk(chunkOf('0'), 0);
  await answer;
  job.chunk(chunkOf(large), 1);
  job.chunk(chunkOf('2'), 2);
  job.succeed({ status: 200, body: null, chunks: 3 });
  const { texts, last } = await streamed(await answer);
  expect([texts.map(({ length }) => length), last]).toEqual([[1, large.length, 1], '[DONE]']);
});

test('an attempt is lost before its first chunk -> the next attempt, and nothing of the first', async () => {
  const pool = await started();
  const { answer, job } = await pool.stream();
  job.lose();
  pool.run(job);
  pool.chunk(job, 0);
  pool.finish(job, 1);
  expect(await streamed(await answer)).toEqual({ texts: ['0'], last: '[DONE]' });
});

test('chunks that are no stream of the path -> refused at the replica of the node, and none reaches the client', async () => {
  const pool = await started();
  const { answer, job } = await pool.stream();
  pool.chunk(job, 0, 'no object');
  await until('the refusal', () => pool.leader.refused.length === 1);
  expect(pool.leader.refused[0]).toMatchObject({ code: 'unreadable_answer', details: { field: 'chunk' } });
  job.lose();
  pool.run(job);
  pool.chunk(job, 0);
  pool.finish(job, 1);
  expect(await streamed(await answer)).toEqual({ texts: ['0'], last: '[DONE]' });
});

test('the client leaves -> its job is cancelled, and its chunks are not read any more', async () => {
  const pool = await started();
  const client = new AbortController();
  const answer = fetch(`${pool.url}/stream`, { signal: client.signal });
  const job = await pool.waiting();
  pool.run(job);
  pool.chunk(job, 0);
  await answer;
  client.abort();
  await until('the cancellation', () => job.cancelReason === 'client_gone');
  await until('nothing is left', () => pool.nodes.chunks.size + pool.clients.answers.size + pool.leader.followed.size === 0);
  expect(pool.leader.released).toBe(1);
});

test('a replica is lost -> its jobs wait for one grace period, then they are cancelled', async () => {
  const pool = await started();
  const answer = fetch(`${pool.url}/whole`).catch(() => null);
  const job = await pool.waiting();
  const channel = pool.leader.links.channelOf(pool.clients.link.replica);
  pool.clients.link.stop();
  await channel?.ended;
  await until('the end of the channel', () => pool.leader.clock.pending > 0);
  pool.leader.clock.advance(REPLICA_GRACE_MS - 1);
  expect(job.cancelReason).toBeNull();
  pool.leader.clock.advance(1);
  expect([job.cancelReason, pool.leader.followed.size, pool.leader.released]).toEqual(['client_gone', 0, 1]);
  await pool.clients.answers.stop();
  await answer;
});

test('access ends -> the client gets an error, and the job is cancelled: revoked at once, expired at the next check', async () => {
  const pool = await started();
  const answers = [fetch(`${pool.url}/whole`), fetch(`${pool.url}/whole`)];
  await pool.waiting(2);
  pool.leader.revoked.add('key_1');
  pool.leader.clock.advance(15_000);
  for (const answer of answers) {
    expect((await answer).status).toBe(401);
  }
  expect(pool.leader.jobs.all.map(({ cancelReason }) => cancelReason)).toEqual(['expired', 'expired']);
  const revoked = fetch(`${pool.url}/whole`);
  await pool.waiting(3);
  pool.leader.followed.closeOf('key_1', 'REVOKED');
  expect([(await revoked).status, pool.leader.jobs.all[2]?.cancelReason]).toEqual([403, 'revoked']);
});

test('a credential that the next leader does not accept -> the answer ends there', async () => {
  const pool = await started();
  const { answer, job } = await pool.stream(1);
  await answer;
  await pool.changeLeader([job]);
  await pool.waiting();
  pool.leader.revoked.add('key_1');
  pool.leader.clock.advance(15_000);
  expect((await streamed(await answer)).texts).toEqual(['0']);
  expect(job.cancelReason).toBe('revoked');
});

test('lost, late and doubled messages -> 20 streams at once, each whole', async () => {
  let seed = 7;
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const delays = (subject: string): readonly number[] => {
    if (!subject.includes('stream.')) return [0];
    if (random() < 0.02) return [];
    return random() < 0.1 ? [0, Math.floor(random() * 5)] : [Math.floor(random() * 3)];
  };
  const pool = await started(new InProcessNetwork(delays));
  const answers = Array.from({ length: 20 }, () => fetch(`${pool.url}/stream`));
  await pool.waiting(20);
  const jobs = [...pool.leader.jobs.all];
  for (const job of jobs) pool.run(job);
  for (let seq = 0; seq < 30; seq++) {
    for (const job of jobs) pool.chunk(job, seq);
    await new Promise((resolve) => setImmediate(resolve));
  }
  for (const job of jobs) pool.finish(job, 30);
  for (const answer of answers) expect(await streamed(await answer)).toEqual({ texts: numbers(30), last: '[DONE]' });
}, 30_000);
