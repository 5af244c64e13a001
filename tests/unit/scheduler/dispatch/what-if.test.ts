// Explanations grouped by the first reason, and dry runs with a changed pool.
import { describe, expect, it, test } from 'vitest';
import { explain } from '../../../../src/main/scheduler/dispatch/explain';
import { ReasonGroups } from '../../../../src/main/scheduler/dispatch/reason-groups';
import { ModelSample } from '../../../../src/main/scheduler/dispatch/model-sample';
import { LimitsRun, whatIf } from '../../../../src/main/scheduler/dispatch/what-if';
import type { JobRequirements } from '../../../../src/main/scheduler/dispatch/job-requirements';
import { DEFAULT_DISPATCH_POLICY as POLICY } from '../../../../src/main/scheduler/dispatch/policy';
import { DEFAULT_LIFECYCLE_POLICY } from '../../../../src/main/scheduler/lifecycle/policy';
import type { NodeRecord } from '../../../../src/main/scheduler/lifecycle/node-record';
import { NodeRegistry } from '../../../../src/main/scheduler/nodes/node-registry';
import { type Change, changeOutcomeSchema, type ReasonGroup, reasonGroupSchema } from '../../../../src/shared/api/what-if';
import { aDrain, aModel, aProfile, aReading, aRecord } from '../lifecycle/records';

const job: JobRequirements = { requiredModels: ['qwen'], public: true };
const withModel = (vramGb: number | null = null) =>
  aProfile({ installedModels: [aModel({ modelId: 'qwen', vramGb })], capabilityState: { qwen: 'ready' } });
const without = () => aProfile({ installedModels: [], capabilityState: {} });
const gpu = (memoryTotalGb: number, memoryUsedGb = 0) => aReading({ memoryTotalGb, memoryUsedGb });
function outcomeOf(records: readonly NodeRecord[], change: Change) {
  const registry = registryOf(records);
  const sample = new ModelSample(job);
  for (const record of records) sample.add(record);
  if (change.kind !== 'limits') return whatIf(registry, job, null, change, sample.model);
  const run = new LimitsRun(registry, job, null, change);
  for (const record of records) run.add(record);
  return run.outcome();
}
const owner = (gpuPercent: number) => ({ ownerLoad: { ...aRecord().ownerLoad, isMeasured: true, gpuPercent } });

function registryOf(records: readonly NodeRecord[]): NodeRegistry {
  const registry = new NodeRegistry(DEFAULT_LIFECYCLE_POLICY, POLICY);
  for (const record of records) registry.keep(null, record);
  return registry;
}

function grouped(records: readonly NodeRecord[], requirements = job): readonly ReasonGroup[] {
  const all = new ReasonGroups({ job: requirements, policy: POLICY, nowMonotonicMs: 1000 });
  for (const record of records) all.add(record);
  const groups = all.groups();
  expect(groups.map((group) => reasonGroupSchema.parse(group))).toEqual(groups);
  return groups;
}

