import { describe, expect, it } from 'vitest';
import type { GpuChoice } from '../../../../src/main/agent/core/gpu-choice';
import { offeredLoad, offeredReport } from '../../../../src/main/agent/core/offered-hardware';
import { toWireHardware, toWireLoad } from '../../../../src/main/hardware/decide/wire-hardware';
import { known, NOTHING_REPORTED, notReported } from '../../../../src/main/hardware/parse/reading';
import type { GpuAdapter, GpuShare, HardwareReport, LoadReport } from '../../../../src/main/hardware/parse/types';
import { gpu } from '../../../support/fake-hardware';

const live = (totalGb: number | null, usedGb: number | null) => ({
  ...NOTHING_REPORTED,
  utilizationPercent: known(50),
  memoryTotalGb: totalGb === null ? notReported() : known(totalGb),
  memoryUsedGb: usedGb === null ? notReported() : known(usedGb),
});
const A = gpu({ live: live(24, 4) });
const B = gpu({ key: 'GPU-b', uuid: 'GPU-b', index: 1, name: 'second', memoryGb: 12, live: live(12, 1) });
const REFUSED = gpu({ key: 'x', uuid: null, index: null, verdict: { accepted: false, code: 'display_only', detail: null } });
const reportOf = (adapters: readonly GpuAdapter[]): HardwareReport => ({
  adapters,
  faults: [],
  trace: [],
  cpuCores: 8,
  cpuModel: null,
  memoryGb: 32,
  platform: 'linux',
  osName: null,
});
const share = (key: string, ownerMeanPercent: number | null, poolMemoryGb: number | null = null): GpuShare => ({
  key,
  ownerPercent: ownerMeanPercent,
  ownerMeanPercent,
  poolMemoryGb,
  programs: null,
});
const loadOf = (adapters: readonly GpuAdapter[], shares: readonly GpuShare[], ownerGpuPercent: number | null): LoadReport => ({
  cpuPercent: 1,
  ownerCpuPercent: 1,
  ownerGpuPercent,
  memPercent: 1,
  diskFreeGb: null,
  gpus: adapters.map(({ key, live: figures }) => ({ key, available: true, unavailableCode: null, live: figures })),
  shares,
  faults: [],
  unknownGpuSeen: false,
  takenMs: 1,
  ageMs: 0,
});
const only = (...gpus: readonly string[]): GpuChoice => ({ gpus, vramLimits: [] });

describe('registration', () => {
  it('without GPUs that are not offered; refused adapters stay in the report', () => {
    const report = offeredReport(reportOf([A, B, REFUSED]), only('GPU-b'));
    expect(report.adapters.map(({ key }) => key)).toEqual(['GPU-b', 'x']);
    expect(toWireHardware(report).gpus.map(({ uuid }) => uuid)).toEqual(['GPU-b']);
  });

  it.each([
    ['below the memory of the card', 16, 16],
    ['above it', 99, 24],
  ])('limit %s', (_title, gb, expected) => {
    const report = offeredReport(reportOf([A]), { gpus: null, vramLimits: [{ gpu: 'GPU-a', gb }] });
    expect(toWireHardware(report).gpus[0]?.memory_gb).toBe(expected);
  });
});

describe('load', () => {
  it("owner's load: only of offered GPUs", () => {
    const load = loadOf([A, B], [share('GPU-a', 88), share('GPU-b', 3)], 88);
    expect(offeredLoad(load, reportOf([A, B]), only('GPU-b'))).toMatchObject({ ownerGpuPercent: 3, gpus: [{ key: 'GPU-b' }] });
    expect(offeredLoad(load, reportOf([A, B]), only('GPU-a', 'GPU-b')).ownerGpuPercent).toBe(88);
    const unknown = loadOf([A, B], [share('GPU-a', null), share('GPU-b', 3)], null);
    expect(offeredLoad(unknown, reportOf([A, B]), only('GPU-b')).ownerGpuPercent).toBe(3);
  });

  it.each<[string, number | null, number | null, number | null, number, [used: number | undefined, total: number | undefined]]>([
    ['the pool uses a part', 24, 10, 6, 16, [6, 16]],
    ['the owner uses more than the limit leaves free', 24, 22, 2, 16, [14, 16]],
    ['the pool is at the limit', 24, 16, 16, 16, [16, 16]],
    ['the pool is over the limit', 24, 20, 20, 16, [16, 16]],
    ['pool unknown: all used memory counts', 24, 10, null, 16, [10, 16]],
    ['pool unknown, more used than the limit', 24, 20, null, 16, [16, 16]],
    ['limit above the card: no limit', 24, 10, 6, 48, [10, 24]],
    ['used unknown', 24, null, 6, 16, [undefined, 16]],
    ['total unknown', null, 10, 6, 16, [6, 16]],
  ])('limit of the memory, %s', (_title, totalGb, usedGb, poolGb, limit, [used, total]) => {
    const card = gpu({ live: live(totalGb, usedGb) });
    const choice: GpuChoice = { gpus: null, vramLimits: [{ gpu: 'GPU-a', gb: limit }] };
    const report = reportOf([card]);
    const load = offeredLoad(loadOf([card], [share('GPU-a', 0, poolGb)], 0), report, choice);
    const [wire] = toWireLoad(offeredReport(report, choice), load).gpus;
    expect([wire?.memory_used_gb, wire?.memory_total_gb]).toEqual([used, total]);
  });
});
