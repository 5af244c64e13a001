import { describe, expect, test } from 'vitest';
import { updatedProfile } from '../../../../src/main/scheduler/lifecycle/profile-update';
import type { NodeReport } from '../../../../src/main/scheduler/lifecycle/node-report';
import { aModel, aProfile, aReport } from './records';

const profile = aProfile({
  installedModels: [aModel()],
  capabilityState: { 'nmt-en-zh': 'ready' },
  acceptPublicJobs: true,
  maxConcurrentJobs: 4,
});

describe('profile update: heartbeat without changes -> same object', () => {
  test.each<readonly [string, Partial<NodeReport>]>([
    ['fields null', { installedModels: null, capabilityState: null, acceptPublicJobs: null, maxConcurrentJobs: null }],
    [
      'fields equal',
      { installedModels: [aModel()], capabilityState: { 'nmt-en-zh': 'ready' }, acceptPublicJobs: true, maxConcurrentJobs: 4 },
    ],
  ])('%s', (_case, fields) => {
    expect(updatedProfile(profile, aReport(fields))).toBe(profile);
  });
});

describe('profile update: heartbeat with changes -> only these fields change', () => {
  test.each<readonly [Partial<NodeReport>, object]>([
    [{ installedModels: [] }, { installedModels: [] }],
    [{ installedModels: [aModel({ version: '2' })] }, { installedModels: [aModel({ version: '2' })] }],
    [{ installedModels: [aModel({ tokensPerSecond: 52.5 })] }, { installedModels: [aModel({ tokensPerSecond: 52.5 })] }],
    [{ installedModels: [aModel({ enabled: false })] }, { installedModels: [aModel({ enabled: false })] }],
    [{ installedModels: [aModel({ tasks: [] })] }, { installedModels: [aModel({ tasks: [] })] }],
    [{ installedModels: [aModel({ tasks: ['command'] })] }, { installedModels: [aModel({ tasks: ['command'] })] }],
    [{ capabilityState: {} }, { capabilityState: {} }],
    [{ capabilityState: { 'nmt-en-zh': 'error' } }, { capabilityState: { 'nmt-en-zh': 'error' } }],
    [{ capabilityState: { other: 'ready' } }, { capabilityState: { other: 'ready' } }],
    [{ acceptPublicJobs: false }, { acceptPublicJobs: false }],
    [{ maxConcurrentJobs: 1 }, { maxConcurrentJobs: 1 }],
  ])('%j', (fields, expected) => {
    expect(updatedProfile(profile, aReport(fields))).toEqual({ ...profile, ...expected });
  });
});

test('profile update: first capability state, even empty -> replaces null', () => {
  const withoutState = aProfile({ capabilityState: null });
  expect(updatedProfile(withoutState, aReport({ capabilityState: {} })).capabilityState).toEqual({});
});

test('profile update: equal tasks -> same object', () => {
  const withTasks = aProfile({ installedModels: [aModel({ tasks: ['command'] })] });
  expect(updatedProfile(withTasks, aReport({ installedModels: [aModel({ tasks: ['command'] })] }))).toBe(withTasks);
});
