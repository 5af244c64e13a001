// Which models of a node are in memory, since when, and which acts are refused (ADR 0025).
import { expect, test } from 'vitest';
import {
  type ControlQuestion,
  type ControlRefusal,
  controlRefusalOf,
  MINIMUM_RESIDENCE_MS,
  residencyOf,
} from '../../../../src/main/scheduler/lifecycle/model-residency';
import type { NodeProfile, NodeRecord } from '../../../../src/main/scheduler/lifecycle/node-record';
import { nodeTransition } from '../../../../src/main/scheduler/lifecycle/transition';
import { sameExceptLoaded, updatedProfile } from '../../../../src/main/scheduler/lifecycle/profile-update';
import { profileBytes } from '../../../../src/main/scheduler/nodes/core/profile-bytes';
import { toStoredProfile } from '../../../../src/main/scheduler/nodes/core/stored-node-schema';
import type { ModelAction, ModelResidency } from '../../../../src/shared/protocol/model-control';
import { aModel, aProfile, aRecord, aReport, at, healthyBeat, POLICY } from './records';

const m = aModel({ modelId: 'm', actions: ['load', 'unload', 'pin', 'unpin'] });

test.each<readonly [string, Partial<NodeProfile>, ModelResidency | null]>([
  ['reported', { modelResidency: { m: 'pinned' } }, 'pinned'],
  ['left out -> unknown, not cold', { modelResidency: {} }, null],
  ['left out, although loaded is reported -> unknown', { modelResidency: {}, installedModels: [{ ...m, isLoaded: true }] }, null],
  ['older node, loaded', { installedModels: [{ ...m, isLoaded: true }] }, 'loaded'],
  ['older node, not loaded', { installedModels: [{ ...m, isLoaded: false }] }, 'cold'],
  ['older node, unknown', { installedModels: [m] }, null],
  ['not installed', { installedModels: [] }, null],
])('residency: %s', (_title, fields, residency) => {
  expect(residencyOf(aProfile({ installedModels: [m], ...fields }), 'm')).toBe(residency);
});

test('name of a property of objects -> no residency', () => {
  expect(residencyOf(aProfile({ modelResidency: {} }), 'constructor')).toBeNull();
});

test('heartbeat: residency of models that are not installed is dropped, null keeps, equal keeps the object', () => {
  const before = aProfile({ installedModels: [m] });
  const after = updatedProfile(before, aReport({ modelResidency: { m: 'loaded', other: 'cold' }, allowsModelControl: true }));
  expect([after.modelResidency, after.allowsModelControl]).toEqual([{ m: 'loaded' }, true]);
  expect(updatedProfile(after, aReport())).toBe(after);
  expect(updatedProfile(after, aReport({ modelResidency: { m: 'loaded' }, allowsModelControl: true }))).toBe(after);
  expect(updatedProfile(after, aReport({ modelResidency: {} })).modelResidency).toEqual({});
  expect(sameExceptLoaded(before, after)).toBe(true);
  expect(sameExceptLoaded(before, { ...before, installedModels: [{ ...m, actions: ['load'] }] })).toBe(false);
  expect(toStoredProfile(after)).toEqual(toStoredProfile(before));
  expect(profileBytes(after)).toBeGreaterThan(profileBytes(before));
});

test('time in memory: from the first report, kept across a registration, ends with the model', () => {
  const beat = (record: NodeRecord | null, residency: ModelResidency, atMs: number) =>
    nodeTransition(record, healthyBeat({ modelResidency: { m: residency } }), at(atMs), POLICY)[0];
  const since = (record: NodeRecord | null) => record?.loadedSince?.get('m')?.monotonicMs ?? null;
  let record: NodeRecord | null = aRecord({ profile: aProfile({ installedModels: [m] }), online: true });
  expect(since((record = beat(record, 'loading', 10)))).toBeNull();
  expect(since((record = beat(record, 'loaded', 20)))).toBe(20);
  expect(since((record = beat(record, 'pinned', 30)))).toBe(20);
  const registered = { type: 'registered', nodeId: record?.nodeId ?? '', profile: aProfile({ installedModels: [m] }) } as const;
  [record] = nodeTransition(record, { ...registered, assignedJobs: 0 }, at(40), POLICY);
  expect(since((record = beat(record, 'loaded', 50)))).toBe(20);
  expect(since((record = beat(record, 'cold', 60)))).toBeNull();
  expect(since(beat(record, 'loaded', 70))).toBe(70);
});

