// Simulated GPUs, for trying Muster without a GPU. They are parsed from `--simulate-gpu "RTX 4090:24"` and always marked as simulated.
import { fail, ok, type Result } from '../../../shared/result';
import { vendorOfName } from '../parse/pci';
import { known } from '../parse/reading';
import type { GpuAdapter } from '../parse/types';

export const SIMULATE_FLAG = '--simulate-gpu';

export interface SimulatedGpu {
  readonly name: string;
  readonly memoryGb: number;
}

/** Why the flag's value is invalid. The command line makes the message. */
export interface SimulateGpuError {
  readonly flag: typeof SIMULATE_FLAG;
  readonly value: string;
  /** The invalid item as it was written. */
  readonly item: string;
  readonly problem: 'empty' | 'no_memory' | 'bad_memory' | 'bad_name' | 'too_many';
}

const MAX_SIMULATED = 64;
const MAX_MEMORY_GB = 4096;

/** Parses `NAME:GB`, with several items separated by commas. */
export function parseSimulatedGpus(value: string): Result<readonly SimulatedGpu[], SimulateGpuError> {
  const items = value.split(',');
  const invalid = (item: string, problem: SimulateGpuError['problem']) =>
    fail<SimulateGpuError>({ flag: SIMULATE_FLAG, value: value.slice(0, 200), item: item.trim().slice(0, 100), problem });
  if (items.length > MAX_SIMULATED) return invalid('', 'too_many');
  const gpus: SimulatedGpu[] = [];
  for (const item of items) {
    if (item.trim() === '') return invalid(item, 'empty');
    const colon = item.lastIndexOf(':');
    if (colon < 0) return invalid(item, 'no_memory');
    const name = item.slice(0, colon).trim();
    const memory = item.slice(colon + 1).trim();
    if (name === '' || name.length > 128 || /[\x00-\x1f\x7f]/.test(name)) return invalid(item, 'bad_name');
    if (!/^\d{1,4}(?:\.\d{1,2})?$/.test(memory) || Number(memory) <= 0 || Number(memory) > MAX_MEMORY_GB)
      return invalid(item, 'bad_memory');
    gpus.push({ name, memoryGb: Number(memory) });
  }
  return ok(gpus);
}

/** Idle cards. The figures depend only on name and position, so that demonstrations and tests can be repeated. */
export function simulatedAdapters(gpus: readonly SimulatedGpu[]): readonly GpuAdapter[] {
  return gpus.map((gpu, index): GpuAdapter => {
    const seed = Array.from(gpu.name).reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973, index + 7);
    return {
      key: `simulated-${String(index)}`,
      index,
      uuid: null,
      name: gpu.name,
      vendor: vendorOfSimulated(gpu.name),
      busAddress: null,
      memoryGb: gpu.memoryGb,
      unifiedMemory: false,
      driverVersion: null,
      mig: false,
      migInstances: [],
      simulated: true,
      verdict: { accepted: true },
      available: true,
      unavailableCode: null,
      live: {
        utilizationPercent: known(seed % 6),
        memoryUsedGb: known(Math.round(gpu.memoryGb * (2 + (seed % 3))) / 100),
        memoryTotalGb: known(gpu.memoryGb),
        temperatureC: known(36 + (seed % 9)),
        powerW: known(18 + (seed % 15)),
        powerLimitW: known(300),
      },
      source: 'simulated',
    };
  });
}

function vendorOfSimulated(name: string): GpuAdapter['vendor'] {
  const vendor = vendorOfName(name);
  if (vendor !== 'other') return vendor;
  if (/\b(?:rtx|gtx|h100|h200|a100|l40s?|l4|t4|v100|b200)\b/i.test(name)) return 'nvidia';
  return /\brx\b|\bmi\d{3}/i.test(name) ? 'amd' : 'other';
}
