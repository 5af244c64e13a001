// Parses systeminformation's graphics(). Only names are used, and memory sizes on Windows and macOS, never live figures.
import { isRecord } from '../../../shared/json';
import { normalizeBusAddress, vendorOfName } from './pci';
import { detailOf, finitePositive, gbFromMib } from './reading';
import type { GpuVendor } from './types';

/** A validated controller: no value is NaN, empty or unbounded. */
export interface Controller {
  readonly name: string;
  readonly vendor: GpuVendor;
  readonly busAddress: string | null;
  /**
   * The memory, GiB. For NVIDIA cards the value comes from nvidia-smi, because their `vram` is a PCI window or a value of OpenCL. On Linux
   * `vram` is the largest PCI window for every vendor, so `composeAdapters` must not use `memoryGb` on Linux.
   */
  readonly memoryGb: number | null;
}

const MAX_CONTROLLERS = 64;

/** Accepts any value: the library returns null on BSD, NaN sizes for virtual adapters, and wrong types. */
export function parseControllers(graphics: unknown): readonly Controller[] {
  const list = isRecord(graphics) ? graphics['controllers'] : undefined;
  if (!Array.isArray(list)) return [];
  return list.slice(0, MAX_CONTROLLERS).flatMap((entry: unknown) => {
    const controller = isRecord(entry) ? parseController(entry) : null;
    return controller === null ? [] : [controller];
  });
}

function parseController(entry: Readonly<Record<string, unknown>>): Controller | null {
  const maker = text(entry['vendor']);
  const model = text(entry['model']) ?? text(entry['name']) ?? maker;
  if (model === null) return null;
  const byModel = vendorOfName(model);
  const vendor = byModel === 'other' ? vendorOfName(maker ?? '') : byModel;
  const mib = vendor === 'nvidia' ? finitePositive(entry['memoryTotal']) : finitePositive(entry['vram']);
  return {
    name: model,
    vendor,
    busAddress: normalizeBusAddress(text(entry['busAddress']) ?? ''),
    memoryGb: mib === null ? null : gbFromMib(mib),
  };
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? (detailOf(value)?.slice(0, 128) ?? null) : null;
}
