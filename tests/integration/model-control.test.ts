// Model control over real sockets: the route, its refusals, the audit log, loads for waiting jobs; and a whole agent with Ollama and
// LM Studio.
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import type { Agent } from '../../src/main/agent/agent';
import { systemClock } from '../../src/main/platform/clock';
import { HttpRuntime } from '../../src/main/runtimes/http/http-runtime';
import type { ModelAction, ModelResidency } from '../../src/shared/protocol/model-control';
import type { NodeHeartbeat } from '../../src/shared/protocol/node-messages';
import { linkIs, useAgentBench } from '../support/agent-bench';
import { type HttpAnswer, sendRequest } from '../support/http-api';
import { accept, beat, chatTask, jobOf, nodeOf, readyNode, submitted, succeed } from '../support/job-pool';
import { openLmStudio } from '../support/stand-ins/lm-studio';
import { openOllama, type OllamaState } from '../support/stand-ins/ollama';
import type { StandIn } from '../support/stand-ins/stand-in';
import type { TestNode } from '../support/test-node';
import { startTestScheduler, type TestScheduler } from '../support/test-scheduler';
import { until } from '../support/until';

/** Has both characters that a path must encode. */
const MODEL = 'org/llm-b:7b Q4';

let scheduler: TestScheduler;
beforeEach(async () => {
  scheduler = await startTestScheduler();
});
afterEach(async () => {
  await scheduler.stop();
});

const act = (action: string, modelId = MODEL, nodeId = 'mine'): Promise<HttpAnswer> =>
  sendRequest(scheduler.port, { method: 'POST', path: `/api/v1/nodes/${nodeId}/models/${encodeURIComponent(modelId)}/${action}` });
const reasonOf = (answered: HttpAnswer): readonly [number, unknown] => {
  const { error } = answered.json() as { error?: { details?: { reason?: unknown } } };
  return [answered.status, error?.details?.reason];
};

const models = (residency: ModelResidency): Partial<NodeHeartbeat> => ({
  installed_models: ['llm-a', MODEL].map((model_id) => ({
    model_id,
    kind: 'llm',
    version: '1',
    enabled: true,
    ...(model_id === MODEL ? { actions: ['load', 'unload', 'pin', 'unpin'] } : {}),
  })),
  capability_state: { 'llm-a': 'ready', [MODEL]: residency === 'loaded' || residency === 'pinned' ? 'ready' : 'not_installed' },
  model_residency: { [MODEL]: residency },
  model_control: true,
});
const controlled = async (residency: ModelResidency, change: Partial<NodeHeartbeat> = {}, token?: string): ReturnType<typeof readyNode> => {
  const node = await readyNode(scheduler.url, { node_id: 'mine', ...(token === undefined ? {} : { node_token: token }) });
  await beat(node, 1, { ...models(residency), ...change });
  return node;
};
const answer = (node: TestNode, requestId: string, fields: { readonly ok: boolean; readonly code?: string; readonly message?: string }) => {
  node.send({ type: 'model_control_result', request_id: requestId, ...fields });
};

it('load: asked with the decoded id, answered, shown, in the audit log', async () => {
  const node = await controlled('cold');
  expect(await nodeOf(scheduler.port, 'mine')).toMatchObject({ model_control: true, model_residency: { [MODEL]: 'cold' } });
  const load = act('load');
  const asked = await node.until('model_control');
  expect(asked).toEqual({ type: 'model_control', request_id: expect.any(String) as string, model_id: MODEL, action: 'load' });
  expect(reasonOf(await act('load'))).toEqual([409, 'in_progress']);
  answer(node, 'another request', { ok: false, code: 'failed' });
  answer(node, asked.request_id, { ok: true });
  expect([(await load).status, (await load).json()]).toEqual([200, { node_id: 'mine', model_id: MODEL, action: 'load', state: 'done' }]);
  const { entries } = (await sendRequest(scheduler.port, { path: '/api/v1/audit' })).json() as { entries: unknown[] };
  expect(entries[0]).toMatchObject({ action: 'node.model_control', target: `mine ${MODEL} load` });
});

it('an action that takes long -> started, its end is in the log', async () => {
  const node = await controlled('cold');
  const load = act('load');
  const { request_id: requestId } = await node.until('model_control');
  scheduler.clock.advance(5000);
  expect((await load).json()).toMatchObject({ state: 'started' });
  answer(node, requestId, { ok: false, code: 'failed', message: 'no memory' });
  await node.settled();
  expect(scheduler.log.of('model_control_ended')).toEqual([
    { node_id: 'mine', model_id: MODEL, action: 'load', code: 'failed', message: 'no memory' },
  ]);
});

