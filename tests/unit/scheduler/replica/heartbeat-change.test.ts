import { expect, test } from 'vitest';
import { heartbeatChange, reportedBy } from '../../../../src/main/scheduler/replica/core/heartbeat-change';
import type { NodeHeartbeat } from '../../../../src/shared/protocol/node-messages';
import { heartbeat } from '../../../support/test-node';

const usage = { cpu_percent: 10, mem_percent: 20, gpu_percent: 0, running_jobs: 0 };
const gpu = { index: 0, utilization_percent: 10, memory_used_gb: 2, memory_total_gb: 24, temperature_c: 40, available: true };
const before = heartbeat('mine', { resource_usage: usage, gpus: [gpu], accept_public_jobs: true });
const withUsage = (change: Partial<NodeHeartbeat['resource_usage']>): NodeHeartbeat => ({
  ...before,
  resource_usage: { ...usage, ...change },
});
const withGpu = (change: Partial<typeof gpu>): NodeHeartbeat => ({ ...before, gpus: [{ ...gpu, ...change }] });

test.each([
  ['only the time', { ...before, timestamp: 99 }, 'nothing'],
  ['a little more load', withUsage({ cpu_percent: 14.9 }), 'figures'],
  ['much more load', withUsage({ cpu_percent: 15 }), 'load'],
  ['a job begins', withUsage({ running_jobs: 1 }), 'load'],
  ['the memory is not known any more', withUsage({ mem_percent: null }), 'load'],
  ['a figure is measured for the first time', withUsage({ owner_cpu_percent: 1 }), 'load'],
  ['warmer', withGpu({ temperature_c: 90 }), 'figures'],
  ['a little more GPU memory', withGpu({ memory_used_gb: 3 }), 'figures'],
  ['much more GPU memory', withGpu({ memory_used_gb: 4 }), 'load'],
  ['GPU not available', withGpu({ available: false }), 'load'],
  ['another GPU', withGpu({ index: 1 }), 'load'],
  ['one GPU more', { ...before, gpus: [gpu, { ...gpu, index: 1 }] }, 'load'],
  ['no GPU figures', { ...before, gpus: null }, 'load'],
  ['a model', { ...before, capability_state: { 'llm-a': 'ready' } }, 'profile'],
  ['a setting of the owner', { ...before, accept_public_jobs: false }, 'profile'],
] satisfies [string, NodeHeartbeat, string][])('%s -> %s', (_name, next, expected) => {
  expect(heartbeatChange(reportedBy(before), reportedBy(next))).toBe(expected);
});

test('the first heartbeat -> whole', () => {
  expect(heartbeatChange(null, reportedBy(before))).toBe('profile');
});
