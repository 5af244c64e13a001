// Requests and messages that are cheap to send and expensive to parse, validate or keep. Each is refused with its field, stops the event
// loop for a short time only, and leaves no memory behind. The first ones stopped or killed an earlier scheduler.
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import type { JobAccepted, JobList } from '../../src/shared/api/job';
import { sendRequest } from '../support/http-api';
import { submission } from '../support/job-pool';
import { type RawAnswer, rawPost, rawRequest } from '../support/raw-post';
import { heartbeat, registration, TestNode } from '../support/test-node';
import { startTestScheduler, type TestScheduler } from '../support/test-scheduler';
import { withTurns } from '../support/turns';
import { until } from '../support/until';

/** 50 ms on a quiet machine. CPU time doubles when other programs use the caches. */
const LONGEST_TURN_MS = 100;
const MAX_GROWTH_BYTES = 300 * 1024 * 1024;

let scheduler: TestScheduler;
beforeEach(async () => {
  scheduler = await startTestScheduler();
});
afterEach(async () => {
  await scheduler.stop();
});

const requestBytes = (path: string, body: string, headers: Readonly<Record<string, string>> = {}): Buffer =>
  rawRequest(scheduler.port, path, body, headers);
const post = (bytes: Buffer): Promise<RawAnswer> => rawPost(scheduler.port, bytes);

const repeated = (text: string, bytes: number): string => Array.from({ length: Math.floor(bytes / (text.length + 1)) }, () => text).join();
const numbered = (count: number, entry: (i: number) => string): string => Array.from({ length: count }, (_, i) => entry(i)).join();
const chat = (rest: string): string => `{"model":"x",${rest}}`;
const command = (params: string): string => `{"task":{"kind":"command","model_id":"x","input":"","params":{${params}}}}`;
const TOO_COMPLEX = 'too many values, names or objects';
const BIG = 11_700_000;

describe('request that is too complex -> 400 with the reason, event loop free', () => {
  test.each([
    ['messages of {}', '/v1/chat/completions', () => chat(`"messages":[${repeated('{}', BIG)}]`)],
    ['messages of []', '/v1/chat/completions', () => chat(`"messages":[${repeated('[]', BIG)}]`)],
    ['700,000 wrong params', '/api/v1/jobs', () => command(numbered(700_000, (i) => `"k${String(i)}":null`))],
    ['700,000 right params', '/api/v1/jobs', () => command(numbered(700_000, (i) => `"k${String(i)}":1`))],
    ['900,000 names', '/v1/chat/completions', () => chat(numbered(900_000, (i) => `"k${String(i)}":1`))],
    ['2,000,000 short strings', '/v1/embeddings', () => chat(`"input":[${repeated('"ab"', BIG)}]`)],
    ['5,000,000 numbers', '/v1/embeddings', () => chat(`"input":[${repeated('1', BIG)}]`)],
    ['white space', '/v1/embeddings', () => chat(`"input":${' '.repeat(BIG)}""`)],
    ['half surrogate pairs', '/v1/embeddings', () => chat(`"input":"${'\\ud800'.repeat(1_900_000)}"`)],
  ])('%s', async (_title, path, body) => {
    const bytes = requestBytes(path, body(), path === '/api/v1/jobs' ? { 'Idempotency-Key': 'k' } : {});
    const { value, longestMs } = await withTurns(async () => {
      const [answer, health] = await Promise.all([post(bytes), sendRequest(scheduler.port, { path: '/healthz' })]);
      expect(health.status).toBe(200);
      return answer;
    });
    expect(value.status).toBe(400);
    expect(value.text).toContain(TOO_COMPLEX);
    expect(longestMs).toBeLessThan(LONGEST_TURN_MS);
  });
});

