// One count of the pool: what is offered, and what the pool and the owners use of it.
import { expect, test } from 'vitest';
import { type PoolCount, PoolCounter } from '../../../../../src/main/scheduler/history/core/pool-count';
import type { NodeRecord } from '../../../../../src/main/scheduler/lifecycle/node-record';
import type { AvailabilityState } from '../../../../../src/shared/protocol/status';
import { aGpu, aModel, aProfile, aReading, aRecord, aUsage } from '../../lifecycle/records';

const GPU = { cpuCores: 8, memoryGb: 32, gpus: [aGpu({ index: 0 })] };
const TWO_GPUS = { ...GPU, gpus: [aGpu({ index: 0 }), aGpu({ index: 1 })] };
const owner = (gpuPercent: number | null) => ({ cpuPercent: null, gpuPercent, isMeasured: true, idle: null });

const countOf = (...nodes: readonly (readonly [Partial<NodeRecord>, AvailabilityState?])[]): PoolCount => {
  const counter = new PoolCounter();
  for (const [change, state = 'available'] of nodes)
    counter.add(aRecord({ online: true, status: 'ready', provenSlots: 2, ...change }), state);
  return counter.count();
};

const loaded = aModel({ modelId: 'llm', vramGb: 8, isLoaded: true });

test.each<readonly [name: string, change: Partial<NodeRecord>, expected: Partial<PoolCount>]>([
  [
    'no heartbeat',
    { usage: null, gpus: null },
    { poolGpuPercent: null, ownersGpuPercent: null, poolVramGb: null, ownersVramGb: null, gpus: 1, vramGb: 24 },
  ],
  [
    'load of the owner known',
    { usage: aUsage({ gpuPercent: 80 }), ownerLoad: owner(20), gpus: [aReading({ utilizationPercent: 80 })] },
    { poolGpuPercent: 60, ownersGpuPercent: 20 },
  ],
  [
    'load of the owner above the reading of the moment',
    { usage: aUsage({ gpuPercent: 30 }), ownerLoad: owner(90), gpus: [aReading({ utilizationPercent: 40 })] },
    { poolGpuPercent: 0, ownersGpuPercent: 40 },
  ],
  [
    'load of the owner unknown -> of the pool, whose jobs run',
    { usage: aUsage({ gpuPercent: 50 }), ownerLoad: owner(null), gpus: [aReading({ utilizationPercent: 50 })] },
    { poolGpuPercent: 50, ownersGpuPercent: 0 },
  ],
  [
    'two GPUs, one idle -> the mean of both',
    {
      profile: aProfile({ hardware: TWO_GPUS }),
      usage: aUsage({ gpuPercent: 80 }),
      ownerLoad: owner(40),
      gpus: [aReading({ utilizationPercent: 80 }), aReading({ index: 1, utilizationPercent: 0 })],
    },
    { gpus: 2, offeredGpus: 2, poolGpuPercent: 20, ownersGpuPercent: 20 },
  ],
  [
    'no figures of single GPUs -> the figure of the node',
    { usage: aUsage({ gpuPercent: 40 }), ownerLoad: owner(10), gpus: null },
    { poolGpuPercent: 30, ownersGpuPercent: 10 },
  ],
  [
    'unusable GPU -> no load and not offered',
    { usage: aUsage({ gpuPercent: null }), gpus: [aReading({ available: false })] },
    { offeredGpus: 0, poolGpuPercent: null },
  ],
  [
    'memory of a loaded model -> of the pool, the rest of the owner',
    { profile: aProfile({ hardware: GPU, installedModels: [loaded] }), gpus: [aReading({ memoryUsedGb: 10, memoryTotalGb: 24 })] },
    { poolVramGb: 8, ownersVramGb: 2 },
  ],
  [
    'model listed once per language -> counted once',
    { profile: aProfile({ hardware: GPU, installedModels: [loaded, loaded] }), gpus: [aReading({ memoryUsedGb: 20 })] },
    { poolVramGb: 8, ownersVramGb: 12 },
  ],
  [
    'model larger than the memory in use -> no more than is in use',
    { profile: aProfile({ hardware: GPU, installedModels: [loaded] }), gpus: [aReading({ memoryUsedGb: 3 })] },
    { poolVramGb: 3, ownersVramGb: 0 },
  ],
  [
    'cold model -> memory of the owner',
    {
      profile: aProfile({ hardware: GPU, installedModels: [loaded], modelResidency: { llm: 'cold' } }),
      gpus: [aReading({ memoryUsedGb: 3 })],
    },
    { poolVramGb: 0, ownersVramGb: 3 },
  ],
  ['GPU without memory -> no GPU', { profile: aProfile({ hardware: { ...GPU, gpus: [aGpu({ memoryGb: 0 })] } }) }, { gpus: 0, vramGb: 0 }],
  [
    'disconnected: its load is not known',
    { online: false, usage: aUsage({ gpuPercent: 80 }) },
    { usedSlots: 0, poolGpuPercent: null, gpus: 1 },
  ],
])('pool count: %s', (_name, change, expected) => {
  expect(countOf([change])).toMatchObject(expected);
});

test('pool count: nodes of several states -> GPUs, slots and slots in use of those that take jobs', () => {
  const busy = { assignedJobs: 1 };
  expect(countOf([busy], [busy, 'full'], [busy, 'busy'], [busy, 'draining'], [{}, 'paused'], [{ online: false }, 'offline'])).toMatchObject(
    {
      nodes: { available: 1, full: 1, busy: 1, draining: 1, paused: 1, offline: 1, degraded: 0 },
      gpus: 6,
      offeredGpus: 2,
      slots: 4,
      usedSlots: 2,
    },
  );
});

test('pool count: only a busy node -> no slot is free', () => {
  expect(countOf([{}, 'busy'])).toMatchObject({ slots: 0, usedSlots: 0 });
});

test('pool count: limit lowered below the running jobs -> the free slots of the other nodes stay free', () => {
  expect(countOf([{ assignedJobs: 5 }, 'full'], [{ assignedJobs: 1 }])).toMatchObject({ slots: 7, usedSlots: 6 });
});
