// Results that a scheduler would not take in one frame: told as failures with the numbers, so that no socket is closed for them,
// again and again.
import path from 'node:path';
import { expect, test } from 'vitest';
import { linkIs, useAgentBench } from '../support/agent-bench';
import { assignOf, resultOf, writeCommandModel } from '../support/job-bench';
import { StreamRuntime } from '../support/stream-runtime';
import { until } from '../support/until';

const bench = useAgentBench();
const LIMIT_BYTES = 65_536;
const tooLarge = (bytes: unknown) => ({
  success: false,
  error: { code: 'output_too_large', details: { bytes, limit_bytes: LIMIT_BYTES, retryable: false } },
});

/** Registered with a scheduler that takes frames of this size; absent: it does not say. */
async function registered(maxMessageBytes?: number) {
  const runtime = new StreamRuntime();
  writeCommandModel(path.join(bench().folder, 'models'), 'lines', { argv: ['/bin/sh', '-c', 'yes | head -c 100000'] });
  const agent = await bench().started({ runtimes: [runtime] });
  const connection = await bench().scheduler.connection(0);
  await connection.accept(maxMessageBytes === undefined ? {} : { max_message_bytes: maxMessageBytes });
  const reconnect = async (maxBytes: number) => {
    connection.ws.terminate();
    await linkIs(agent, 'reconnecting');
    bench().clock.advance(1000);
    const next = await bench().scheduler.connection(1);
    await next.accept({ max_message_bytes: maxBytes });
    return next;
  };
  return { runtime, connection, reconnect };
}
const stream = { kind: 'openai', path: '/v1/chat/completions', body: { model: 'talker', stream: true } };

test('a result larger than the scheduler takes is told as too large, with its size and the limit', async () => {
  const { connection } = await registered(LIMIT_BYTES);
  connection.send(assignOf('j1', { model_id: 'lines' }));
  expect(await resultOf(connection, 'j1')).toMatchObject(tooLarge(expect.any(Number)));
  connection.send({ type: 'job_result_ack', job_id: 'j1', attempt: 1 });
  connection.send(assignOf('j2', { model_id: 'lines', input: 'again' }));
  await resultOf(connection, 'j2');
  expect(connection.closeCode).toBeNull();
});

test('a result that waits when the scheduler comes back with a smaller limit is told as too large', async () => {
  const { connection, reconnect } = await registered();
  connection.send(assignOf('j1', { model_id: 'lines' }));
  expect(await resultOf(connection, 'j1')).toMatchObject({ success: true });
  expect(await resultOf(await reconnect(LIMIT_BYTES), 'j1')).toMatchObject({ ...tooLarge(expect.any(Number)), trace_id: 'trace-j1' });
});

test('an event larger than the scheduler takes ends its stream', async () => {
  const { runtime, connection } = await registered(LIMIT_BYTES);
  connection.send({ ...assignOf('j1'), task: stream });
  await until('the stream', () => runtime.context);
  runtime.say('before', 'x'.repeat(LIMIT_BYTES));
  expect(runtime.context?.signal.aborted).toBe(true);
  expect(await resultOf(connection, 'j1')).toMatchObject(tooLarge(LIMIT_BYTES + 64));
  expect(connection.received.flatMap((message) => (message.type === 'job_chunk' ? [message.data] : []))).toEqual(['before']);
});
