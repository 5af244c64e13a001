// Which models are loaded for waiting jobs, where, and which idle models make space (ADR 0025).
import { expect, test } from 'vitest';
import { firstExclusion, isSchedulable, suits } from '../../../../src/main/scheduler/dispatch/filters';
import type { JobRequirements } from '../../../../src/main/scheduler/dispatch/job-requirements';
import {
  betterLoad,
  type LoadFacts,
  loadOn,
  type ModelLoad,
  modelToLoad,
  type Serving,
  servingOf,
} from '../../../../src/main/scheduler/dispatch/model-loads';
import { DEFAULT_DISPATCH_POLICY } from '../../../../src/main/scheduler/dispatch/policy';
import type { NodeProfile, NodeRecord } from '../../../../src/main/scheduler/lifecycle/node-record';
import type { InstalledModel } from '../../../../src/main/scheduler/lifecycle/node-report';
import type { ModelResidency } from '../../../../src/shared/protocol/model-control';
import { aModel, aProfile, aReading, aRecord, aUsage, at, ownerLoadIn } from '../lifecycle/records';

const NOW_MS = 1_000_000;
const model = (modelId: string, vramGb: number | null = null, change: Partial<InstalledModel> = {}): InstalledModel =>
  aModel({ modelId, kind: 'llm', vramGb, actions: ['load', 'unload'], ...change });

interface NodeOf {
  readonly id?: string;
  readonly models: readonly InstalledModel[];
  readonly residency: Readonly<Record<string, ModelResidency>>;
  /** Seconds in memory, of each loaded model. */
  readonly agesSeconds?: Readonly<Record<string, number>>;
  readonly freeGb?: number | null;
  readonly record?: Partial<NodeRecord>;
  readonly profile?: Partial<NodeProfile>;
}

function node({ id = 'n', models, residency, agesSeconds = {}, freeGb = null, record = {}, profile = {} }: NodeOf): NodeRecord {
  const states = Object.fromEntries(
    models.map(
      ({ modelId }) => [modelId, residency[modelId] === 'loaded' || residency[modelId] === 'pinned' ? 'ready' : 'not_installed'] as const,
    ),
  );
  return aRecord({
    nodeId: id,
    online: true,
    status: 'ready',
    usage: aUsage(),
    gpus: [aReading({ memoryTotalGb: freeGb === null ? null : 24, memoryUsedGb: freeGb === null ? null : 24 - freeGb })],
    loadedSince: new Map(Object.entries(agesSeconds).map(([modelId, seconds]) => [modelId, at(NOW_MS - seconds * 1000)])),
    profile: aProfile({
      installedModels: models,
      capabilityState: states,
      modelResidency: residency,
      allowsModelControl: true,
      ...profile,
    }),
    ...record,
  });
}

const job = (...requiredModels: string[]): JobRequirements => ({ requiredModels, public: true });
const takes = (record: NodeRecord, wanted: JobRequirements): boolean =>
  isSchedulable(record, DEFAULT_DISPATCH_POLICY) && suits(record, wanted, DEFAULT_DISPATCH_POLICY);

const lm = { models: [model('a'), model('b')], residency: { a: 'cold', b: 'loaded' } } as const;
const unhealthy = (check: 'models' | 'gpu') =>
  ({
    window: [],
    consecutiveSuccesses: 0,
    consecutiveFailures: 1,
    lastCheck: { ok: false, failedChecks: [{ check }] },
  }) as unknown as NodeRecord['health'];

