import { expect, test } from 'vitest';
import { INITIAL_SESSION, type Link } from '../../../../src/main/agent/session/session-state';
import { NOT_PAUSED } from '../../../../src/main/agent/core/pause';
import { type AgentFacts, toAgentView } from '../../../../src/main/agent/core/agent-view';
import { toRuntimeModel } from '../../../../src/main/runtimes/core/command/folder-snapshot';
import type { Measurement } from '../../../../src/main/runtimes/core/measuring/measurement';
import { agentViewSchema, type LinkView, type MeasurementView } from '../../../../src/shared/api/agent-view';
import { FakeHardware, gpu } from '../../../support/fake-hardware';
import { statusOf } from '../../../support/scripted-scheduler';

const scheduler_url = 'ws://pool:7080';
const facts: AgentFacts = {
  self: { version: '0.1.0', name: 'n', acceptPublicJobs: true, maxConcurrentJobs: 4 },
  session: { ...INITIAL_SESSION, target: { url: scheduler_url, identity: { nodeId: 'node-1', nodeToken: 'secret-1' } }, failures: 2 },
  latencyMs: 3,
  lastHeartbeatAtWallMs: 7,
  hardware: null,
  load: null,
  folders: { models: [], problems: [] },
  runtimes: { runtimes: [], models: [], duplicates: [], pulls: [] },
  measurements: new Map(),
  runningJobs: 0,
  modelFolders: ['/models'],
  notices: [],
  rules: [],
  pause: NOT_PAUSED,
  simulation: 'off',
};
const since = 5;
const registered: Link = {
  state: 'registered',
  sinceWallMs: since,
  sinceMonotonicMs: 1,
  nodeId: 'node-1',
  heartbeatIntervalMs: 15_000,
  acceptsUnknownMemory: true,
  warmingUp: true,
  pendingChange: null,
};

test.each<[Link, LinkView]>([
  [{ state: 'idle' }, { state: 'idle' }],
  [
    { state: 'waiting', sinceWallMs: since, for: 'wake' },
    { state: 'connecting', scheduler_url, since },
  ],
  [
    { state: 'connecting', sinceWallMs: since },
    { state: 'connecting', scheduler_url, since },
  ],
  [
    { state: 'unregistered', sinceWallMs: since, conflicted: false },
    { state: 'connecting', scheduler_url, since },
  ],
  [registered, { state: 'connected', scheduler_url, since, latency_ms: 3 }],
  [
    { state: 'stopping', sinceWallMs: since, nodeId: 'node-1', untilMonotonicMs: 9 },
    { state: 'connected', scheduler_url, since, latency_ms: 3 },
  ],
  [
    { state: 'reconnecting', sinceWallMs: since, nextTryAtWallMs: 9, cause: 'refused' },
    { state: 'reconnecting', scheduler_url, since, attempt: 2, next_try_at: 9, cause: 'refused' },
  ],
  [
    { state: 'refused', sinceWallMs: since, refusal: { code: 'NO_GPU_AVAILABLE', message: 'm', details: { field: 'f' } } },
    { state: 'refused', scheduler_url, since, code: 'NO_GPU_AVAILABLE', message: 'm', details: { field: 'f' } },
  ],
])('link %j -> view %j', (link, expected) => {
  const view = toAgentView({ ...facts, session: { ...facts.session, link } });
  expect(view.link).toEqual(expected);
  expect(agentViewSchema.parse(view)).toEqual(view);
});

test('link view: pin of the pool, if the agent has one', () => {
  const target = { identity: null, url: scheduler_url, pin: `sha256-${'A'.repeat(43)}` };
  const view = toAgentView({ ...facts, session: { ...facts.session, link: registered, target } });
  expect(view.link).toMatchObject({ state: 'connected', scheduler_url, pin: target.pin });
  expect(agentViewSchema.parse(view)).toEqual(view);
});

test('agent view: no token, and no status before the scheduler sent one', () => {
  const view = toAgentView({ ...facts, session: { ...facts.session, link: registered } });
  expect(view).toMatchObject({
    node_id: 'node-1',
    node_status: null,
    registered_at: since,
    heartbeat_interval_seconds: 15,
    last_heartbeat_sent_at: 7,
    hardware: null,
  });
  expect(JSON.stringify(view)).not.toContain('secret');
  const withStatus = toAgentView({ ...facts, session: { ...facts.session, nodeStatus: { receivedAtWallMs: 8, message: statusOf() } } });
  expect(withStatus.node_status).toEqual({ received_at: 8, message: statusOf() });
});

