// Parses `/proc/<pid>/fdinfo/<fd>` of a GPU's device file (kernel: Documentation/gpu/drm-usage-stats.rst): the GPU time
// and the memory of one client.
import { normalizeBusAddress } from './pci';
import { usedGbFromBytes } from './reading';

export interface DrmClient {
  readonly busAddress: string;
  /** The same client may be open as several files. */
  readonly clientId: string;
  /** Time of the engines that also count in `gpu_busy_percent`, nanoseconds. */
  readonly busyNs: number;
  /** Memory of the card, GiB. Null: the driver does not report it. */
  readonly memoryGb: number | null;
}

const COMPUTING_ENGINES: ReadonlySet<string> = new Set(['gfx', 'compute', 'render']);

/** `drm-memory-vram` is the older name of `drm-resident-vram`. `drm-total-vram` also has memory that was moved out of the card. */
const MEMORY_KEYS: ReadonlySet<string | undefined> = new Set(['drm-resident-vram', 'drm-memory-vram', 'drm-resident-vram0']);
const UNIT_BYTES: Readonly<Record<string, number>> = { '': 1, KiB: 1024, MiB: 1024 ** 2 };

/** Null: not a GPU's file, or the driver reports no time of engines. */
export function parseDrmFdinfo(text: string): DrmClient | null {
  let busAddress: string | null = null;
  let clientId: string | null = null;
  let busyNs: number | null = null;
  let memoryGb: number | null = null;
  for (const line of text.split('\n')) {
    const [, key, value = ''] = /^(drm-[\w-]+):\s*(\S.*?)\s*$/.exec(line) ?? [];
    if (key === 'drm-pdev') busAddress = normalizeBusAddress(value);
    else if (key === 'drm-client-id') clientId = value.slice(0, 32);
    else if (MEMORY_KEYS.has(key)) memoryGb = gbOf(value) ?? memoryGb;
    else if (key?.startsWith('drm-engine-') === true) {
      const [, digits] = /^(\d{1,16}) ns$/.exec(value) ?? [];
      if (digits !== undefined && COMPUTING_ENGINES.has(key.slice('drm-engine-'.length))) busyNs = (busyNs ?? 0) + Number(digits);
    }
  }
  return busAddress === null || clientId === null || busyNs === null ? null : { busAddress, clientId, busyNs, memoryGb };
}

function gbOf(value: string): number | null {
  const [, digits, unit = ''] = /^(\d{1,16})(?: (KiB|MiB))?$/.exec(value) ?? [];
  return digits === undefined ? null : usedGbFromBytes(Number(digits) * (UNIT_BYTES[unit] ?? 1));
}
