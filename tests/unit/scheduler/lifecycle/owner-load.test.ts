// The owner's load of a node: reported, or the whole load of a node without a job (docs/dispatch.md, Owner's load).
import { describe, expect, test } from 'vitest';
import { availabilityStateOf } from '../../../../src/main/scheduler/dispatch/availability';
import { DEFAULT_DISPATCH_POLICY } from '../../../../src/main/scheduler/dispatch/policy';
import { otherDeadlineMonotonicMs } from '../../../../src/main/scheduler/lifecycle/deadlines';
import type { NodeRecord } from '../../../../src/main/scheduler/lifecycle/node-record';
import { NO_OWNER_LOAD, type OwnerLoad, ownerLoadOf } from '../../../../src/main/scheduler/lifecycle/owner-load';
import type { NodeUsage } from '../../../../src/main/scheduler/lifecycle/node-report';
import { deadline, played, registered } from './play';
import { aRecord, aUsage, healthyBeat, jobAssigned, POLICY } from './records';

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

describe('a reading without a job grows older than 60 s while a job is in flight', () => {
  const idle = aRecord({ usage: aUsage({ cpuPercent: 30, gpuPercent: 5 }) });
  const loadAt = (ms: number, record: NodeRecord): OwnerLoad => played(record, [[ms, deadline]]).ownerLoad;
  const busy = played(idle, [
    [1000, jobAssigned()],
    [50_000, healthyBeat({ usage: aUsage({ cpuPercent: 90, gpuPercent: 99, runningJobs: 1 }) })],
  ]);

  test('a deadline between two heartbeats -> the load is unknown, and the node is not busy any more', () => {
    expect(otherDeadlineMonotonicMs(busy, POLICY)).toBe(60_001);
    expect(loadAt(60_000, busy)).toMatchObject({ cpuPercent: 30, gpuPercent: 5 });
    expect(loadAt(60_001, busy)).toMatchObject({ cpuPercent: null, gpuPercent: null });
    const states = [busy, played(busy, [[60_001, deadline]])].map((record) => availabilityStateOf(record, DEFAULT_DISPATCH_POLICY));
    expect(states).toEqual(['busy', 'available']);
  });

  test('after the deadline -> no further deadline', () => {
    expect(otherDeadlineMonotonicMs(played(busy, [[60_001, deadline]]), POLICY)).toBeNull();
  });

  test('no job in flight -> no deadline: the last reading counts', () => {
    expect(otherDeadlineMonotonicMs(idle, POLICY)).toBeNull();
    expect(loadAt(44_000, idle)).toMatchObject({ cpuPercent: 30 });
  });

  test('the node measures both loads -> no deadline', () => {
    const usage = aUsage({ ownerCpuPercent: 7, ownerGpuPercent: 3 });
    const measured = played(idle, [
      [1000, healthyBeat({ usage })],
      [2000, jobAssigned()],
    ]);
    expect(otherDeadlineMonotonicMs(measured, POLICY)).toBeNull();
  });

  test('the node measures the CPU only -> the reading of the GPU ends', () => {
    const usage = aUsage({ gpuPercent: 5, ownerCpuPercent: 7 });
    const measured = played(idle, [
      [1000, healthyBeat({ usage })],
      [2000, jobAssigned()],
    ]);
    expect(loadAt(61_000, measured)).toMatchObject({ cpuPercent: 7, gpuPercent: 5 });
    expect(loadAt(61_001, measured)).toMatchObject({ cpuPercent: 7, gpuPercent: null });
  });
});
