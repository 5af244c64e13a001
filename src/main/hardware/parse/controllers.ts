// What systeminformation's graphics() is believed: names, and on Windows and macOS sizes. Never live figures of NVIDIA cards. Pure.
import { normalizeBusAddress, vendorOfName } from './pci';
import { detailOf, finitePositive, gbFromMib } from './reading';
import type { GpuVendor } from './types';

/** One controller, checked: nothing of it is NaN, empty or unbounded. */
export interface Controller {
  readonly name: string;
  readonly vendor: GpuVendor;
  readonly busAddress: string | null;
  /**
   * GiB. For NVIDIA only nvidia-smi's own total: without it `vram` is a PCI window or OpenCL's view.
   * On Linux it is the largest PCI window for every maker, so whoever composes adapters must not use it there.
   */
  readonly memoryGb: number | null;
}

const MOST_CONTROLLERS = 64;

/** Takes whatever the library returned: null on BSD, NaN sizes from virtual adapters, wrong types. */
export function mapControllers(graphics: unknown): readonly Controller[] {
  const list = isRecord(graphics) ? graphics['controllers'] : undefined;
  if (!Array.isArray(list)) return [];
  return list.slice(0, MOST_CONTROLLERS).flatMap((entry: unknown) => {
    const controller = isRecord(entry) ? mapController(entry) : null;
    return controller === null ? [] : [controller];
  });
}

function mapController(entry: Readonly<Record<string, unknown>>): Controller | null {
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

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

function text(value: unknown): string | null {
  return typeof value === 'string' ? (detailOf(value)?.slice(0, 128) ?? null) : null;
}
