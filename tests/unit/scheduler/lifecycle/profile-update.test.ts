import { describe, expect, test } from 'vitest';
import { updatedProfile } from '../../../../src/main/scheduler/lifecycle/profile-update';
import type { NodeHeartbeat } from '../../../../src/shared/protocol/node-messages';
import { aHeartbeat, aModel, aProfile } from './records';

const profile = aProfile({
  installedModels: [aModel()],
  capabilityState: { 'nmt-en-zh': 'ready' },
  acceptPublicJobs: true,
  maxConcurrentJobs: 4,
});

describe('profile update: heartbeat without changes -> same object', () => {
  test.each<readonly [string, Partial<NodeHeartbeat>]>([
    ['fields absent', {}],
    ['fields null', { installed_models: null, capability_state: null, accept_public_jobs: null, max_concurrent_jobs: null }],
    [
      'fields equal',
      { installed_models: [aModel()], capability_state: { 'nmt-en-zh': 'ready' }, accept_public_jobs: true, max_concurrent_jobs: 4 },
    ],
  ])('%s', (_case, fields) => {
    expect(updatedProfile(profile, aHeartbeat(fields))).toBe(profile);
  });
});

describe('profile update: heartbeat with changes -> only these fields change', () => {
  test.each<readonly [Partial<NodeHeartbeat>, object]>([
    [{ installed_models: [] }, { installedModels: [] }],
    [{ installed_models: [aModel({ version: '2' })] }, { installedModels: [aModel({ version: '2' })] }],
    [{ installed_models: [aModel({ tokens_per_second: 52.5 })] }, { installedModels: [aModel({ tokens_per_second: 52.5 })] }],
    [{ installed_models: [aModel({ enabled: false })] }, { installedModels: [aModel({ enabled: false })] }],
    [{ installed_models: [aModel({ tasks: [] })] }, { installedModels: [aModel({ tasks: [] })] }],
    [{ installed_models: [aModel({ tasks: ['command'] })] }, { installedModels: [aModel({ tasks: ['command'] })] }],
    [{ capability_state: {} }, { capabilityState: {} }],
    [{ capability_state: { 'nmt-en-zh': 'error' } }, { capabilityState: { 'nmt-en-zh': 'error' } }],
    [{ capability_state: { other: 'ready' } }, { capabilityState: { other: 'ready' } }],
    [{ accept_public_jobs: false }, { acceptPublicJobs: false }],
    [{ max_concurrent_jobs: 1 }, { maxConcurrentJobs: 1 }],
  ])('%j', (fields, expected) => {
    expect(updatedProfile(profile, aHeartbeat(fields))).toEqual({ ...profile, ...expected });
  });
});

test('profile update: first capability state, even empty -> replaces null', () => {
  const withoutState = aProfile({ capabilityState: null });
  expect(updatedProfile(withoutState, aHeartbeat({ capability_state: {} })).capabilityState).toEqual({});
});

test('profile update: equal tasks -> same object', () => {
  const withTasks = aProfile({ installedModels: [aModel({ tasks: ['command'] })] });
  expect(updatedProfile(withTasks, aHeartbeat({ installed_models: [aModel({ tasks: ['command'] })] }))).toBe(withTasks);
});