test.each<readonly [string, NodeRecord, JobRequirements, string | null]>([
  ['cold, not ready -> load', node(lm), job('a'), 'a'],
  ['ready -> none', node(lm), job('b'), null],
  ['not installed', node(lm), job('x'), null],
  ['two models, one of them not loadable', node(lm), job('a', 'x'), null],
  ['two models, one of them ready', node(lm), job('b', 'a'), 'a'],
  ['residency unknown -> none: unknown is not cold', node({ ...lm, residency: { b: 'loaded' } }), job('a'), null],
  ['being loaded', node({ ...lm, residency: { a: 'loading', b: 'loaded' } }), job('a'), null],
  ['server without load', node({ ...lm, models: [model('a', null, { actions: ['unload'] })] }), job('a'), null],
  ['disabled by the owner', node({ ...lm, models: [model('a', null, { enabled: false })] }), job('a'), null],
  ['owner forbids control', node({ ...lm, profile: { allowsModelControl: false } }), job('a'), null],
  ['older node', node({ ...lm, profile: { allowsModelControl: null } }), job('a'), null],
  ['cold and ready (Ollama): the first request loads it', node({ ...lm, profile: { capabilityState: { a: 'ready' } } }), job('a'), null],
  ['disconnected', node({ ...lm, record: { online: false } }), job('a'), null],
  ['draining', node({ ...lm, record: { status: 'draining' } }), job('a'), null],
  ['full', node({ ...lm, record: { assignedJobs: 4 } }), job('a'), null],
  ['the owner uses the computer', node({ ...lm, record: { usage: aUsage({ cpuPercent: 99 }) } }), job('a'), null],
  ['quarantined', node({ ...lm, record: { quarantine: { by: 'operator', reason: null, since: at(0) } } }), job('a'), null],
  ['job for another node', node(lm), { ...job('a'), nodeId: 'other' }, null],
  ['degraded since no model is ready', node({ ...lm, record: { status: 'degraded', health: unhealthy('models') } }), job('a'), 'a'],
  ['registering since no model is ready', node({ ...lm, record: { status: 'registering', health: unhealthy('models') } }), job('a'), 'a'],
  ['degraded for another reason', node({ ...lm, record: { status: 'degraded', health: unhealthy('gpu') } }), job('a'), null],
  [
    'does not fit beside a running job',
    node({ ...lm, models: [model('a', 20), model('b', 8)], freeGb: 10, record: { assignedJobs: 1 } }),
    job('a'),
    null,
  ],
])('%s', (_title, record, wanted, loaded) => {
  expect(modelToLoad(record, wanted, takes)).toBe(loaded);
});

const NOTHING: LoadFacts = { isLoading: () => false, isActing: () => false, isBackedOff: () => false, jobsOn: () => 0 };
/** The best of these nodes. */
const load = (records: readonly NodeRecord[], modelId: string, facts: Partial<LoadFacts> = {}): ModelLoad | null => {
  const best = records.map((record) => loadOn(record, modelId, { ...NOTHING, ...facts }, NOW_MS)).reduce(betterLoad, null);
  return best === null ? null : { nodeId: best.nodeId, modelId: best.modelId, unload: best.unload };
};
const idle = (agesSeconds: Readonly<Record<string, number>>, freeGb: number, change: Partial<NodeOf> = {}): NodeRecord =>
  node({
    models: [model('a', 10), model('b', 8), model('c', 8)],
    residency: { a: 'cold', b: 'loaded', c: 'loaded' },
    agesSeconds,
    freeGb,
    ...change,
  });
const OLD = { b: 100, c: 200 };

test.each<readonly [string, NodeRecord, Partial<LoadFacts>, readonly string[] | null]>([
  ['fits -> nothing is unloaded', idle(OLD, 12), {}, []],
  ['the model that was loaded first is unloaded', idle(OLD, 3), {}, ['c']],
  ['one model is not enough', idle(OLD, 0), {}, ['c', 'b']],
  ['a young model stays', idle({ b: 100, c: 59 }, 3), {}, ['b']],
  ['both are young -> no load', idle({ b: 10, c: 20 }, 3), {}, null],
  ['a model with a job stays', idle(OLD, 3), { jobsOn: (_node, id) => (id === 'c' ? 1 : 0) }, ['b']],
  ['a pinned model stays', idle(OLD, 3, { residency: { a: 'cold', b: 'loaded', c: 'pinned' } }), {}, ['b']],
  ['a load of the model runs elsewhere', idle(OLD, 12), { isLoading: () => true }, null],
  ['another load runs on the node', idle(OLD, 12), { isActing: () => true }, null],
  ['the last load failed a moment ago', idle(OLD, 12), { isBackedOff: () => true }, null],
  ['the server loads another model', idle(OLD, 12, { residency: { a: 'cold', b: 'loading' } }), {}, null],
])('space: %s', (_title, record, facts, unload) => {
  expect(load([record], 'a', facts)).toEqual(unload === null ? null : { nodeId: 'n', modelId: 'a', unload });
});

