// Large requests of the client APIs and floods of chunks: each becomes one job, and the event loop stays free.
import { connect } from 'node:net';
import type { WebSocket } from 'ws';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { accept, readyNode } from '../support/job-pool';
import { ManualClock } from '../support/manual-clock';
import { rawPost, rawRequest } from '../support/raw-post';
import type { TestNode } from '../support/test-node';
import { startTestScheduler, type TestScheduler } from '../support/test-scheduler';
import { withTurns } from '../support/turns';
import { until } from '../support/until';

/** 50 ms on a quiet machine. CPU time doubles when other programs use the caches. */
const LONGEST_TURN_MS = 100;
/** One of three must be within it: a collection of garbage may fall into the longest turn. */
const TIMES = 3;
const MODEL = 'llm-a';
/** No other message to the node is as large. */
const MIN_TASK_BYTES = 100_000;

/** Real time passes too: the scheduler ends a turn by the time that it took. */
class PassingClock extends ManualClock {
  override monotonicMs(): number {
    return super.monotonicMs() + performance.now();
  }
}

let scheduler: TestScheduler;
let node: TestNode;
async function start(): Promise<void> {
  scheduler = await startTestScheduler({ clock: new PassingClock() });
  node = await readyNode(scheduler.url);
}
async function stop(): Promise<void> {
  node.close();
  await scheduler.stop();
}
beforeEach(start);
afterEach(stop);

const turns = (count: number) =>
  Array.from({ length: count }, (_none, at) => ({ role: at % 2 === 0 ? 'user' : 'assistant', content: 'hi' }));
/** 11 MB as JSON. */
const ESCAPES = 'x"'.repeat(3_800_000);
const LETTERS = 'x'.repeat(11_700_000);
const said = (content: string) => [{ role: 'user', content }];
const called = (text: string) => [{ role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'b', input: { text } }] }];

/** `depth` objects around 38,000 names. */
const nested = (depth: number): object => {
  const names = Object.fromEntries(Array.from({ length: 38_000 }, (_none, at) => [`name ${String(at)}`, at]));
  return Array.from({ length: depth }).reduce<object>((inner) => ({ a: inner }), names);
};

interface Handled {
  readonly how: 'assigned' | number;
  readonly longestMs: number;
}

/** Sends a request. `how`: a node gets its job, or the status of the answer. */
async function handle(path: string, body: object): Promise<Handled> {
  // Reading its job would be work of the node, which is in this thread too.
  let assignedBytes = 0;
  node.socket.removeAllListeners('message');
  node.socket.on('message', (data: Buffer) => (assignedBytes = Math.max(assignedBytes, data.length)));
  const bytes = rawRequest(scheduler.port, path, JSON.stringify({ model: MODEL, ...body }));
  let status = 0;
  const { longestMs } = await withTurns(async () => {
    void rawPost(scheduler.port, bytes).then(
      (answer) => (status = answer.status),
      () => undefined,
    );
    await until('the job or the answer', () => assignedBytes > MIN_TASK_BYTES || status !== 0);
  });
  return { how: assignedBytes > MIN_TASK_BYTES ? 'assigned' : status, longestMs };
}

describe('large request -> assigned, or answered, without a long turn', () => {
  test.each<readonly [string, string, () => object, 'assigned' | number]>([
    ['/v1/chat/completions', '11 MB with escapes', () => ({ messages: said(ESCAPES) }), 'assigned'],
    ['/v1/chat/completions', '50 objects around 38,000 names', () => ({ messages: said('hi'), metadata: nested(50) }), 'assigned'],
    ['/v1/messages', '8,000 messages', () => ({ max_tokens: 9, messages: turns(8000) }), 'assigned'],
    ['/v1/messages', '60,000 messages', () => ({ max_tokens: 9, messages: turns(60_000) }), 400],
    ['/v1/messages', '11 MB with escapes', () => ({ max_tokens: 9, messages: said(ESCAPES) }), 'assigned'],
    ['/v1/messages', 'a call of 11 MB', () => ({ max_tokens: 9, messages: called(LETTERS) }), 'assigned'],
    ['/v1/messages/count_tokens', 'a call of 11 MB with escapes', () => ({ messages: called(ESCAPES) }), 200],
    ['/v1/messages/count_tokens', 'a text of 11 MB', () => ({ messages: said(LETTERS) }), 200],
    ['/v1/responses', '11 MB with escapes', () => ({ input: ESCAPES }), 'assigned'],
    ['/api/chat', '11 MB with escapes', () => ({ messages: said(ESCAPES) }), 'assigned'],
    ['/api/chat', '60,000 messages', () => ({ messages: turns(60_000) }), 'assigned'],
  ])('%s: %s', async (path, _name, body, expected) => {
    let handled = await handle(path, body());
    for (let time = 1; time < TIMES && handled.longestMs >= LONGEST_TURN_MS; time++) {
      await stop();
      await start();
      handled = await handle(path, body());
    }
    expect(handled.how).toBe(expected);
    expect(handled.longestMs).toBeLessThan(LONGEST_TURN_MS);
  });
});

const CHUNKS = 5000;

/** All frames in one write, as the library would send them, with a mask of zeros. */
function write({ socket }: TestNode, messages: readonly object[]): void {
  const frames = messages.map((message) => {
    const payload = Buffer.from(JSON.stringify(message));
    const head = payload.length < 126 ? Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]) : Buffer.alloc(8);
    if (payload.length >= 126) {
      head.writeUInt16BE(0x81fe, 0);
      head.writeUInt16BE(payload.length, 2);
    }
    return Buffer.concat([head, payload]);
  });
  (socket as WebSocket & { readonly _socket: { write: (bytes: Buffer) => void } })._socket.write(Buffer.concat(frames));
}

const chunkOf = (at: number) => ({
  id: 'chat-1',
  object: 'chat.completion.chunk',
  created: 1_700_000_000,
  model: MODEL,
  choices: [{ index: 0, delta: { content: ` word ${String(at)}` }, finish_reason: at === CHUNKS - 1 ? 'stop' : null }],
});

describe('5,000 chunks in one read -> the whole stream, without a long turn', () => {
  test.each<readonly [string, object, string]>([
    ['/v1/chat/completions', { messages: said('hi') }, 'data: [DONE]'],
    ['/v1/messages', { max_tokens: 9, messages: said('hi') }, 'message_stop'],
    ['/v1/responses', { input: 'hi' }, 'response.completed'],
    ['/api/chat', { messages: said('hi') }, '"done":true'],
  ])('%s', async (path, body, end) => {
    let text = '';
    const client = connect(scheduler.port, '127.0.0.1').on('data', (data) => (text += data.toString('latin1')));
    client.write(rawRequest(scheduler.port, path, JSON.stringify({ model: MODEL, stream: true, ...body })));
    const { job_id, attempt, trace_id } = await node.until('job_assign');
    accept(node, { job_id, attempt });
    await node.settled();
    const chunks = Array.from({ length: CHUNKS }, (_none, at) => ({ type: 'job_chunk', job_id, attempt, seq: at, data: chunkOf(at) }));
    const output = { status: 200, body: null, chunks: CHUNKS };
    const result = { type: 'job_result', job_id, attempt, node_id: node.nodeId, success: true, output, processing_time_ms: 5, trace_id };
    const { longestMs } = await withTurns(async () => {
      write(node, [...chunks, result]);
      await until('the end of the stream', () => text.includes(end));
    });
    expect(text.match(/ word \d+"/g)?.length).toBeGreaterThanOrEqual(CHUNKS);
    expect(longestMs).toBeLessThan(LONGEST_TURN_MS);
    client.destroy();
  });
});
