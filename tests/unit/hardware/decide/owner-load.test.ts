import { describe, expect, it } from 'vitest';
import {
  isPoolWorking,
  NO_OWNER_LOAD,
  type OwnerLoad,
  ownerLoadOf,
  type OwnerLoadState,
  withObservation,
} from '../../../../src/main/hardware/decide/owner-load';
import {
  MUSTER_GROUP,
  NO_POOL_USE,
  type PoolSample,
  type PoolUse,
  type ProcessGroup,
} from '../../../../src/main/hardware/parse/pool-sample';
import { known, notReported, NOTHING_REPORTED } from '../../../../src/main/hardware/parse/reading';
import type { GpuAdapter, GpuLoad } from '../../../../src/main/hardware/parse/types';
import { gpu } from '../../../support/fake-hardware';

const SERVER = { id: 'server', port: 11_434, processNames: ['ollama'] };
const group = (id: string, ownTicks: number): ProcessGroup => ({
  id,
  processes: [{ pid: 1, parentPid: 0, startTicks: 1, ownTicks, endedTicks: 0 }],
});
const muster = (ticks: number): readonly ProcessGroup[] => [group(MUSTER_GROUP, ticks)];
const sample = (fields: Partial<PoolSample>): PoolSample => ({
  cpu: null,
  groups: muster(0),
  nvidia: null,
  clients: null,
  programs: null,
  ...fields,
});

/** The pool's use at an instant: jobs run on the server. */
const serverJob = (atMonotonicMs: number): PoolUse => ({
  ...NO_POOL_USE,
  servers: [{ ...SERVER, usedAtMonotonicMs: atMonotonicMs }],
  jobAtMonotonicMs: atMonotonicMs,
});
const commandJob = (atMonotonicMs: number): PoolUse => ({ ...NO_POOL_USE, jobAtMonotonicMs: atMonotonicMs });
const idleServer: PoolUse = { ...NO_POOL_USE, servers: [{ ...SERVER, usedAtMonotonicMs: null }] };

interface Step {
  readonly at: number;
  readonly sample: Partial<PoolSample>;
  readonly use?: PoolUse;
  /** The total of each GPU. Null: not reported. */
  readonly totals?: readonly (number | null)[];
  readonly available?: boolean;
}

/** The loads after each step. */
function loadsOf(steps: readonly Step[], adapters: readonly GpuAdapter[] = [gpu()]): readonly OwnerLoad[] {
  let state: OwnerLoadState = NO_OWNER_LOAD;
  return steps.map(({ at, sample: fields, use = NO_POOL_USE, totals = [0, 0], available = true }) => {
    const gpus = adapters.map(({ key }, index): GpuLoad => {
      const total = totals[index] ?? null;
      const live = { ...NOTHING_REPORTED, utilizationPercent: total === null ? notReported() : known(total) };
      return { key, available, unavailableCode: available ? null : 'gpu_lost', live };
    });
    state = withObservation(state, { sample: sample(fields), atMonotonicMs: at, use, adapters, gpus });
    return ownerLoadOf(state, gpus);
  });
}
const cpuOf = (steps: readonly Step[]) => loadsOf(steps).map(({ ownerCpuPercent }) => ownerCpuPercent);
const gpuOf = (steps: readonly Step[], adapters?: readonly GpuAdapter[]) =>
  loadsOf(steps, adapters).map(({ ownerGpuPercent }) => ownerGpuPercent);

/** 1000 ticks of the machine in each step of 2.5 s. */
const cpu = (busy: number, step: number) => ({ busy, total: step * 1000 });

