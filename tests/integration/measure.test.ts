// Benchmarks of models: a real agent, stand-ins of model servers over real sockets, and how the pool uses the speed.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { Agent } from '../../src/main/agent/agent';
import type { AgentOptions } from '../../src/main/agent/agent-options';
import { systemClock } from '../../src/main/platform/clock';
import type { MeasurementView } from '../../src/shared/api/agent-view';
import { linkIs, useAgentBench } from '../support/agent-bench';
import { sendRequest } from '../support/http-api';
import { useRuntimeBench } from '../support/http-runtime-bench';
import { assignOf, resultOf, SHOUT, writeCommandModel } from '../support/job-bench';
import { chatTask, jobOf, submitted } from '../support/job-pool';
import type { ScriptedConnection } from '../support/scripted-scheduler';
import { openLlamaCpp } from '../support/stand-ins/llama-cpp';
import { openOllama } from '../support/stand-ins/ollama';
import type { StandIn } from '../support/stand-ins/stand-in';
import { openVllm } from '../support/stand-ins/vllm';
import { startTestScheduler, type TestScheduler } from '../support/test-scheduler';
import { until } from '../support/until';

const bench = useAgentBench();
const runtimes = useRuntimeBench();
const OLLAMA_LLM = 'llama3.2:latest';
const OLLAMA_EMBEDDING = 'nomic-embed-text:latest';
const CHAT = 'POST /v1/chat/completions';

const on = (...standIns: readonly StandIn[]) => standIns.map((standIn) => runtimes.runtime(standIn));
const workOf = (standIn: StandIn) => standIn.paths.filter((path) => path.startsWith('POST /v1/'));
const measurementOf = (agent: Agent, modelId: string): MeasurementView | undefined =>
  agent.view().models.find(({ model_id }) => model_id === modelId)?.measurement;
const becomes = <State extends MeasurementView['state']>(agent: Agent, modelId: string, state: State) =>
  until(`the measurement of ${modelId} to be ${state}`, () => {
    const measurement = measurementOf(agent, modelId);
    return measurement?.state === state ? (measurement as Extract<MeasurementView, { state: State }>) : null;
  });

/** Registered with the scripted scheduler. */
async function connected(fields: Partial<AgentOptions>) {
  const agent = await bench().started(fields);
  const connection = await bench().scheduler.connection(0);
  const registration = await connection.accept();
  return { agent, connection, registration };
}

/** The speed in the last heartbeat, as soon as a heartbeat has one. */
const reportedSpeed = (connection: ScriptedConnection, modelId: string) =>
  until(`the speed of ${modelId}`, () => {
    const beat = connection.received.findLast((message) => message.type === 'node_heartbeat');
    return beat?.installed_models?.find(({ model_id }) => model_id === modelId)?.tokens_per_second;
  });

describe('benchmark of a cold model of Ollama', () => {
  test('not requested -> no request; requested -> one streamed chat, scheduler gets the speed at once', async () => {
    const ollama = await runtimes.use(openOllama({ loaded: false, paceMs: 25 }));
    const { agent, connection, registration } = await connected({ runtimes: on(ollama), clock: systemClock });
    expect(registration.installed_models.map((model) => 'tokens_per_second' in model)).toEqual([false, false]);
    expect([measurementOf(agent, OLLAMA_LLM), workOf(ollama)]).toEqual([{ state: 'none' }, []]);
    expect(agent.measureModel(OLLAMA_LLM)).toEqual({ ok: true, value: undefined });
    const { tokens_per_second: speed, took_ms: tookMs } = await becomes(agent, OLLAMA_LLM, 'answered');
    // Five tokens, 25 ms apart. A busy machine is slower.
    expect(speed).toBeGreaterThan(1);
    expect(speed).toBeLessThan(200);
    expect(tookMs).toBeGreaterThan(50);
    expect(await reportedSpeed(connection, OLLAMA_LLM)).toBe(speed);
    expect(workOf(ollama)).toEqual([CHAT]);
    const body = JSON.parse(ollama.requests.find(({ path }) => path === '/v1/chat/completions')?.body.toString('utf8') ?? '') as object;
    expect(body).toMatchObject({ model: OLLAMA_LLM, stream: true, max_tokens: 32 });
  });

  test('agent restarted -> figure kept, not measured again', async () => {
    const llama = await runtimes.use(openLlamaCpp({ perSecond: 52.5 }));
    const first = await bench().started({ runtimes: on(llama) });
    const modelId = first.view().models[0]?.model_id ?? '';
    first.measureModel(modelId);
    await becomes(first, modelId, 'answered');
    await first.stop({ timeoutMs: 0 });
    const second = await bench().started({ runtimes: on(llama), measureModels: true });
    expect(measurementOf(second, modelId)).toMatchObject({ state: 'answered', tokens_per_second: 52.5 });
    const connection = await bench().scheduler.connection(1);
    expect((await connection.accept()).installed_models).toMatchObject([{ model_id: modelId, tokens_per_second: 52.5 }]);
    expect(workOf(llama)).toEqual([CHAT]);
  });
});

