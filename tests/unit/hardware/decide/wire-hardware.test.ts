import { describe, expect, it } from 'vitest';
import { gpuLoadsOf } from '../../../../src/main/hardware/decide/load';
import { parseSimulatedGpus, simulatedAdapters } from '../../../../src/main/hardware/decide/simulated';
import type { GpuAdapter, HardwareReport, LoadReport } from '../../../../src/main/hardware/parse/types';
import { toWireHardware, toWireLoad } from '../../../../src/main/hardware/decide/wire-hardware';
import { hardwareSchema, heartbeatGpuSchema, resourceUsageSchema } from '../../../../src/shared/protocol/node-messages';
import { adaptersOf, loadSample, nvidiaAnswer, pciDisplays } from '../fixtures';

const reportOf = (adapters: readonly GpuAdapter[]): HardwareReport => ({
  adapters,
  faults: [],
  trace: [],
  cpuCores: 16,
  cpuModel: null,
  memoryGb: 64,
  platform: 'linux',
  osName: null,
});
const loadOf = (adapters: readonly GpuAdapter[], sample: Parameters<typeof loadSample>[0]): LoadReport => ({
  cpuPercent: 4,
  ownerCpuPercent: null,
  ownerGpuPercent: null,
  memPercent: 12.5,
  diskFreeGb: 100,
  gpus: gpuLoadsOf(adapters, loadSample(sample), 64),
  shares: [],
  faults: [],
  unknownGpuSeen: false,
  takenMs: 40,
  ageMs: 0,
});
const wireLoad = (adapters: readonly GpuAdapter[], sample: Parameters<typeof loadSample>[0]) => {
  const wire = toWireLoad(reportOf(adapters), loadOf(adapters, sample));
  expect(resourceUsageSchema.safeParse({ ...wire.resource_usage, running_jobs: 0 }).success).toBe(true);
  expect(heartbeatGpuSchema.array().safeParse(wire.gpus).success).toBe(true);
  return wire;
};
const twoCards = adaptersOf({ nvidia: nvidiaAnswer('nvidia/two-gpus.csv') });

describe('toWireHardware', () => {
  it('accepted adapters only, valid by the schema', () => {
    const hardware = toWireHardware(reportOf([...twoCards.slice(0, 1), ...adaptersOf({ pci: pciDisplays('amd-desktop') }).slice(1)]));
    expect(hardwareSchema.parse(hardware)).toEqual({
      cpu_cores: 16,
      memory_gb: 64,
      gpus: [
        {
          name: 'NVIDIA GeForce RTX 4090',
          memory_gb: 24,
          index: 0,
          uuid: 'GPU-00000000-0000-0000-0000-000000000001',
          vendor: 'nvidia',
          driver_version: '550.54.14',
        },
      ],
    });
  });

  it('simulated GPU -> simulated true', () => {
    const gpus = parseSimulatedGpus('RTX 4090:24');
    const hardware = toWireHardware(reportOf(gpus.ok ? simulatedAdapters(gpus.value) : []));
    expect(hardware.gpus).toEqual([{ name: 'RTX 4090', memory_gb: 24, index: 0, vendor: 'nvidia', simulated: true }]);
  });
});

describe('toWireLoad', () => {
  it('several GPUs -> largest figures', () => {
    expect(wireLoad(twoCards, { nvidia: nvidiaAnswer('nvidia/two-gpus.csv') })).toEqual({
      resource_usage: { cpu_percent: 4, mem_percent: 12.5, gpu_percent: 37, gpu_mem_percent: 4.9 },
      gpus: [
        {
          index: 0,
          utilization_percent: 37,
          memory_used_gb: 1.18,
          memory_total_gb: 24,
          temperature_c: 58,
          power_w: 212.4,
          available: true,
        },
        { index: 1, utilization_percent: 0, memory_used_gb: 0, memory_total_gb: 24, temperature_c: 41, power_w: 21.07, available: true },
      ],
    });
  });

  it('idle GPU -> 0', () => {
    const idle = adaptersOf({ nvidia: nvidiaAnswer('nvidia/h100-idle.csv') });
    expect(wireLoad(idle, { nvidia: nvidiaAnswer('nvidia/h100-idle.csv') }).resource_usage).toMatchObject({
      gpu_percent: 0,
      gpu_mem_percent: 0,
    });
  });

  it('utilization unknown -> gpu_percent absent', () => {
    const mig = adaptersOf({ nvidia: nvidiaAnswer('nvidia/mig.csv') });
    expect('gpu_percent' in wireLoad(mig, { nvidia: nvidiaAnswer('nvidia/mig.csv') }).resource_usage).toBe(false);
  });

  it('no usable GPU -> gpu_percent null, no figures', () => {
    expect(wireLoad(twoCards, { nvidia: nvidiaAnswer('nvidia/driver-mismatch.txt', 18) })).toEqual({
      resource_usage: { cpu_percent: 4, mem_percent: 12.5, gpu_percent: null },
      gpus: [
        { index: 0, available: false },
        { index: 1, available: false },
      ],
    });
  });

  it('one GPU lost -> figures of the other', () => {
    const wire = wireLoad(twoCards, { nvidia: nvidiaAnswer('nvidia/two-gpus-one-lost.txt', 15) });
    expect([wire.resource_usage.gpu_percent, wire.gpus.map((gpu) => gpu.available)]).toEqual([37, [true, false]]);
  });

  it('unknown loads -> memory is null, the total of the CPU is 100', () => {
    const wire = toWireLoad(reportOf(twoCards), { ...loadOf(twoCards, {}), cpuPercent: null, memPercent: null });
    expect(wire.resource_usage).toEqual({ cpu_percent: 100, mem_percent: null, gpu_percent: null });
  });
});