describe('CPU', () => {
  it('first sample -> unknown, then the total without Muster', () => {
    expect(
      cpuOf([
        { at: 0, sample: { cpu: cpu(0, 0), groups: muster(50) } },
        { at: 2500, sample: { cpu: cpu(500, 1), groups: muster(150) } },
      ]),
    ).toEqual([null, 40]);
  });

  it('model server: counts as the pool while it runs a job, as the owner while it does not', () => {
    const groups = (ticks: number) => [group('server', ticks), group(MUSTER_GROUP, 0)];
    const steps = (use: (at: number) => PoolUse): readonly Step[] => [
      { at: 0, sample: { cpu: cpu(0, 0), groups: groups(0) }, use: use(0) },
      { at: 2500, sample: { cpu: cpu(700, 1), groups: groups(600) }, use: use(2500) },
    ];
    expect([cpuOf(steps(serverJob)), cpuOf(steps(() => idleServer))]).toEqual([
      [null, 10],
      [null, 70],
    ]);
  });

  it.each([
    ['1 s before the first sample: the server still computes', -1000, 10],
    ['3 s before', -3000, 70],
    ['between the samples', 1000, 10],
  ])('job ended %s', (_title, ended, expected) => {
    const groups = (ticks: number) => [group('server', ticks), group(MUSTER_GROUP, 0)];
    const steps = [
      { at: 0, sample: { cpu: cpu(0, 0), groups: groups(0) }, use: serverJob(ended) },
      { at: 2500, sample: { cpu: cpu(700, 1), groups: groups(600) }, use: serverJob(ended) },
    ];
    expect(cpuOf(steps)).toEqual([null, expected]);
  });

  it('server not found: while it runs a job, the last mean stays', () => {
    expect(
      cpuOf([
        { at: 0, sample: { cpu: cpu(0, 0) } },
        { at: 2500, sample: { cpu: cpu(100, 1) } },
        { at: 5000, sample: { cpu: cpu(1100, 2) }, use: serverJob(5000) },
        { at: 7500, sample: { cpu: cpu(2100, 3) }, use: serverJob(7500) },
        { at: 10_000, sample: { cpu: cpu(2100, 4) }, use: serverJob(4000) },
      ]),
    ).toEqual([null, 10, 10, 10, 5]);
  });

  it('system without times of processes: the total while no job runs, then the last mean', () => {
    const at = (ms: number, busy: number, step: number, use: PoolUse): Step => ({
      at: ms,
      sample: { cpu: cpu(busy, step), groups: null },
      use,
    });
    expect(cpuOf([at(0, 0, 0, NO_POOL_USE), at(2500, 200, 1, NO_POOL_USE), at(5000, 1200, 2, commandJob(5000))])).toEqual([null, 20, 20]);
    expect(cpuOf([at(0, 0, 0, commandJob(0)), at(2500, 900, 1, commandJob(2500))])).toEqual([null, null]);
  });

  it('gap of more than 15 s -> starts again', () => {
    expect(
      cpuOf([
        { at: 0, sample: { cpu: cpu(0, 0) } },
        { at: 2500, sample: { cpu: cpu(900, 1) } },
        { at: 17_501, sample: { cpu: cpu(900, 2) } },
        { at: 20_000, sample: { cpu: cpu(1000, 3) } },
      ]),
    ).toEqual([null, 90, null, 10]);
  });

  it('mean over 30 s: a peak of 2.5 s of full load is a twelfth of it', () => {
    const steps = Array.from({ length: 14 }, (_, step) => ({ at: step * 2500, sample: { cpu: cpu(step === 0 ? 0 : 1000, step) } }));
    expect(cpuOf(steps).slice(1)).toEqual([100, 50, 33.3, 25, 20, 16.7, 14.3, 12.5, 11.1, 10, 9.1, 8.3, 0]);
  });

  it.each([
    ['unreadable', null],
    ['standing still', cpu(0, 0)],
  ])('machine %s -> no reading', (_title, to) => {
    expect(
      cpuOf([
        { at: 0, sample: { cpu: cpu(0, 0) } },
        { at: 2500, sample: { cpu: to } },
      ]),
    ).toEqual([null, null]);
  });
});