test.each<readonly [string, Partial<NodeOf>, boolean]>([
  ['idle, models old -> load', { agesSeconds: { b: 60 } }, true],
  ['idle, a model is young -> none, since the server may replace it', { agesSeconds: { b: 59 } }, false],
  ['a job runs -> none', { agesSeconds: { b: 60 }, record: { assignedJobs: 1 } }, false],
  ['nothing in memory -> load', { residency: { a: 'cold', b: 'cold' } }, true],
])('memory unknown: %s', (_title, change, isLoaded) => {
  expect(load([node({ ...lm, ...change })], 'a') !== null).toBe(isLoaded);
});

test('two models on one node: not loaded in turns', () => {
  const record = node({ models: [model('a'), model('b')], residency: { a: 'cold', b: 'cold' } });
  expect(load([record], 'b')).toEqual({ nodeId: 'n', modelId: 'b', unload: [] });
  const after = node({ models: [model('a'), model('b')], residency: { a: 'cold', b: 'loaded' }, agesSeconds: { b: 5 } });
  expect(load([after], 'a')).toBeNull();
});

test('several nodes: fewest models unloaded, then fewest jobs, then by id', () => {
  const full = idle(OLD, 3, { id: 'n1' });
  const busy = idle(OLD, 12, { id: 'n2', record: { assignedJobs: 1 } });
  const free = ['n4', 'n3'].map((id) => idle(OLD, 12, { id }));
  expect(load([full, busy, ...free], 'a')).toEqual({ nodeId: 'n3', modelId: 'a', unload: [] });
  expect(load([full, busy], 'a')).toEqual({ nodeId: 'n2', modelId: 'a', unload: [] });
});

const exclusionOf = (record: NodeRecord, wanted: JobRequirements) => firstExclusion(record, wanted, DEFAULT_DISPATCH_POLICY)?.code ?? null;
const CLAIM = aUsage({ runningJobs: 256 });
const OWNER_AT_WORK = aUsage({ gpuPercent: 100, ownerGpuPercent: 100 });

test.each<readonly [string, Partial<NodeRecord>, JobRequirements, Serving | null]>([
  ['free', {}, job('b'), 'now'],
  ['cold', {}, job('a'), null],
  ['disconnected', { online: false }, job('b'), null],
  ['full with assigned jobs', { assignedJobs: 4, usage: aUsage({ runningJobs: 4 }) }, job('b'), 'now'],
  ['full with assigned jobs that it has not reported yet', { assignedJobs: 4 }, job('b'), 'now'],
  ['full with jobs that it claims', { usage: CLAIM }, job('b'), 'when_idle'],
  ['one assigned job, and many that it claims', { assignedJobs: 1, usage: CLAIM }, job('b'), 'when_idle'],
  ['its owner uses it', { usage: OWNER_AT_WORK, ownerLoad: ownerLoadIn(OWNER_AT_WORK) }, job('b'), 'when_idle'],
  ['its owner uses it, and it is full', { assignedJobs: 4, ownerLoad: ownerLoadIn(OWNER_AT_WORK) }, job('b'), 'when_idle'],
])('serving: %s', (_title, change, wanted, serving) => {
  expect(servingOf(node({ ...lm, record: change }), wanted, exclusionOf)).toBe(serving);
});