describe('request within the bounds -> first fault only, event loop free', () => {
  test.each([
    ['wrong messages', '/v1/chat/completions', () => chat(`"messages":[${numbered(100_000, () => '{}')}]`), 400, 'messages[0].role'],
    ['wrong params', '/api/v1/jobs', () => command(numbered(40_000, (i) => `"k${String(i)}":null`)), 400, 'task.params'],
    ['unknown names', '/api/v1/jobs', () => `{${numbered(40_000, (i) => `"k${String(i)}":1`)}}`, 400, '"reason"'],
    [
      'names in a body',
      '/v1/chat/completions',
      () => chat(`"messages":[],${numbered(40_000, (i) => `"k${String(i)}":1`)}`),
      400,
      'messages',
    ],
    ['quotes in a text', '/v1/embeddings', () => chat(`"input":"${'\\"'.repeat(5_800_000)}"`), 404, 'model_not_found'],
    ['a text of 11 MB', '/v1/embeddings', () => chat(`"input":"${'x'.repeat(BIG)}"`), 404, 'model_not_found'],
  ])('%s', async (_title, path, body, status, text) => {
    const bytes = requestBytes(path, body());
    const { value, longestMs } = await withTurns(() => post(bytes));
    expect(value.status).toBe(status);
    expect(value.text).toContain(text);
    expect(value.text.length).toBeLessThan(4000);
    expect(longestMs).toBeLessThan(LONGEST_TURN_MS);
  });

  test('large submission with an Idempotency-Key -> accepted twice as one job', async () => {
    const messages = Array.from({ length: 40_000 }, (_, i) => ({ role: 'user', content: `text ${String(i)}` }));
    const task = { kind: 'openai' as const, path: '/v1/chat/completions' as const, body: { model: 'x', messages } };
    const bytes = requestBytes('/api/v1/jobs', JSON.stringify(submission({ task })), { 'Idempotency-Key': 'letter' });
    const { value, longestMs } = await withTurns(async () => [await post(bytes), await post(bytes)]);
    const ids = value.map(({ text }) => /"job_id":"([^"]+)"/.exec(text)?.[1]);
    expect(value.map(({ status }) => status)).toEqual([202, 202]);
    expect(ids[0]).toBe(ids[1]);
    expect(longestMs).toBeLessThan(LONGEST_TURN_MS);
  });

  test('largest task, retried twice at once -> one new job', async () => {
    const messages = [{ role: 'user', content: '中'.repeat(BIG / 3) }];
    const task = { kind: 'openai' as const, path: '/v1/chat/completions' as const, body: { model: 'x', messages } };
    const sent = await post(requestBytes('/api/v1/jobs', JSON.stringify(submission({ task }))));
    const { job_id: jobId } = JSON.parse(sent.text.slice(sent.text.indexOf('{'))) as JobAccepted;
    expect((await sendRequest(scheduler.port, { path: `/api/v1/jobs/${jobId}`, method: 'DELETE' })).status).toBe(200);
    const retry = () => sendRequest(scheduler.port, { path: `/api/v1/jobs/${jobId}/retry`, method: 'POST' });
    const { value, longestMs } = await withTurns(() => Promise.all([retry(), retry()]));
    const [first, second] = value.map((answer) => answer.json() as JobAccepted);
    expect(first).toMatchObject({ status: 'queued' });
    expect(second).toEqual(first);
    expect(longestMs).toBeLessThan(LONGEST_TURN_MS);
    const { jobs } = (await sendRequest(scheduler.port, { path: '/api/v1/jobs' })).json() as JobList;
    expect(jobs.map(({ job_id: id }) => id)).toEqual([first?.job_id, jobId]);
  });
});

/** A frame as the library sends it, with a mask of zeros: the client need not change the bytes. */
function frameBytes(payload: Buffer, announced = payload.length): Buffer {
  const head = Buffer.alloc(14);
  head.writeUInt8(0x81, 0);
  head.writeUInt8(0x80 | 127, 1);
  head.writeBigUInt64BE(BigInt(announced), 2);
  return Buffer.concat([head, payload]);
}

const rawSocket = (node: TestNode): Socket => (node.socket as WebSocket & { readonly _socket: Socket })._socket;
/** A node that has a job, as it says: it may send large frames. */
const nodeWithJob = (): Promise<TestNode> => TestNode.registered(scheduler.url, { active_jobs: [{ job_id: 'j', attempt: 1 }] });