it('refused by the node -> its code and message; connection lost, no answer -> the reason', async () => {
  let node = await controlled('cold');
  const failed = act('load');
  answer(node, (await node.until('model_control')).request_id, { ok: false, code: 'failed', message: 'no memory' });
  expect((await failed).json()).toMatchObject({
    error: { code: 'INVALID_STATE', details: { reason: 'failed', runtime_message: 'no memory', model_id: MODEL, action: 'load' } },
  });
  const lost = act('pin');
  await node.until('model_control');
  node.close();
  expect(reasonOf(await lost)).toEqual([409, 'not_connected']);
  node = await controlled('cold', {}, node.ack.node_token);
  const silent = act('load');
  await node.until('model_control');
  scheduler.clock.advance(5000);
  await silent;
  for (let tens = 0; tens < 66; tens++) {
    scheduler.clock.advance(10_000);
    await beat(node);
  }
  expect(scheduler.log.of('model_control_ended').map(({ code }) => code)).toEqual(['failed', 'not_connected', 'no_answer']);
});

test.each<readonly [string, ModelAction, Parameters<typeof controlled>, string, unknown]>([
  ['unknown model', 'load', ['cold'], 'none', [409, 'unknown_model']],
  ['model without actions', 'load', ['cold'], 'llm-a', [409, 'not_supported']],
  ['owner forbids', 'load', ['cold', { model_control: false }], MODEL, [409, 'not_allowed']],
  ['pinned', 'unload', ['pinned'], MODEL, [409, 'pinned']],
])('refused: %s', async (_title, action, given, modelId, expected) => {
  await controlled(...given);
  expect(reasonOf(await act(action, modelId))).toEqual(expected);
});

it('refused: unknown action, model id with a control character', async () => {
  await controlled('cold');
  expect([(await act('erase')).status, (await act('load', 'a\u0000b')).status]).toEqual([400, 400]);
});

it('refused: node of an older version, unknown node, node that is not connected', async () => {
  const node = await readyNode(scheduler.url, { node_id: 'mine' });
  expect([reasonOf(await act('load', 'llm-a')), reasonOf(await act('load', 'llm-a', 'other'))]).toEqual([
    [409, 'not_supported'],
    [404, 'unknown_node'],
  ]);
  node.close();
  await until('the node to be disconnected', async () => !(await nodeOf(scheduler.port, 'mine')).online);
  expect(reasonOf(await act('load', 'llm-a'))).toEqual([409, 'not_connected']);
  expect(node.received.some(({ type }) => type === 'model_control')).toBe(false);
});

it('unload: refused while a job of the model runs, then possible', async () => {
  const node = await controlled('loaded');
  await submitted(scheduler.port, { task: chatTask('hi', MODEL) });
  const assignment = await node.until('job_assign');
  accept(node, assignment);
  await node.settled();
  expect((await act('unload')).json()).toMatchObject({ error: { details: { reason: 'has_work', jobs: 1 } } });
  succeed(node, assignment);
  await node.settled();
  const unload = act('unload');
  answer(node, (await node.until('model_control')).request_id, { ok: true });
  expect((await unload).status).toBe(200);
});

describe('a waiting job', () => {
  it('loads its model once, and runs there; a failed load is tried again after 30 s', async () => {
    const node = await controlled('cold');
    const jobId = await submitted(scheduler.port, { task: chatTask('hi', MODEL) });
    scheduler.clock.advance(2000);
    const first = await node.until('model_control');
    expect(first).toMatchObject({ model_id: MODEL, action: 'load' });
    scheduler.clock.advance(4000);
    answer(node, first.request_id, { ok: false, code: 'failed' });
    await node.settled();
    scheduler.clock.advance(20_000);
    await beat(node, 1, models('cold'));
    expect(node.received.filter(({ type }) => type === 'model_control')).toHaveLength(1);
    await beat(node, 1, models('cold'));
    scheduler.clock.advance(12_000);
    const second = await node.until('model_control');
    await beat(node, 1, models('loaded'));
    answer(node, second.request_id, { ok: true });
    const assignment = await node.until('job_assign');
    expect(assignment.job_id).toBe(jobId);
    succeed(node, assignment);
    await node.settled();
    expect(await jobOf(scheduler.port, jobId)).toMatchObject({ status: 'succeeded' });
    scheduler.clock.advance(4000);
    expect(node.received.filter(({ type }) => type === 'model_control')).toHaveLength(2);
  });

  it('tries another node when a load takes longer than 3 minutes', async () => {
    const nodes = [await readyNode(scheduler.url, { node_id: 'a' }), await readyNode(scheduler.url, { node_id: 'b' })];
    const beatAll = async () => {
      for (const node of nodes) await beat(node, 1, models('cold'));
    };
    const asked = () => nodes.map(({ received }) => received.filter(({ type }) => type === 'model_control').length);
    await beatAll();
    await submitted(scheduler.port, { task: chatTask('hi', MODEL) });
    scheduler.clock.advance(2000);
    await beatAll();
    expect(asked()).toEqual([1, 0]);
    for (let tens = 0; tens < 17; tens++) {
      scheduler.clock.advance(10_000);
      await beatAll();
    }
    expect(asked()).toEqual([1, 0]);
    scheduler.clock.advance(10_000);
    await beatAll();
    scheduler.clock.advance(2000);
    await beatAll();
    expect(asked()).toEqual([1, 1]);
  });

  it('is no reason where the owner forbids it', async () => {
    const node = await controlled('cold', { model_control: false });
    await submitted(scheduler.port, { task: chatTask('hi', MODEL) });
    scheduler.clock.advance(4000);
    await node.settled();
    expect(node.received.some(({ type }) => type === 'model_control')).toBe(false);
  });
});

