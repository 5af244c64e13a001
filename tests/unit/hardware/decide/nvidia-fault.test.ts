import { describe, expect, it } from 'vitest';
import { ALL_FIELDS } from '../../../../src/main/hardware/parse/nvidia-csv';
import {
  interpretNvidia,
  isUnknownField,
  type KernelGpu,
  parseKernelGpu,
  parseMigInstances,
} from '../../../../src/main/hardware/decide/nvidia-fault';
import type { ToolOutcome } from '../../../../src/main/hardware/parse/types';
import { fixtureText, nvidiaAnswer } from '../fixtures';

const gpuAt = (busAddress: string): KernelGpu => ({ busAddress, name: null, uuid: null });
const outcomeOf = (run: ToolOutcome, kernel: readonly KernelGpu[] = []) => {
  const { outcome, faults, rows } = interpretNvidia(run, ALL_FIELDS, kernel);
  return { outcome, faults: faults.map((fault) => [fault.code, fault.busAddress]), rows: rows.length };
};
const exited = (path: string, code: number): ToolOutcome => ({ kind: 'exited', code, stdout: fixtureText(path), stderr: '' });

describe('interpretNvidia', () => {
  it.each<[string, ToolOutcome, readonly KernelGpu[], ReturnType<typeof outcomeOf>]>([
    ['valid output', exited('nvidia/two-gpus.csv', 0), [], { outcome: 'found', faults: [], rows: 2 }],
    ['not installed', { kind: 'not_installed' }, [], { outcome: 'not_installed', faults: [], rows: 0 }],
    ['timeout', { kind: 'timeout' }, [], { outcome: 'timeout', faults: [['probe_timeout', null]], rows: 0 }],
    ['cannot be started', { kind: 'failed', detail: 'EACCES' }, [], { outcome: 'failed', faults: [['probe_failed', null]], rows: 0 }],
    ['exit code 6, no card', exited('nvidia/no-devices.txt', 6), [], { outcome: 'nothing', faults: [], rows: 0 }],
    [
      'exit code 6, kernel lists a card',
      exited('nvidia/no-devices.txt', 6),
      [gpuAt('0000:01:00.0')],
      { outcome: 'failed', faults: [['gpu_lost', '0000:01:00.0']], rows: 0 },
    ],
    ['exit code 9', exited('nvidia/driver-not-loaded.txt', 9), [], { outcome: 'failed', faults: [['driver_not_loaded', null]], rows: 0 }],
    [
      'exit code 9 without output',
      { kind: 'exited', code: 9, stdout: '', stderr: '' },
      [],
      { outcome: 'failed', faults: [['driver_not_loaded', null]], rows: 0 },
    ],
    [
      'driver mismatch',
      exited('nvidia/driver-mismatch.txt', 18),
      [gpuAt('0000:01:00.0')],
      { outcome: 'failed', faults: [['driver_mismatch', null]], rows: 0 },
    ],
    [
      'one of two cards lost',
      exited('nvidia/two-gpus-one-lost.txt', 15),
      [],
      { outcome: 'found', faults: [['gpu_lost', '0000:41:00.0']], rows: 1 },
    ],
    ['the only card lost', exited('nvidia/all-lost.txt', 15), [], { outcome: 'failed', faults: [['gpu_lost', '0000:41:00.0']], rows: 0 }],
    [
      'fewer rows than the kernel lists',
      exited('nvidia/h100-idle.csv', 0),
      [gpuAt('0000:00:06.0'), gpuAt('0000:00:07.0')],
      { outcome: 'found', faults: [['gpu_lost', '0000:00:07.0']], rows: 1 },
    ],
    ['invalid output', exited('nvidia/garbage.txt', 0), [], { outcome: 'failed', faults: [['unreadable_output', null]], rows: 0 }],
    [
      'invalid output, unknown exit code',
      exited('nvidia/garbage.txt', 139),
      [],
      { outcome: 'failed', faults: [['probe_failed', null]], rows: 0 },
    ],
    ['no output, exit code 0', { kind: 'exited', code: 0, stdout: '', stderr: '' }, [], { outcome: 'nothing', faults: [], rows: 0 }],
    [
      'no output, unknown exit code',
      { kind: 'exited', code: 255, stdout: '', stderr: '' },
      [],
      { outcome: 'failed', faults: [['probe_failed', null]], rows: 0 },
    ],
  ])('%s', (_case, run, kernel, expected) => {
    expect(outcomeOf(run, kernel)).toEqual(expected);
  });

  it("fault detail: the driver's message", () => {
    expect(nvidiaAnswer('nvidia/driver-mismatch.txt', 18).faults).toEqual([
      {
        code: 'driver_mismatch',
        busAddress: null,
        detail: 'Failed to initialize NVML: Driver/library version mismatch NVML library version: 550.90',
      },
    ]);
    expect(nvidiaAnswer('nvidia/two-gpus-one-lost.txt', 15).faults).toEqual([
      {
        code: 'gpu_lost',
        busAddress: '0000:41:00.0',
        detail: 'Unable to determine the device handle for GPU1: 00000000:41:00.0: Unknown Error',
      },
    ]);
  });

  it('isUnknownField: driver refuses a field -> true', () => {
    expect(isUnknownField(exited('nvidia/unknown-field.txt', 2))).toBe(true);
    expect(isUnknownField(exited('nvidia/h100-idle.csv', 0))).toBe(false);
    expect(isUnknownField({ kind: 'timeout' })).toBe(false);
  });

  it('parseMigInstances: instances by card', () => {
    expect(parseMigInstances(fixtureText('nvidia/mig-list.txt'))).toEqual({
      'GPU-00000000-0000-0000-0000-000000000003': [
        { uuid: 'MIG-11111111-1111-1111-1111-111111111111', profile: '3g.40gb' },
        { uuid: 'MIG-22222222-2222-2222-2222-222222222222', profile: '1g.10gb' },
      ],
    });
  });

  it('parseKernelGpu: name and UUID; folder without an address -> null', () => {
    expect(parseKernelGpu('0000:41:00.0', fixtureText('nvidia/kernel-information.txt'))).toEqual({
      busAddress: '0000:41:00.0',
      name: 'NVIDIA GeForce RTX 3090',
      uuid: 'GPU-00000000-0000-0000-0000-000000000002',
    });
    expect(parseKernelGpu('0000:41:00.0', 'Model: \t Unknown\nGPU UUID: \t GPU-????????-????')).toMatchObject({ uuid: null });
    expect(parseKernelGpu('registry', '')).toBeNull();
  });
});