describe('message of a node', () => {
  const withField = (name: string, json: string): Buffer =>
    frameBytes(Buffer.from(`${JSON.stringify(heartbeat('mine')).slice(0, -1)},"${name}":${json}}`));

  test.each([
    ['5,000,000 GPUs of {}', 'gpus', () => `[${repeated('{}', 15_900_000)}]`, TOO_COMPLEX],
    ['5,000,000 models of {}', 'installed_models', () => `[${repeated('{}', 15_900_000)}]`, TOO_COMPLEX],
    ['800,000 states', 'capability_state', () => `{${numbered(800_000, (i) => `"m${String(i)}":"ready"`)}}`, TOO_COMPLEX],
    ['100,000 GPUs of {}', 'gpus', () => `[${numbered(100_000, () => '{}')}]`, 'expected at most 64 entries'],
    ['30,000 states', 'capability_state', () => `{${numbered(30_000, (i) => `"m${String(i)}":"bad"`)}}`, 'more than 1024 models'],
  ])('%s -> INVALID_MESSAGE, event loop free', async (_title, name, json, reason) => {
    const node = await nodeWithJob();
    const bytes = withField(name, json());
    const { value, longestMs } = await withTurns(async () => {
      rawSocket(node).write(bytes);
      return node.until('node_error');
    });
    expect(value.code).toBe('INVALID_MESSAGE');
    expect(value.details?.reason).toContain(reason);
    expect(longestMs).toBeLessThan(LONGEST_TURN_MS);
  });

  test('over 1 MiB from a node without jobs -> closed with 1009', async () => {
    const node = await TestNode.registered(scheduler.url);
    rawSocket(node).write(frameBytes(Buffer.alloc(2 * 1024 * 1024, 'x'), 15_900_000));
    expect(await node.closed).toBe(1009);
  });

  test('largest registration and heartbeat -> accepted', async () => {
    const models = Array.from({ length: 1024 }, (_, i) => ({
      enabled: true,
      model_id: `model-${String(i)}`.padEnd(256, 'x'),
      kind: 'llm' as const,
      version: '1',
    }));
    const node = await TestNode.registered(scheduler.url);
    node.send(registration({ node_id: node.nodeId, installed_models: models }));
    await node.until('node_register_ack');
    node.send(heartbeat(node.nodeId, { installed_models: models }));
    await node.settled();
    expect(node.received.filter(({ type }) => type === 'node_error')).toEqual([]);
  });

  test('half a message -> closed with 4011 after 10 s, logged; pongs do not count', async () => {
    const half = await nodeWithJob();
    const idle = await TestNode.registered(scheduler.url);
    rawSocket(half).write(frameBytes(Buffer.alloc(200_000, 'x'), 15_900_000));
    // The nodes answer the pings of the scheduler in the meantime.
    await until('the half message to be given up', () => {
      scheduler.clock.advance(500);
      return half.socket.readyState === half.socket.CLOSED;
    });
    expect(await half.closed).toBe(4011);
    expect(idle.socket.readyState).toBe(idle.socket.OPEN);
    expect(scheduler.log.of('limit_reached')).toMatchObject([{ limit: 'message_seconds' }]);
  });

  test('24 half messages of 16 MB -> the largest are closed with 1013 beyond 256 MB, memory bounded', async () => {
    const before = process.memoryUsage().rss;
    const half = frameBytes(Buffer.alloc(15_000_000, 'x'), 15_900_000);
    const nodes = await Promise.all(Array.from({ length: 24 }, nodeWithJob));
    for (const node of nodes) rawSocket(node).write(half);
    await until('the budget to be used up', () => scheduler.log.of('limit_reached').length > 0);
    expect(scheduler.log.of('limit_reached')[0]).toMatchObject({ limit: 'unfinished_bytes', from: '127.0.0.1' });
    const health = await sendRequest(scheduler.port, { path: '/healthz' });
    expect(health.status).toBe(200);
    expect(process.memoryUsage().rss - before).toBeLessThan(MAX_GROWTH_BYTES + 100 * 1024 * 1024);
    scheduler.clock.advance(10_500);
    expect(new Set(await Promise.all(nodes.map((node) => node.closed)))).toEqual(new Set([1013, 4011]));
  });
});

test('turns: a loop of 200 ms is seen', async () => {
  const { longestMs } = await withTurns(async () => {
    await Promise.resolve();
    const end = performance.now() + 200;
    while (performance.now() < end);
  });
  expect(longestMs).toBeGreaterThan(20);
});