test('benchmarks configured -> every ready model measured with a request that it supports', async () => {
  const ollama = await runtimes.use(openOllama());
  const models = path.join(bench().folder, 'models');
  writeCommandModel(models, 'shout', { argv: SHOUT }, { kind: 'nmt' });
  writeCommandModel(models, 'unknown', { argv: SHOUT }, { kind: 'other' });
  const agent = await bench().open({ runtimes: on(ollama), measureModels: true });
  await agent.start();
  await becomes(agent, OLLAMA_LLM, 'answered');
  await becomes(agent, OLLAMA_EMBEDDING, 'answered');
  expect(workOf(ollama)).toEqual([CHAT, 'POST /v1/embeddings', 'POST /v1/embeddings']);
  // A translation has no tokens: only whether and when it answers is known.
  expect(await becomes(agent, 'shout', 'answered')).toMatchObject({ tokens_per_second: null });
  expect(measurementOf(agent, 'unknown')).toEqual({ state: 'impossible', code: 'no_suited_request' });
});

test('server does not report the kind of a model -> not measured by configuration, measured on request of the owner', async () => {
  const llama = await runtimes.use(openLlamaCpp());
  const vllm = await runtimes.use(openVllm());
  const ollama = await runtimes.use(openOllama());
  const agent = await bench().open({ runtimes: on(llama, vllm, ollama), measureModels: true });
  await agent.start();
  await becomes(agent, OLLAMA_EMBEDDING, 'answered');
  expect([workOf(llama), workOf(vllm), measurementOf(agent, 'qwen')]).toEqual([[], [], { state: 'none' }]);
  agent.measureModel('qwen');
  await becomes(agent, 'qwen', 'answered');
  expect([workOf(llama), workOf(vllm)]).toEqual([[], [CHAT]]);
});

test('server refuses the chat -> model stays ready, refusal shown', async () => {
  const vllm = await runtimes.use(openVllm());
  vllm.faults = { '/v1/chat/completions': { status: 400, body: { error: { message: 'no chat template', code: 400 } } } };
  const { agent, connection } = await connected({ runtimes: on(vllm) });
  agent.measureModel('qwen');
  expect(await becomes(agent, 'qwen', 'failed')).toMatchObject({ code: 'runtime_http_400', message: 'no chat template' });
  expect(agent.view().models).toMatchObject([{ model_id: 'qwen', state: 'ready', reason_code: 'loaded' }]);
  bench().clock.advance(20_000);
  const beat = await connection.next('node_heartbeat');
  expect(beat).toMatchObject({ installed_models: [{ model_id: 'qwen' }], capability_state: { qwen: 'ready' } });
  expect(beat.installed_models?.[0]).not.toHaveProperty('tokens_per_second');
});

test('model that cannot be measured -> reason shown', async () => {
  const ollama = await runtimes.use(openOllama());
  writeCommandModel(path.join(bench().folder, 'models'), 'unknown', { argv: SHOUT });
  const agent = await bench().open({ runtimes: on(ollama) });
  await agent.start();
  expect(agent.measureModel('missing-model')).toMatchObject({
    ok: false,
    error: { code: 'NOT_FOUND', details: { model_id: 'missing-model' } },
  });
  expect(agent.measureModel('unknown')).toMatchObject({
    ok: false,
    error: { code: 'INVALID_STATE', details: { reason: 'no_suited_request' } },
  });
});

