// Which limit of the load holds for each resource, and the loads that exceed it (docs/dispatch.md, Limits).
import { describe, expect, test } from 'vitest';
import { resourceUse } from '../../../../src/main/scheduler/dispatch/filters/resource-use';
import { loadLimitsOf } from '../../../../src/main/scheduler/dispatch/load-limits';
import { DEFAULT_DISPATCH_POLICY, type DispatchPolicy } from '../../../../src/main/scheduler/dispatch/policy';
import type { NodeRecord } from '../../../../src/main/scheduler/lifecycle/node-record';
import type { OwnerLimits } from '../../../../src/main/scheduler/lifecycle/node-report';
import { aProfile, aRecord, aUsage } from '../lifecycle/records';

const anyJob = { requiredModels: [], public: true };
const NOT_SET = { cpuPercent: undefined, gpuPercent: undefined, memoryPercent: undefined };
const NONE_CONFIGURED = DEFAULT_DISPATCH_POLICY.limits;

const policyOf = (overrides: Partial<DispatchPolicy>): DispatchPolicy => ({ ...DEFAULT_DISPATCH_POLICY, ...overrides });
const seed25 = policyOf({ limits: { cpuPercent: 25, gpuPercent: 25, memoryPercent: 25 } });
const ownPool = policyOf({ isOnLoopback: true, isOwnPool: true });
const measured = { usage: aUsage({ ownerCpuPercent: 5, ownerGpuPercent: 0 }) };
const setBy = (limits: Partial<OwnerLimits>): Partial<NodeRecord> => ({ profile: aProfile({ limits: { ...NOT_SET, ...limits } }) });

type LimitCase = readonly [
  string,
  Partial<NodeRecord>,
  DispatchPolicy,
  Readonly<Record<'cpu' | 'gpu' | 'mem', readonly [number | null, string]>>,
];

const limitCases: readonly LimitCase[] = [
  ['node that does not measure', {}, policyOf({}), { cpu: [25, 'default'], gpu: [25, 'default'], mem: [90, 'default'] }],
  [
    'node without a heartbeat -> as one that measures',
    { usage: null },
    policyOf({}),
    { cpu: [60, 'default'], gpu: [25, 'default'], mem: [90, 'default'] },
  ],
  ['node that measures', measured, policyOf({}), { cpu: [60, 'default'], gpu: [25, 'default'], mem: [90, 'default'] }],
  ['operator sets all', measured, seed25, { cpu: [25, 'scheduler'], gpu: [25, 'scheduler'], mem: [25, 'scheduler'] }],
  [
    'operator sets one',
    measured,
    policyOf({ limits: { ...NONE_CONFIGURED, gpuPercent: 50 } }),
    { cpu: [60, 'default'], gpu: [50, 'scheduler'], mem: [90, 'default'] },
  ],
  [
    'operator sets 100 -> no limit',
    {},
    policyOf({ limits: { ...NONE_CONFIGURED, cpuPercent: 100 } }),
    { cpu: [null, 'scheduler'], gpu: [25, 'default'], mem: [90, 'default'] },
  ],
  ['own pool', {}, ownPool, { cpu: [null, 'own_pool'], gpu: [null, 'own_pool'], mem: [null, 'own_pool'] }],
  [
    'own pool, operator sets all',
    {},
    { ...ownPool, limits: seed25.limits },
    { cpu: [25, 'scheduler'], gpu: [25, 'scheduler'], mem: [25, 'scheduler'] },
  ],
  ['owner sets one', setBy({ gpuPercent: 40 }), seed25, { cpu: [25, 'scheduler'], gpu: [40, 'owner'], mem: [25, 'scheduler'] }],
  [
    'owner sets none for one',
    setBy({ cpuPercent: null }),
    seed25,
    { cpu: [null, 'owner'], gpu: [25, 'scheduler'], mem: [25, 'scheduler'] },
  ],
  [
    'owner sets a limit in an own pool',
    setBy({ cpuPercent: 30 }),
    ownPool,
    { cpu: [30, 'owner'], gpu: [null, 'own_pool'], mem: [null, 'own_pool'] },
  ],
];