describe('groups', () => {
  it('a model on no node -> its states; a size that a node reports -> on how many nodes the model fits', () => {
    const small = { gpus: [gpu(16)], profile: without() };
    const records = [
      aRecord({ nodeId: 'a', profile: without() }),
      aRecord({ nodeId: 'b', ...small }),
      aRecord({ nodeId: 'c', gpus: [gpu(24)], profile: { ...without(), capabilityState: { qwen: 'downloading' } } }),
    ];
    const [group] = grouped(records);
    expect(group).toMatchObject({ code: 'model_not_available', count: 3, examples: ['a', 'b', 'c'], states: { available: 3 } });
    expect(group?.model_states).toEqual({ not_installed: 2, downloading: 1 });
    expect(group).not.toHaveProperty('fits');
    const paused = aRecord({ nodeId: 'd', profile: withModel(18.6), status: 'degraded', reasonCode: 'health_check_failed' });
    const groups = grouped([...records.slice(1), paused]);
    expect(groups.map(({ code, count, fits, needed_gb }) => [code, count, fits, needed_gb])).toEqual([
      ['model_not_available', 2, 1, 18.6],
      ['status_not_ready', 1, undefined, undefined],
    ]);
  });

  it('examples of a model on no node -> available nodes with enough memory first', () => {
    const isFull = { assignedJobs: 4, profile: without() };
    const records = [
      ...['a', 'b', 'c', 'd'].map((nodeId) => aRecord({ nodeId, ...isFull, gpus: [gpu(24)] })),
      aRecord({ nodeId: 'small', profile: without(), gpus: [gpu(8)] }),
      aRecord({ nodeId: 'free', profile: without(), gpus: [gpu(24)] }),
      aRecord({ nodeId: 'z', profile: withModel(18.6), status: 'degraded', reasonCode: 'health_check_failed' }),
    ];
    const missing = grouped(records).find(({ code }) => code === 'model_not_available');
    expect(missing?.examples).toEqual(['free', 'a', 'b', 'c', 'd']);
  });

  it('examples of nodes that are not ready -> drained ones first', () => {
    const drained = aRecord({ nodeId: 'z', profile: withModel(), status: 'offline', reasonCode: 'drain_complete', drain: aDrain() });
    const degraded = ['a', 'b'].map((nodeId) =>
      aRecord({ nodeId, profile: withModel(), status: 'degraded', reasonCode: 'health_check_failed' }),
    );
    expect(grouped([...degraded, drained])[0]?.examples).toEqual(['z', 'a', 'b']);
  });

  it('busy nodes -> how many are above each limit, and the limits', () => {
    const records = [30, 80].map((percent, i) => aRecord({ nodeId: `n${String(i)}`, profile: withModel(), ...owner(percent) }));
    const limited = aRecord({
      nodeId: 'n2',
      profile: { ...withModel(), limits: { cpuPercent: undefined, gpuPercent: 50, memoryPercent: undefined } },
      ...owner(60),
    });
    expect(grouped([...records, limited])).toMatchObject([
      {
        code: 'resource_threshold_exceeded',
        count: 3,
        states: { busy: 3 },
        over: { gpu: { count: 3, limits: { lowest: 25, highest: 50 } } },
      },
    ]);
    expect(grouped(records)[0]?.over).not.toHaveProperty('cpu');
  });

  it('full nodes -> when the first slot should be free; unknown ends -> no time', () => {
    const full = (nodeId: string, endMonotonicMs: number | null) =>
      aRecord({
        nodeId,
        profile: withModel(),
        assignedJobs: 4,
        expectedJobs: new Map(endMonotonicMs === null ? [] : [['j', { promptMs: 0, endMonotonicMs }]]),
      });
    expect(grouped([full('a', 9000), full('b', 3000)])).toMatchObject([{ code: 'capacity_exceeded', count: 2, slot_seconds: 2 }]);
    expect(grouped([full('a', null)])[0]).not.toHaveProperty('slot_seconds');
  });

  it('too little memory -> the need and the most that is there', () => {
    const records = [4, 9].map((used, i) => aRecord({ nodeId: `n${String(i)}`, profile: withModel(20), gpus: [gpu(24, 24 - used)] }));
    expect(grouped(records)).toMatchObject([{ code: 'vram_insufficient', count: 2, needed_gb: 20, largest_gb: 9 }]);
    const large = { ...job, minGpuMemoryGb: 80 };
    expect(grouped([aRecord({ profile: withModel(), gpus: [gpu(24)] })], large)).toMatchObject([
      { code: 'gpu_unavailable', needed_gb: 80, largest_gb: 24 },
    ]);
  });
});