describe('agent', () => {
  const bench = useAgentBench();
  let standIns: StandIn[] = [];
  afterEach(async () => {
    await Promise.all(standIns.map((standIn) => standIn.close()));
    standIns = [];
  });

  async function joined(opening: Promise<StandIn>, allowModelControl: boolean | null): Promise<{ agent: Agent; nodeId: string }> {
    const standIn = await opening;
    standIns.push(standIn);
    const runtime = new HttpRuntime({ url: standIn.url, named: false, apiKeyFile: null, clock: systemClock, maxOutputBytes: 1e6 });
    const agent = await bench().open({ runtimes: [runtime], allowModelControl });
    agent.connectTo({ url: scheduler.url.replace(/^http/, 'ws'), joinToken: null });
    await agent.start();
    await linkIs(agent, 'connected');
    const nodeId = agent.view().node_id ?? '';
    await until('the node to report its models', async () => (await nodeOf(scheduler.port, nodeId)).model_control !== undefined);
    return { agent, nodeId };
  }
  const residencyIs = (nodeId: string, modelId: string, residency: string) =>
    until(`${modelId} to be ${residency}`, async () => {
      bench().clock.advance(1000);
      return (await nodeOf(scheduler.port, nodeId)).model_residency?.[modelId] === residency;
    });

  it('Ollama on this computer, setting unset -> allowed: load, pin, unpin, unload from the API', async () => {
    const state: OllamaState = { loaded: false };
    const { agent, nodeId } = await joined(openOllama(state), null);
    for (const [action, residency] of [
      ['load', 'loaded'],
      ['pin', 'pinned'],
      ['unpin', 'loaded'],
      ['unload', 'cold'],
    ] as const) {
      expect((await act(action, 'llama3.2:latest', nodeId)).json()).toMatchObject({ state: 'done' });
      await residencyIs(nodeId, 'llama3.2:latest', residency);
      expect(agent.view().models[0]).toMatchObject({ model_id: 'llama3.2:latest', residency });
    }
  });

  it('action done -> the scheduler knows the residency: the next action and the view of the node do not wait for a heartbeat', async () => {
    const { nodeId } = await joined(openOllama({ loaded: false }), null);
    for (const [action, residency] of [
      ['pin', 'pinned'],
      ['unpin', 'loaded'],
      ['unload', 'cold'],
    ] as const) {
      expect((await act(action, 'llama3.2:latest', nodeId)).json()).toMatchObject({ state: 'done' });
      expect((await nodeOf(scheduler.port, nodeId)).model_residency).toMatchObject({ 'llama3.2:latest': residency });
    }
  });

  it('setting false -> refused with not_allowed, nothing is loaded', async () => {
    const state: OllamaState = { loaded: false };
    const { nodeId } = await joined(openOllama(state), false);
    expect(await nodeOf(scheduler.port, nodeId)).toMatchObject({ model_control: false });
    expect(reasonOf(await act('load', 'llama3.2:latest', nodeId))).toEqual([409, 'not_allowed']);
    expect(state.loaded).toBe(false);
  });

  it('LM Studio with nothing loaded -> a waiting job loads its model, and runs', async () => {
    const state = { loaded: [] as string[] };
    const { nodeId } = await joined(openLmStudio(state), null);
    const jobId = await submitted(scheduler.port, { task: chatTask('hi', 'google/gemma-3-12b') });
    await until('the job to run', async () => {
      scheduler.clock.advance(2000);
      bench().clock.advance(1000);
      return (await jobOf(scheduler.port, jobId)).status === 'succeeded';
    });
    expect([state.loaded, (await jobOf(scheduler.port, jobId)).result?.node_id]).toEqual([['google/gemma-3-12b'], nodeId]);
  });
});