describe('limits', () => {
  test.each(limitCases)('%s', (_title, overrides, policy, expected) => {
    const { cpuPercent, gpuPercent, memoryPercent } = loadLimitsOf(aRecord(overrides), policy);
    const found = { cpu: cpuPercent, gpu: gpuPercent, mem: memoryPercent };
    for (const use of ['cpu', 'gpu', 'mem'] as const)
      expect(found[use], use).toEqual({ percent: expected[use][0], setBy: expected[use][1] });
  });
});

const foundOf = (overrides: Partial<NodeRecord>, policy = policyOf({})): unknown =>
  resourceUse(aRecord(overrides), anyJob, policy)?.found ?? null;
const memory = (memoryGb: number, percent: number) => ({
  profile: aProfile({ hardware: { cpuCores: 8, memoryGb, gpus: [] } }),
  usage: aUsage({ memoryPercent: percent }),
});

describe('loads over a limit', () => {
  test.each<readonly [string, Partial<NodeRecord>, unknown]>([
    ['half of the memory in use', { usage: aUsage({ memoryPercent: 49 }) }, null],
    ['memory just below its limit', { usage: aUsage({ memoryPercent: 89.9 }) }, null],
    ['memory at its limit', { usage: aUsage({ memoryPercent: 90 }) }, { mem_percent: 90 }],
    ['2 GB available', memory(8, 75), null],
    ['less than 2 GB available', memory(8, 80), { available_memory_gb: 1.6 }],
    ['owner at 59.9 % of the CPU', { usage: aUsage({ cpuPercent: 99, ownerCpuPercent: 59.9, ownerGpuPercent: 0 }) }, null],
    ['owner at 60 % of the CPU', { usage: aUsage({ cpuPercent: 99, ownerCpuPercent: 60, ownerGpuPercent: 0 }) }, { cpu_percent: 60 }],
    ['pool uses the whole GPU', { usage: aUsage({ gpuPercent: 100, ownerCpuPercent: 1, ownerGpuPercent: 2, runningJobs: 1 }) }, null],
    ['owner uses the GPU', { usage: aUsage({ gpuPercent: 100, ownerCpuPercent: 1, ownerGpuPercent: 25 }) }, { gpu_percent: 25 }],
    ['owner load of the GPU not known yet', { usage: aUsage({ gpuPercent: 100, ownerCpuPercent: 1, ownerGpuPercent: null }) }, null],
    ['no heartbeat yet', { usage: null }, null],
  ])('%s', (_title, overrides, expected) => {
    const exclusion = resourceUse(aRecord(overrides), anyJob, policyOf({}));
    if (overrides.usage === null) expect(exclusion?.code).toBe('resource_threshold_exceeded');
    expect(exclusion?.found ?? null).toEqual(expected);
  });

  test('limit of a person -> no rule about available memory', () => {
    expect(foundOf({ ...memory(4, 80), ...setBy({ memoryPercent: null }) })).toBeNull();
    expect(foundOf(memory(4, 80), policyOf({ limits: { ...NONE_CONFIGURED, memoryPercent: 85 } }))).toBeNull();
  });

  test('exclusion -> limits with who set each', () => {
    const busy = aRecord({ ...measured, ...setBy({ gpuPercent: 40 }), usage: aUsage({ ownerCpuPercent: 71, ownerGpuPercent: 41 }) });
    expect(resourceUse(busy, anyJob, policyOf({}))).toEqual({
      filter: 'resource_use',
      code: 'resource_threshold_exceeded',
      wanted: {
        cpu_percent_below: 60,
        gpu_percent_below: 40,
        mem_percent_below: 90,
        available_memory_gb: 2,
        set_by: { cpu: 'default', gpu: 'owner', mem: 'default' },
      },
      found: { cpu_percent: 71, gpu_percent: 41 },
    });
  });
});
