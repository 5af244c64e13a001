// The owner's load of a node: reported, or the whole load of a node without a job (docs/dispatch.md, Owner's load).
import { expect, test } from 'vitest';
import { NO_OWNER_LOAD, type OwnerLoad, ownerLoadOf } from '../../../../src/main/scheduler/lifecycle/owner-load';
import type { NodeUsage } from '../../../../src/main/scheduler/lifecycle/node-report';
import { played, registered } from './play';
import { aRecord, aUsage, healthyBeat, jobAssigned } from './records';

interface Beat {
  readonly atMs: number;
  readonly usage: Partial<NodeUsage>;
  readonly inFlight: number;
}
const beat = (atMs: number, usage: Partial<NodeUsage>, inFlight = 0): Beat => ({ atMs, usage, inFlight });

const after = (beats: readonly Beat[]): OwnerLoad =>
  beats.reduce((load, { atMs, usage, inFlight }) => ownerLoadOf(load, aUsage(usage), inFlight, atMs), NO_OWNER_LOAD);

test.each<readonly [string, readonly Beat[], readonly [number | null, number | null]]>([
  ['no job -> the whole load', [beat(0, { cpuPercent: 30, gpuPercent: 40 })], [30, 40]],
  ['GPU not measured -> unknown', [beat(0, { cpuPercent: 30, gpuPercent: undefined })], [30, null]],
  ['GPU not usable -> unknown', [beat(0, { cpuPercent: 30, gpuPercent: null })], [30, null]],
  ['job in flight, no earlier reading -> unknown', [beat(0, { cpuPercent: 90, gpuPercent: 99 }, 1)], [null, null]],
  [
    'job in flight -> the last reading without one',
    [beat(0, { cpuPercent: 10, gpuPercent: 5 }), beat(15_000, { cpuPercent: 90, gpuPercent: 99 }, 1)],
    [10, 5],
  ],
  [
    'that reading is 60 s old -> it counts',
    [beat(0, { cpuPercent: 10, gpuPercent: 5 }), beat(60_000, { cpuPercent: 90, gpuPercent: 99 }, 2)],
    [10, 5],
  ],
  [
    'that reading is older -> unknown',
    [beat(0, { cpuPercent: 10, gpuPercent: 5 }), beat(60_001, { cpuPercent: 90, gpuPercent: 99 }, 2)],
    [null, null],
  ],
  ['reported by the node -> also while jobs run', [beat(0, { cpuPercent: 90, ownerCpuPercent: 7, ownerGpuPercent: 3 }, 4)], [7, 3]],
  ['reported as unknown -> unknown', [beat(0, { cpuPercent: 90, ownerCpuPercent: null, ownerGpuPercent: null })], [null, null]],
  [
    'only the CPU is reported -> the rule for others holds for the GPU',
    [beat(0, { gpuPercent: 50, ownerCpuPercent: 7 }), beat(15_000, { gpuPercent: 99, ownerCpuPercent: 8 }, 1)],
    [8, 50],
  ],
])('%s', (_title, beats, [cpuPercent, gpuPercent]) => {
  expect(after(beats)).toMatchObject({ cpuPercent, gpuPercent });
});

test('a node that reports one of the loads -> it measures', () => {
  expect(after([beat(0, {})]).isMeasured).toBe(false);
  expect(after([beat(0, { ownerCpuPercent: null })]).isMeasured).toBe(true);
});

test('node registers again while a job is in flight -> the last reading without a job still counts', () => {
  const busy = healthyBeat({ usage: aUsage({ cpuPercent: 90, gpuPercent: 99, runningJobs: 1 }) });
  const start = aRecord({ usage: aUsage({ cpuPercent: 10, gpuPercent: 5 }) });
  const record = (beatMs: number) =>
    played(start, [
      [1000, jobAssigned()],
      [2000, registered()],
      [beatMs, busy],
    ]);
  expect(record(3000).ownerLoad).toMatchObject({ cpuPercent: 10, gpuPercent: 5 });
  expect(record(61_000).ownerLoad).toMatchObject({ cpuPercent: null, gpuPercent: null });
});