test('agent view: unavailable and refused adapters -> shown with their reason codes', async () => {
  const hardware = new FakeHardware();
  hardware.adapters = [
    gpu({ simulated: true }),
    gpu({
      key: 'v',
      uuid: null,
      index: null,
      memoryGb: null,
      verdict: { accepted: false, code: 'virtual_adapter', detail: 'VMware' },
      available: false,
    }),
  ];
  hardware.fault = 'probe_timeout';
  const view = toAgentView({ ...facts, hardware: await hardware.inventory(), load: { load: await hardware.load(), readAtWallMs: 99 } });
  expect(view.simulated).toBe(true);
  expect(view.hardware).toMatchObject({
    cpu_percent: 12,
    mem_percent: 34,
    read_at: 99,
    read_took_ms: 40,
    gpus: [
      {
        key: 'GPU-a',
        accepted: true,
        available: false,
        fault_code: 'probe_timeout',
        refusal_code: null,
        utilization_percent: { known: true, value: 0 },
        power_w: { known: false, reason: 'not_reported' },
      },
      { key: 'v', accepted: false, available: false, fault_code: null, refusal_code: 'virtual_adapter', refusal_detail: 'VMware' },
    ],
  });
  expect(agentViewSchema.safeParse(view).success).toBe(true);
});

test('agent view: no reading yet -> live figures and their time are null', async () => {
  const view = toAgentView({ ...facts, hardware: await new FakeHardware().inventory() });
  expect(view.hardware).toMatchObject({ cpu_percent: null, mem_percent: null, read_at: null, read_took_ms: null });
});

test('agent view: a model has its state, the reason and the details', () => {
  const readiness = {
    state: 'downloading',
    reasonCode: 'downloading',
    details: { path: 'm.bin', expected: 8, found: 5 },
    progress: 0.62,
  } as const;
  const model = {
    modelId: 'm',
    kind: 'llm',
    version: '1',
    srcLang: null,
    tgtLang: 'es',
    dialect: null,
    folder: '/models/m',
    realFolder: '/disk/m',
    command: null,
    sizeBytes: 8,
    readiness,
    checkedAtWallMs: 6,
  } as const;
  const view = toAgentView({
    ...facts,
    folders: { models: [model], problems: [{ code: 'field_invalid', folder: '/models/x', field: 'kind', reason: 'bad' }] },
    runtimes: { runtimes: [], models: [toRuntimeModel(model)], duplicates: [], pulls: [] },
  });
  expect(view.models).toEqual([
    {
      model_id: 'm',
      kind: 'llm',
      version: '1',
      src_lang: null,
      tgt_lang: 'es',
      folder: '/models/m',
      tasks: [],
      runtime_id: 'folders',
      state: 'downloading',
      reason_code: 'downloading',
      details: { path: 'm.bin', expected: 8, found: 5 },
      size_bytes: 8,
      progress: 0.62,
      checked_at: 6,
    },
  ]);
  expect(view.model_problems).toEqual([{ code: 'field_invalid', folder: '/models/x', field: 'kind', reason: 'bad' }]);
});

test.each<[Measurement, MeasurementView]>([
  [{ state: 'none' }, { state: 'none' }],
  [
    { state: 'impossible', code: 'no_suited_request' },
    { state: 'impossible', code: 'no_suited_request' },
  ],
  [
    { state: 'waiting', code: 'jobs_running' },
    { state: 'waiting', code: 'jobs_running' },
  ],
  [
    { state: 'running', sinceWallMs: 9 },
    { state: 'running', since: 9 },
  ],
  [
    { state: 'measured', measured: { outcome: 'answered', tokensPerSecond: 52.5, tookMs: 700, measuredAtWallMs: 9 } },
    { state: 'answered', tokens_per_second: 52.5, took_ms: 700, measured_at: 9 },
  ],
  [
    { state: 'measured', measured: { outcome: 'failed', code: 'runtime_http_400', message: 'no chat template', measuredAtWallMs: 9 } },
    { state: 'failed', code: 'runtime_http_400', message: 'no chat template', measured_at: 9 },
  ],
])('measurement %j -> view %j', (measurement, expected) => {
  const runtimeModel = {
    runtimeId: 'r',
    state: 'ready',
    reasonCode: 'loaded',
    details: {},
    sizeBytes: null,
    progress: null,
    checkedAtWallMs: 1,
  } as const;
  const model = { model_id: 'm', kind: 'llm', version: '1', enabled: true } as const;
  const runtimes = { runtimes: [], models: [{ ...runtimeModel, model }], duplicates: [], pulls: [] };
  const view = toAgentView({ ...facts, runtimes, measurements: new Map([['m', measurement]]) });
  expect(view.models[0]?.measurement).toEqual(expected);
  expect(agentViewSchema.safeParse(view).success).toBe(true);
});