test('time of a load: from the first report, ends with the load', () => {
  const beat = (record: NodeRecord | null, residency: ModelResidency, atMs: number) =>
    nodeTransition(record, healthyBeat({ modelResidency: { m: residency } }), at(atMs), POLICY)[0];
  const since = (record: NodeRecord | null) => record?.loadingSince?.get('m')?.monotonicMs ?? null;
  let record: NodeRecord | null = aRecord({ profile: aProfile({ installedModels: [m] }), online: true });
  expect(since((record = beat(record, 'cold', 10)))).toBeNull();
  expect(since((record = beat(record, 'loading', 20)))).toBe(20);
  expect(since((record = beat(record, 'loading', 30)))).toBe(20);
  expect(record?.loadingSince).toBe(beat(record, 'loading', 40)?.loadingSince);
  expect(since(beat(record, 'loaded', 50))).toBeNull();
});

const NOW_MS = 1_000_000;
const node = (residency: ModelResidency, change: Partial<NodeRecord> = {}, profile: Partial<NodeProfile> = {}): NodeRecord =>
  aRecord({
    online: true,
    profile: aProfile({ installedModels: [m], modelResidency: { m: residency }, allowsModelControl: true, ...profile }),
    ...change,
  });
const ask = (action: ModelAction, change: Partial<ControlQuestion> = {}): ControlQuestion => ({
  modelId: 'm',
  action,
  isAutomatic: false,
  jobs: 0,
  ...change,
});
const young = { loadedSince: new Map([['m', at(NOW_MS - 1000)]]) };
const old = { loadedSince: new Map([['m', at(NOW_MS - MINIMUM_RESIDENCE_MS)]]) };

test.each<readonly [string, NodeRecord, ControlQuestion, ControlRefusal | null]>([
  ['load', node('cold'), ask('load'), null],
  ['not connected', node('cold', { online: false }), ask('load'), { code: 'not_connected' }],
  ['unknown model', node('cold'), ask('load', { modelId: 'x' }), { code: 'unknown_model' }],
  ['older node', node('cold', {}, { allowsModelControl: null }), ask('load'), { code: 'not_supported', cause: 'old_node' }],
  [
    'action of another server',
    node('cold', {}, { installedModels: [{ ...m, actions: ['load'] }] }),
    ask('pin'),
    { code: 'not_supported', cause: 'no_action' },
  ],
  ['owner forbids', node('cold', {}, { allowsModelControl: false }), ask('load'), { code: 'not_allowed' }],
  ['unload with a job', node('loaded'), ask('unload', { jobs: 2 }), { code: 'has_work', jobs: 2 }],
  ['unload pinned', node('pinned'), ask('unload'), { code: 'pinned' }],
  ['pin with a job', node('loaded'), ask('pin', { jobs: 2 }), null],
  ['unload by an operator, just loaded', node('loaded', young), ask('unload'), null],
  [
    'automatic unload, just loaded',
    node('loaded', young),
    ask('unload', { isAutomatic: true }),
    { code: 'minimum_residence', leftMs: MINIMUM_RESIDENCE_MS - 1000 },
  ],
  ['automatic unload after the minimum residence', node('loaded', old), ask('unload', { isAutomatic: true }), null],
])('%s', (_title, record, question, refusal) => {
  expect(controlRefusalOf(record, question, NOW_MS)).toEqual(refusal);
});
