// Timings over real sockets: from scripted model servers and a command, through a node, to the scheduler that gets the result.
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/main/platform/clock';
import { HttpRuntime } from '../../src/main/runtimes/http/http-runtime';
import { linkIs, useAgentBench } from '../support/agent-bench';
import { useRuntimeBench } from '../support/http-runtime-bench';
import { assignOf, resultOf, SHOUT, writeCommandModel } from '../support/job-bench';
import type { ScriptedConnection } from '../support/scripted-scheduler';
import { openLlamaCpp } from '../support/stand-ins/llama-cpp';
import { openOllama } from '../support/stand-ins/ollama';
import { CHAT_TOKENS, chatAnswer, chatChunks, embeddingAnswer, sse, startStream } from '../support/stand-ins/openai-answers';
import { type Handler, StandIn } from '../support/stand-ins/stand-in';
import { until } from '../support/until';

const bench = useAgentBench();
const servers = useRuntimeBench();

const PACE_MS = 20;
/** Under load a timer is late, and never early by more than its rounding. */
const LEAST_DECODE_MS = (CHAT_TOKENS.length - 1) * (PACE_MS - 1);
const TIMINGS = { cache_n: 30, prompt_n: 12, prompt_ms: 40.25, predicted_n: 5, predicted_ms: 80.5, predicted_per_second: 62.1 };

const anyMs = expect.any(Number) as number;

/** Streams these events one after the other. */
const paced =
  (events: readonly object[]): Handler =>
  (_asked, response) => {
    startStream(response);
    const rest = events.map(sse);
    const next = (): void => {
      const event = rest.shift();
      if (event === undefined) response.end('data: [DONE]\n\n');
      else response.write(event, () => setTimeout(next, PACE_MS));
    };
    next();
    return undefined;
  };

const MODELS: Handler = () => ({ body: { object: 'list', data: [{ id: 'm', object: 'model' }] } });
const open = (routes: Readonly<Record<string, Handler>>) => servers.use(StandIn.open({ routes: { 'GET /v1/models': MODELS, ...routes } }));

/** A connected node that serves the models of this server. */
async function nodeWith(standIn: StandIn | null): Promise<ScriptedConnection> {
  const runtimes =
    standIn === null
      ? []
      : [new HttpRuntime({ url: standIn.url, named: true, apiKeyFile: null, clock: systemClock, maxOutputBytes: 1_000_000 })];
  const clock = systemClock;
  const agent = await bench().started({ runtimes, clock });
  const connection = await bench().scheduler.connection(0);
  await connection.accept();
  await linkIs(agent, 'connected');
  if (standIn !== null) await until('the probe', () => agent.view().models.length > 0);
  return connection;
}

async function timingsOf(connection: ScriptedConnection, body: object, taskPath = '/v1/chat/completions') {
  connection.send({ ...assignOf('j1'), task: { kind: 'openai', path: taskPath, body: { model: 'm', ...body } } });
  const result = await resultOf(connection, 'j1');
  expect(result.success).toBe(true);
  return { timings: result.timings, result };
}

