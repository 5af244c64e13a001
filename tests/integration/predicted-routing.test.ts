// A request goes to the node that should finish it first: nodes on real sockets that report timings, and requests over HTTP.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { accept, beat, chatOutput, chatTask, jobOf, readyNode, submitted } from '../support/job-pool';
import type { TestNode } from '../support/test-node';
import { startTestScheduler, type TestScheduler } from '../support/test-scheduler';

let scheduler: TestScheduler;
beforeEach(async () => {
  scheduler = await startTestScheduler();
});
afterEach(async () => {
  await scheduler.stop();
});

const PROMPT_TOKENS = 2000;
const ANSWER_TOKENS = 200;
const PROMPT = 'x'.repeat(4 * PROMPT_TOKENS);
/** Prompt and answer, tokens per second. */
const FAST = { prompt: 2000, answer: 100 } as const;
const SLOW = { prompt: 200, answer: 10 } as const;
type Speed = { readonly prompt: number; readonly answer: number };

const task = (start = '') => chatTask(start + PROMPT);

/** The node runs the job at its speed, and reports its timings. */
async function run(node: TestNode, speed: Speed, jobId: string, claim: Speed = speed, cachedTokens = 0): Promise<void> {
  const { job_id, attempt, trace_id } = await node.until('job_assign', (message) => message.job_id === jobId);
  accept(node, { job_id, attempt });
  await node.settled();
  const ms = ({ prompt, answer }: Speed) => ({
    first_token_ms: Math.round(((PROMPT_TOKENS - cachedTokens) / prompt) * 1000),
    decode_ms: Math.round((ANSWER_TOKENS / answer) * 1000),
  });
  const real = ms(speed);
  scheduler.clock.advance(real.first_token_ms + real.decode_ms);
  node.send({
    type: 'job_result',
    job_id,
    attempt,
    node_id: node.nodeId,
    success: true,
    output: chatOutput('x'.repeat(4 * ANSWER_TOKENS)),
    processing_time_ms: real.first_token_ms + real.decode_ms,
    trace_id,
    timings: { ...ms(claim), queue_ms: 0, prompt_tokens: PROMPT_TOKENS, cached_tokens: cachedTokens, completion_tokens: ANSWER_TOKENS },
  });
  await node.settled();
}

async function pool(fastSlots?: number) {
  const fast = await readyNode(scheduler.url, fastSlots === undefined ? {} : { max_concurrent_jobs: fastSlots });
  const slow = await readyNode(scheduler.url);
  return { fast, slow };
}

const nodeOfJob = async (jobId: string) => (await jobOf(scheduler.port, jobId)).attempts[0]?.node_id;

/** Each node runs one request. */
async function warm({ fast, slow }: Awaited<ReturnType<typeof pool>>): Promise<void> {
  for (let i = 0; i < 2; i++) {
    const jobId = await submitted(scheduler.port, { task: task(String(i)) });
    const isFast = (await nodeOfJob(jobId)) === fast.nodeId;
    await run(isFast ? fast : slow, isFast ? FAST : SLOW, jobId);
  }
  await beat(fast);
  await beat(slow);
}

test('fast node with a job, slow node idle -> the fast node; the record says why', async () => {
  const nodes = await pool();
  await warm(nodes);
  const first = await submitted(scheduler.port, { task: task('a') });
  const second = await submitted(scheduler.port, { task: task('b') });
  expect([await nodeOfJob(first), await nodeOfJob(second)]).toEqual([nodes.fast.nodeId, nodes.fast.nodeId]);
  const { prediction } = (await jobOf(scheduler.port, second)).attempts[0] ?? {};
  expect(prediction?.route).toBe('predicted');
  expect(prediction?.nodes.map(({ node_id }) => node_id)).toEqual([nodes.fast.nodeId, nodes.slow.nodeId]);
  const [chosen, next] = prediction?.nodes ?? [];
  expect(chosen?.seconds).toBeLessThan((next?.seconds ?? 0) / 5);
  expect(chosen?.terms.output).toBeGreaterThan(1.5);
  expect(next?.terms.output).toBeGreaterThan(15);
});

test('job held for a full node, and the node disconnects -> the free node gets the job at once', async () => {
  const nodes = await pool(1);
  await warm(nodes);
  await submitted(scheduler.port, { task: task('a') });
  const held = await submitted(scheduler.port, { task: task('b') });
  expect((await jobOf(scheduler.port, held)).waiting?.held?.node.node_id).toBe(nodes.fast.nodeId);
  nodes.fast.socket.terminate();
  await nodes.slow.until('job_assign', ({ job_id }) => job_id === held);
  expect(await nodeOfJob(held)).toBe(nodes.slow.nodeId);
});

test('conversation that goes on -> the node that has its prompt cached', async () => {
  const nodes = await pool();
  await warm(nodes);
  const long = 'y'.repeat(400_000);
  const first = await submitted(scheduler.port, { task: chatTask(long) });
  expect(await nodeOfJob(first)).toBe(nodes.fast.nodeId);
  const again = await submitted(scheduler.port, { task: chatTask(`${long} and more`) });
  const { prediction } = (await jobOf(scheduler.port, again)).attempts[0] ?? {};
  expect(prediction?.nodes[0]).toMatchObject({ node_id: nodes.fast.nodeId });
  expect(prediction?.nodes[0]?.cached_tokens).toBeGreaterThan(50_000);
  expect(prediction?.nodes[1]?.cached_tokens).toBe(0);
});

test('slow node that claims to be fast -> its measured durations count', async () => {
  const { fast: honest, slow: liar } = await pool();
  const taken: (string | undefined)[] = [];
  for (let i = 0; i < 14; i++) {
    const jobId = await submitted(scheduler.port, { task: task(String(i)) });
    const isHonest = (await nodeOfJob(jobId)) === honest.nodeId;
    taken.push(isHonest ? 'honest' : 'liar');
    await run(isHonest ? honest : liar, isHonest ? FAST : SLOW, jobId, isHonest ? FAST : { prompt: 100_000, answer: 5000 });
    await beat(isHonest ? honest : liar);
  }
  expect(taken.slice(-5), taken.join(' ')).toEqual(Array.from({ length: 5 }, () => 'honest'));
});

test('new node in a pool with known rates -> gets the next request, and no second one before it is known', async () => {
  const { fast, slow } = await pool();
  await warm({ fast, slow });
  const added = await readyNode(scheduler.url);
  const jobs: string[] = [];
  for (const name of ['a', 'b', 'c']) jobs.push(await submitted(scheduler.port, { task: task(name) }));
  const nodes = await Promise.all(jobs.map(nodeOfJob));
  expect(nodes).toEqual([added.nodeId, fast.nodeId, fast.nodeId]);
});
