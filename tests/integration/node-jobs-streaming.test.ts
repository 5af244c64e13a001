// Streaming jobs and a scripted scheduler: chunks in order, also after a reconnect, and a reason when they cannot be sent.
import { expect, test } from 'vitest';
import { linkIs, useAgentBench } from '../support/agent-bench';
import { assignOf, resultOf } from '../support/job-bench';
import type { ScriptedConnection } from '../support/scripted-scheduler';
import { StreamRuntime } from '../support/stream-runtime';
import { until } from '../support/until';

const bench = useAgentBench();

const chunksOf = (connection: ScriptedConnection) =>
  connection.received.flatMap((message) => (message.type === 'job_chunk' ? [[message.seq, message.data]] : []));

async function streaming(fields: object = {}) {
  const runtime = new StreamRuntime();
  const agent = await bench().started({ runtimes: [runtime] });
  const connection = await bench().scheduler.connection(0);
  const registration = await connection.accept();
  const task = { kind: 'openai', path: '/v1/chat/completions', body: { model: 'talker', stream: true } };
  connection.send({ ...assignOf('j1', {}, { timeout_seconds: 20, ...fields }), task });
  await connection.next('job_accepted');
  return { runtime, agent, connection, registration };
}

test('runtime beside the model folders -> registered with its models and shown', async () => {
  const { agent, registration } = await streaming();
  expect(registration).toMatchObject({ installed_models: [{ model_id: 'talker', kind: 'llm' }], capability_state: { talker: 'ready' } });
  expect(agent.view()).toMatchObject({
    models: [{ model_id: 'talker', folder: '', runtime_id: 'stream', reason_code: 'loaded' }],
    runtimes: [{ id: 'folders' }, { id: 'stream', state: 'running' }],
    running_jobs: 1,
  });
});

test('interactive job: confirmed before its first chunk, and also when no chunk follows', async () => {
  // `streaming` waits for the confirmation, and the runtime is silent until then.
  const { runtime, connection } = await streaming({ interactive: true });
  expect(chunksOf(connection)).toEqual([]);
  runtime.say('a');
  await until('the first chunk', () => chunksOf(connection).length === 1);
  runtime.finish();
  expect(await resultOf(connection, 'j1')).toMatchObject({ success: true });
});

test('chunks: job streams -> chunks in order, then the result', async () => {
  const { runtime, connection } = await streaming();
  runtime.say({ n: 1 }, { n: 2 });
  runtime.finish();
  expect(await resultOf(connection, 'j1')).toMatchObject({ success: true, output: { status: 200 } });
  expect(connection.received.flatMap(({ type }) => (type.startsWith('job_') ? [type] : []))).toEqual([
    'job_accepted',
    'job_chunk',
    'job_chunk',
    'job_result',
  ]);
  expect(chunksOf(connection)).toEqual([
    [0, { n: 1 }],
    [1, { n: 2 }],
  ]);
});

test('chunks: connection lost -> all sent again on the next connection, in order, before the result', async () => {
  const { runtime, agent, connection } = await streaming();
  runtime.say('a');
  await until('the first chunk', () => chunksOf(connection).length === 1);
  connection.ws.terminate();
  await linkIs(agent, 'reconnecting');
  runtime.say('b');
  runtime.finish();
  bench().clock.advance(1000);
  const next = await bench().scheduler.connection(1);
  expect((await next.accept()).active_jobs).toEqual([{ job_id: 'j1', attempt: 1 }]);
  await resultOf(next, 'j1');
  expect(chunksOf(next)).toEqual([
    [0, 'a'],
    [1, 'b'],
  ]);
  expect(next.received.at(-1)?.type).toBe('job_result');
});

test('chunks: event of several megabytes -> sent as one chunk', async () => {
  const { runtime, connection } = await streaming();
  const image = 'x'.repeat(3_000_000);
  runtime.say('before', image, 'after');
  runtime.finish();
  expect(await resultOf(connection, 'j1')).toMatchObject({ success: true });
  expect(chunksOf(connection)).toEqual([
    [0, 'before'],
    [1, image],
    [2, 'after'],
  ]);
});

test('stream: no client reads -> stopped before it fills the memory, with the reason', async () => {
  const { runtime, agent, connection } = await streaming();
  connection.ws.terminate();
  await linkIs(agent, 'reconnecting');
  const words = 'x'.repeat(100_000);
  for (let said = 0; said < 12; said++) runtime.say(words);
  expect(runtime.context?.signal.aborted).toBe(true);
  bench().clock.advance(1000);
  const next = await bench().scheduler.connection(1);
  await next.accept();
  expect(await resultOf(next, 'j1')).toMatchObject({ success: false, error: { code: 'stream_broken', details: { retryable: true } } });
});

test('stream to be kept: no client reads -> goes on, whole text in the result', async () => {
  const { runtime, agent, connection } = await streaming({ keep_stream: true });
  expect(runtime.context?.keepStream).toBe(true);
  runtime.say('a');
  await until('the first chunk', () => chunksOf(connection).length === 1);
  connection.ws.terminate();
  await linkIs(agent, 'reconnecting');
  const words = Array.from({ length: 12 }, () => 'x'.repeat(100_000));
  runtime.say(...words);
  expect(runtime.context?.signal.aborted).toBe(false);
  const output = { status: 200, body: null, chunks: 13, events: ['a', ...words] };
  runtime.finish(output);
  bench().clock.advance(1000);
  const next = await bench().scheduler.connection(1);
  await next.accept();
  expect(await resultOf(next, 'j1')).toMatchObject({ success: true, output });
  expect(chunksOf(next)).toEqual([]);
});

test('runtime: does not stop -> abandoned after ten seconds, slot free', async () => {
  const { runtime, agent, connection } = await streaming();
  const never = new Promise<never>(() => undefined);
  runtime.run = (_task, context) => {
    runtime.context = context;
    return never;
  };
  const task = { kind: 'openai', path: '/v1/completions', body: { model: 'talker' } };
  connection.send({ type: 'job_assign', job_id: 'j2', attempt: 1, task, required_models: [], timeout_seconds: 5, trace_id: 't' });
  await until('both jobs to run', () => agent.view().running_jobs === 2);
  bench().clock.advance(5000);
  bench().clock.advance(10_000);
  expect(await resultOf(connection, 'j2')).toMatchObject({ success: false, error: { code: 'timeout' } });
  await until('one job to be left', () => agent.view().running_jobs === 1);
  expect(bench().lines.map(({ event }) => event)).toContain('job_left_behind');
});