describe('what if', () => {
  const idle = aRecord({ nodeId: 'idle', profile: withModel() });
  const busy = aRecord({ nodeId: 'busy', profile: withModel(), ...owner(40) });
  const empty = aRecord({ nodeId: 'empty', profile: without() });
  const paused = aRecord({
    nodeId: 'paused',
    profile: withModel(),
    status: 'offline',
    reasonCode: 'drain_complete',
    drain: aDrain(),
  });
  const gone = { ...paused, nodeId: 'gone', online: false };

  test.each<readonly [string, readonly NodeRecord[], Change, string | null, number]>([
    ['a higher limit', [busy, empty], { kind: 'limits', gpu_percent: 45 }, 'busy', 1],
    ['a limit below the load', [busy], { kind: 'limits', gpu_percent: 30 }, null, 0],
    ['a limit of another resource', [busy], { kind: 'limits', cpu_percent: 100 }, null, 0],
    ['a lower limit keeps the busy node away', [idle, busy], { kind: 'limits', gpu_percent: 10 }, 'idle', 1],
    ['the only node is drained', [idle, busy], { kind: 'drained', node_id: 'idle' }, null, 0],
    ['one of two is drained', [idle, { ...idle, nodeId: 'second' }], { kind: 'drained', node_id: 'idle' }, 'second', 1],
    ['a busy node is drained', [idle, busy], { kind: 'drained', node_id: 'busy' }, 'idle', 1],
    ['the drained node is resumed', [paused, empty], { kind: 'resumed', node_id: 'paused' }, 'paused', 1],
    ['a node without a connection is resumed', [gone], { kind: 'resumed', node_id: 'gone' }, null, 0],
    ['the model is installed', [empty, busy], { kind: 'installed', node_id: 'empty' }, 'empty', 1],
    ['the model is installed on a busy node', [{ ...busy, profile: without() }], { kind: 'installed', node_id: 'busy' }, null, 0],
    ['an unknown node', [idle], { kind: 'resumed', node_id: 'unknown' }, 'idle', 1],
  ])('%s -> the node that would get the job, and the number that could', (_case, records, change, chosen, able) => {
    const outcome = outcomeOf(records, change);
    expect(outcome).toEqual({ chosen, able, ...(chosen === null ? {} : { prediction: { route: 'fallback', nodes: [] } }) });
    expect(changeOutcomeSchema.parse(outcome)).toEqual(outcome);
  });

  it('the model needs more memory than the node has free -> loaded there it fits', () => {
    const small = aRecord({ nodeId: 'small', profile: withModel(20), gpus: [gpu(24, 20)] });
    const chosen = (kind: 'installed' | 'loaded') => whatIf(registryOf([small]), job, null, { kind, node_id: 'small' }).chosen;
    expect([chosen('installed'), chosen('loaded')]).toEqual([null, 'small']);
  });

  it('only nodes without a connection know the size of the model -> it counts, and the model is not in memory yet', () => {
    const small = aRecord({ nodeId: 'small', profile: without(), gpus: [gpu(24, 20)] });
    const loaded = aModel({ modelId: 'qwen', vramGb: 20, isLoaded: true });
    const sized = { ...gone, nodeId: 'sized', profile: aProfile({ installedModels: [loaded], capabilityState: { qwen: 'ready' } }) };
    const installed = { kind: 'installed', node_id: 'small' } as const;
    expect(outcomeOf([gone, small], installed).chosen).toBe('small');
    expect(outcomeOf([gone, sized, small], installed).chosen).toBeNull();
  });

  it('a dry run -> the pool is as before', () => {
    const registry = registryOf([idle, busy, paused]);
    const before = JSON.stringify([...registry.records()]);
    const run = new LimitsRun(registry, job, null, { kind: 'limits', gpu_percent: 90 });
    for (const record of registry.records()) run.add(record);
    expect(run.outcome().able).toBe(2);
    whatIf(registry, job, null, { kind: 'resumed', node_id: 'paused' });
    expect(JSON.stringify([...registry.records()])).toBe(before);
    expect(explain(registry, job).chosen).toBe('idle');
  });
});
