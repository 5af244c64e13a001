// Results larger than the frames of the scheduler: sent as failures with the numbers. Otherwise the scheduler would close
// the socket at each attempt to deliver the result.
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

/** Registered with a scheduler that accepts frames of this size. Absent: the scheduler names no size. */
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

test('result: larger than the limit of the scheduler -> too large, with size and limit', async () => {
  const { connection } = await registered(LIMIT_BYTES);
  connection.send(assignOf('j1', { model_id: 'lines' }));
  expect(await resultOf(connection, 'j1')).toMatchObject(tooLarge(expect.any(Number)));
  connection.send({ type: 'job_result_ack', job_id: 'j1', attempt: 1 });
  connection.send(assignOf('j2', { model_id: 'lines', input: 'again' }));
  await resultOf(connection, 'j2');
  expect(connection.closeCode).toBeNull();
});

test('result: limit lowered by a scheduler restart -> too large', async () => {
  const { connection, reconnect } = await registered();
  connection.send(assignOf('j1', { model_id: 'lines' }));
  expect(await resultOf(connection, 'j1')).toMatchObject({ success: true });
  expect(await resultOf(await reconnect(LIMIT_BYTES), 'j1')).toMatchObject({ ...tooLarge(expect.any(Number)), trace_id: 'trace-j1' });
});

test('event of a stream: larger than the limit of the scheduler -> stream ends', async () => {
  const { runtime, connection } = await registered(LIMIT_BYTES);
  connection.send({ ...assignOf('j1'), task: stream });
  await until('the stream', () => runtime.context);
  runtime.say('before', 'x'.repeat(LIMIT_BYTES));
  expect(runtime.context?.signal.aborted).toBe(true);
  expect(await resultOf(connection, 'j1')).toMatchObject(tooLarge(LIMIT_BYTES + 64));
  expect(connection.received.flatMap((message) => (message.type === 'job_chunk' ? [message.data] : []))).toEqual(['before']);
});