describe('GPU', () => {
  const listed = (group: string | null, share: number) => ({ group, exists: true, share, pid: 7, name: null, memoryGb: null });
  const pmon = (totalPercent: number, owner: number, pool: number, index = 0): PoolSample['nvidia'] => [
    { index, totalPercent, processes: [listed(null, owner), listed(MUSTER_GROUP, pool)] },
  ];

  it('no pool job -> the total, from the first reading on', () => {
    expect(
      gpuOf([
        { at: 0, sample: {}, totals: [40] },
        { at: 2500, sample: {}, totals: [40] },
      ]),
    ).toEqual([40, 40]);
  });

  it('pool job: no list yet -> the last mean; then the part of the owner', () => {
    expect(
      gpuOf([
        { at: 0, sample: {}, totals: [6] },
        { at: 2500, sample: {}, totals: [98], use: commandJob(2500) },
        { at: 5000, sample: { nvidia: pmon(90, 0, 88) }, totals: [98], use: commandJob(5000) },
      ]),
    ).toEqual([6, 6, 1]);
  });

  it('pool job from the first reading on, and no list -> unknown', () => {
    expect(gpuOf([{ at: 0, sample: {}, totals: [98], use: commandJob(0) }])).toEqual([null]);
  });

  it('driver without figures of processes: the last mean before the job, until 2 s after the job', () => {
    expect(
      gpuOf([
        { at: 0, sample: {}, totals: [10] },
        { at: 2500, sample: {}, totals: [98], use: commandJob(2500) },
        { at: 5000, sample: {}, totals: [98], use: commandJob(3500) },
        { at: 7500, sample: {}, totals: [10], use: commandJob(3500) },
        { at: 10_000, sample: {}, totals: [10], use: commandJob(3500) },
      ]),
    ).toEqual([10, 10, 10, 10, 10]);
  });

  it('server of the job not found -> the last mean', () => {
    expect(gpuOf([{ at: 0, sample: {}, totals: [7] }, { at: 2500, sample: { nvidia: pmon(98, 97, 0) }, totals: [98], use: serverJob(2500) }])).toEqual([7, 7]); // oxfmt-ignore
  });

  it('AMD: the total without the GPU time of the pool', () => {
    const amd = [gpu({ source: 'sysfs', vendor: 'amd', busAddress: '0000:03:00.0' })];
    const clients = (busyMs: number) => [
      { group: MUSTER_GROUP, busAddress: '0000:03:00.0', clientId: '1', busyNs: busyMs * 1e6, memoryGb: null },
    ];
    expect(
      gpuOf(
        [
          { at: 0, sample: { clients: clients(0) }, totals: [95], use: commandJob(0) },
          { at: 2500, sample: { clients: clients(2000) }, totals: [95], use: commandJob(2500) },
          { at: 5000, sample: { clients: null }, totals: [95], use: commandJob(5000) },
        ],
        amd,
      ),
    ).toEqual([null, 15, 15]);
  });

  it('several cards -> the highest; a card without a total left out; one card unknown -> unknown', () => {
    const cards = [gpu(), gpu({ key: 'GPU-b', uuid: 'GPU-b', index: 1 })];
    const steps = (first: number | null, nvidia: PoolSample['nvidia']): readonly Step[] => [
      { at: 0, sample: {}, totals: [first, 30] },
      { at: 2500, sample: { nvidia }, totals: [first, 30], use: commandJob(2500) },
    ];
    expect(gpuOf(steps(12, null), cards)).toEqual([30, 30]);
    expect(gpuOf(steps(null, null), cards)).toEqual([30, 30]);
    const started = { at: 0, sample: { nvidia: pmon(98, 0, 90) }, totals: [98, 98], use: commandJob(0) };
    expect(gpuOf([started], cards)).toEqual([null]);
  });

  it('card not usable -> its mean starts again', () => {
    expect(
      gpuOf([
        { at: 0, sample: {}, totals: [80] },
        { at: 2500, sample: {}, available: false },
        { at: 5000, sample: {}, totals: [10] },
      ]),
    ).toEqual([80, null, 10]);
  });

  it('simulated card -> its figure, also while a job runs, because a job has no part in it', () => {
    const simulated = [gpu({ source: 'simulated', simulated: true })];
    expect(gpuOf([{ at: 0, sample: { groups: null }, totals: [4], use: commandJob(0) }], simulated)).toEqual([4]);
  });

  it('no GPU -> unknown', () => {
    expect(gpuOf([{ at: 0, sample: {} }], [])).toEqual([null]);
  });

  it('gap of more than 15 s -> starts again', () => {
    expect(
      gpuOf([
        { at: 0, sample: {}, totals: [80] },
        { at: 20_000, sample: {}, totals: [10] },
      ]),
    ).toEqual([80, 10]);
  });
});

it.each([
  [null, false],
  [10_000, true],
  [7000, true],
  [6999, false],
])('isPoolWorking: last job at %s, since 9 s', (jobAtMonotonicMs, expected) => {
  expect(isPoolWorking({ ...NO_POOL_USE, jobAtMonotonicMs }, 9000)).toBe(expected);
});