test('job arrives -> request aborted, job runs, measured afterwards', async () => {
  const llama = await runtimes.use(openLlamaCpp({ perSecond: 30 }));
  writeCommandModel(path.join(bench().folder, 'models'), 'shout', { argv: SHOUT });
  llama.faults = { '/v1/chat/completions': 'hang' };
  const { agent, connection } = await connected({ runtimes: on(llama) });
  const modelId = agent.view().models.find(({ folder }) => folder === '')?.model_id ?? '';
  agent.measureModel(modelId);
  await until('the request', () => workOf(llama).length === 1);
  expect(agent.view().running_jobs).toBe(0);
  connection.send(assignOf('j1'));
  expect(await resultOf(connection, 'j1')).toMatchObject({ success: true, output: { text: 'HELLO' } });
  await until('the request to be cut off', () => llama.abortedCount === 1);
  expect(await becomes(agent, modelId, 'waiting')).toEqual({ state: 'waiting', code: 'jobs_running' });
  llama.faults = {};
  await until('the job to be over', () => agent.view().running_jobs === 0);
  bench().clock.advance(10_000);
  expect(await becomes(agent, modelId, 'answered')).toMatchObject({ tokens_per_second: 30 });
});

test('agent stops -> request aborted, agent ends', async () => {
  const llama = await runtimes.use(openLlamaCpp());
  llama.faults = { '/v1/chat/completions': 'hang' };
  const agent = await bench().open({ runtimes: on(llama) });
  await agent.start();
  agent.measureModel(agent.view().models[0]?.model_id ?? '');
  await until('the request', () => workOf(llama).length === 1);
  await agent.stop({ timeoutMs: 0 });
  await until('the request to be cut off', () => llama.abortedCount === 1);
  expect(existsSync(path.join(bench().folder, 'model-speeds.json'))).toBe(false);
});

describe('two nodes of different speed', () => {
  let scheduler: TestScheduler | null = null;
  afterEach(() => scheduler?.stop());

  async function node(name: string, perSecond: number): Promise<Agent> {
    const llama = await runtimes.use(openLlamaCpp({ perSecond }));
    const folder = path.join(bench().folder, name);
    const files = {
      stateDir: folder,
      modelsDir: path.join(folder, 'models'),
      simulatedModelsDir: path.join(folder, 'simulated-models'),
      identityFile: path.join(folder, 'identity.json'),
    };
    const agent = await bench().open({ name, ...files, runtimes: on(llama) });
    agent.connectTo({ url: scheduler?.url.replace(/^http/, 'ws') ?? '', joinToken: null });
    await agent.start();
    await linkIs(agent, 'connected');
    agent.measureModel(agent.view().models[0]?.model_id ?? '');
    return agent;
  }

  test('equal load -> faster one gets the first job, and twice as many', async () => {
    const thresholds = {
      strategy: 'least_connections',
      holdJobs: false,
      cpuThreshold: 100,
      gpuThreshold: 100,
      memoryThreshold: 100,
    } as const;
    scheduler = await startTestScheduler({ scheduler: { loadBalancer: thresholds } });
    const { port } = scheduler;
    const slow = await node('slow', 20);
    const fast = await node('fast', 80);
    const modelId = fast.view().models[0]?.model_id ?? '';
    await becomes(slow, modelId, 'answered');
    await becomes(fast, modelId, 'answered');
    await until('both nodes to be ready, and their speeds known', async () => {
      bench().clock.advance(3000);
      const { nodes } = (await sendRequest(port, { path: '/api/v1/nodes' })).json() as { nodes: { node_id: string }[] };
      const detailed = await Promise.all(nodes.map(({ node_id }) => sendRequest(port, { path: `/api/v1/nodes/${node_id}` })));
      const views = detailed.map((one) => one.json() as { status: string; installed_models: { tokens_per_second?: number }[] });
      return views.length === 2 && views.every((one) => one.status === 'ready' && one.installed_models[0]?.tokens_per_second !== undefined);
    });
    const fastId = fast.view().node_id;
    const explained = await sendRequest(port, { method: 'POST', path: '/api/v1/dispatch/explain', body: { required_models: [modelId] } });
    expect(explained.json()).toMatchObject({ chosen: fastId });
    const taken: (string | null | undefined)[] = [];
    for (let i = 0; i < 6; i++) {
      const jobId = await submitted(port, { task: chatTask('hello', modelId) });
      await until('the job to be over', async () => (await jobOf(port, jobId)).status === 'succeeded');
      taken.push((await jobOf(port, jobId)).attempts.at(-1)?.node_id);
    }
    // Four times the speed counts twice (ADR 0018).
    expect(taken.filter((nodeId) => nodeId === fastId)).toHaveLength(4);
  });
});