describe('stream', () => {
  test('server with timings -> its own figures', async () => {
    const events = chatChunks.map((event, i) => (i === chatChunks.length - 1 ? { ...event, timings: TIMINGS } : event));
    const connection = await nodeWith(await open({ 'POST /v1/chat/completions': paced(events) }));
    expect((await timingsOf(connection, { stream: true })).timings).toEqual({
      queue_ms: anyMs,
      first_token_ms: 40.3,
      prompt_tokens: 42,
      cached_tokens: 30,
      completion_tokens: 5,
      decode_ms: 80.5,
    });
  });

  test('server with usage -> its tokens and measured times', async () => {
    const events = [
      ...chatChunks,
      { choices: [], usage: { prompt_tokens: 3, completion_tokens: 50, prompt_tokens_details: { cached_tokens: 2 } } },
    ];
    const connection = await nodeWith(await open({ 'POST /v1/chat/completions': paced(events) }));
    const { timings } = await timingsOf(connection, { stream: true, stream_options: { include_usage: true } });
    expect(timings).toEqual({
      queue_ms: anyMs,
      first_token_ms: anyMs,
      prompt_tokens: 3,
      cached_tokens: 2,
      completion_tokens: 50,
      decode_ms: anyMs,
    });
    expect(timings?.first_token_ms).toBeGreaterThanOrEqual(PACE_MS - 1);
    expect(timings?.decode_ms).toBeGreaterThanOrEqual(LEAST_DECODE_MS);
  });

  test('server without figures -> number of events and measured times', async () => {
    const connection = await nodeWith(await open({ 'POST /v1/chat/completions': paced(chatChunks) }));
    const { timings, result } = await timingsOf(connection, { stream: true });
    expect(timings).toEqual({ queue_ms: anyMs, first_token_ms: anyMs, completion_tokens: CHAT_TOKENS.length, decode_ms: anyMs });
    const parts = [timings?.queue_ms, timings?.first_token_ms, timings?.decode_ms].map((ms) => ms ?? 0);
    expect(parts.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(result.processing_time_ms + 1);
  });

  test('Ollama, client without usage -> usage requested, its event not passed on', async () => {
    const standIn = await servers.use(openOllama({ loaded: true, paceMs: PACE_MS }));
    const connection = await nodeWith(standIn);
    const { timings, result } = await timingsOf(connection, { model: 'llama3.2:latest', stream: true });
    expect(timings).toMatchObject({ prompt_tokens: 3, completion_tokens: 5, first_token_ms: anyMs });
    expect(timings?.load_ms).toBeUndefined();
    expect(result.output).toEqual({ status: 200, body: null, chunks: chatChunks.length });
    expect(connection.received.flatMap((message) => (message.type === 'job_chunk' ? [message.data] : []))).toEqual(chatChunks);
  });

  test('Ollama, model not in memory -> load; in memory after that -> first token', async () => {
    const state = { loaded: false, paceMs: PACE_MS };
    const connection = await nodeWith(await servers.use(openOllama(state)));
    const { timings } = await timingsOf(connection, { model: 'llama3.2:latest', stream: true });
    expect(timings).toMatchObject({ load_ms: anyMs, completion_tokens: 5 });
    expect(timings?.first_token_ms).toBeUndefined();
    state.loaded = true;
    connection.send({
      ...assignOf('j2'),
      task: { kind: 'openai', path: '/v1/chat/completions', body: { model: 'llama3.2:latest', stream: true } },
    });
    const second = (await resultOf(connection, 'j2')).timings;
    expect([second?.load_ms, second?.first_token_ms]).toEqual([undefined, anyMs]);
  });
});

describe('whole answer', () => {
  test('chat -> tokens without times', async () => {
    const connection = await nodeWith(await open({ 'POST /v1/chat/completions': () => ({ body: chatAnswer }) }));
    expect((await timingsOf(connection, {})).timings).toEqual({ queue_ms: anyMs, prompt_tokens: 3, completion_tokens: 5 });
  });

  test('embeddings -> whole duration', async () => {
    const connection = await nodeWith(await servers.use(openLlamaCpp()));
    const model = await until('the model', () => bench().agents[0]?.view().models[0]?.model_id);
    const { timings } = await timingsOf(connection, { model, input: 'x' }, '/v1/embeddings');
    expect(timings).toEqual({ queue_ms: anyMs, first_token_ms: anyMs, prompt_tokens: embeddingAnswer.usage.prompt_tokens });
  });

  test('refusal of the server -> no timings', async () => {
    const refusal: Handler = () => ({ status: 400, body: { error: { message: 'too long' }, usage: chatAnswer.usage } });
    const connection = await nodeWith(await open({ 'POST /v1/chat/completions': refusal }));
    expect((await timingsOf(connection, {})).result).not.toHaveProperty('timings');
  });
});

test('command -> bytes of its input', async () => {
  writeCommandModel(path.join(bench().folder, 'models'), 'shout', { argv: SHOUT });
  const connection = await nodeWith(null);
  connection.send(assignOf('j1', { input: 'grüße' }));
  expect((await resultOf(connection, 'j1')).timings).toEqual({ queue_ms: anyMs, input_units: 7 });
});

test('connection lost before the acknowledgement -> same timings in the repeated result', async () => {
  const connection = await nodeWith(await open({ 'POST /v1/chat/completions': () => ({ body: chatAnswer }) }));
  const { timings } = await timingsOf(connection, {});
  connection.ws.terminate();
  const next = await bench().scheduler.connection(1);
  await next.accept();
  expect((await resultOf(next, 'j1')).timings).toEqual(timings);
});
