// Why models of a node are not ready: shown, of known models only, and as each connection reports it.
import { expect, test } from 'vitest';
import { sameExceptLoaded, updatedProfile } from '../../../../src/main/scheduler/lifecycle/profile-update';
import { parseHeartbeat } from '../../../../src/main/scheduler/nodes/core/node-report-views';
import { modelsViewOf } from '../../../../src/main/scheduler/nodes/core/node-view';
import { toStoredProfile } from '../../../../src/main/scheduler/nodes/core/stored-node-schema';
import { nodeHeartbeatSchema } from '../../../../src/shared/protocol/node-messages';
import { aProfile, aRecord, aReport } from './records';

const before = aProfile({ capabilityState: { m: 'error', n: 'ready' } });

test('reasons: of models with a state; the same ones keep the profile; empty ones end them; absent ones stay', () => {
  const after = updatedProfile(before, aReport({ modelReasons: { m: 'unreadable', other: 'unreadable' } }));
  expect(after.modelReasons).toEqual({ m: 'unreadable' });
  expect(updatedProfile(after, aReport({ modelReasons: { m: 'unreadable' } }))).toBe(after);
  expect(updatedProfile(after, aReport())).toBe(after);
  expect(updatedProfile(after, aReport({ modelReasons: {} })).modelReasons).toEqual({});
});

test('reasons are of the connection: no other profile, and not stored', () => {
  const after = updatedProfile(before, aReport({ modelReasons: { m: 'unreadable' } }));
  expect(sameExceptLoaded(before, after)).toBe(true);
  expect(toStoredProfile(after)).not.toHaveProperty('modelReasons');
});

test('view of the node: the reasons; none of an older node', () => {
  const profile = updatedProfile(before, aReport({ modelReasons: { m: 'unreadable' } }));
  expect(modelsViewOf(aRecord({ profile })).model_reasons).toEqual({ m: 'unreadable' });
  expect(modelsViewOf(aRecord({ profile: before }))).not.toHaveProperty('model_reasons');
});

test.each([
  ['codes', { m: 'process_not_running', n: 'http_503' }, { m: 'process_not_running', n: 'http_503' }],
  ['a text is no code', { m: 'Cannot read /home/kai' }, null],
  ['too long', { m: 'a'.repeat(65) }, null],
  ['older node', undefined, null],
])('heartbeat with reasons: %s', (_case, reasons, expected) => {
  const usage = { cpu_percent: 1, mem_percent: 1, gpu_percent: 1, running_jobs: 0 };
  const beat = { type: 'node_heartbeat', node_id: 'node-A', timestamp: 1, resource_usage: usage };
  const parsed = nodeHeartbeatSchema.parse(reasons === undefined ? beat : { ...beat, model_reasons: reasons });
  expect(parseHeartbeat(parsed).modelReasons).toEqual(expected);
});
