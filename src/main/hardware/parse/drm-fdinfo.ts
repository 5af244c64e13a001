// Parses `/proc/<pid>/fdinfo/<fd>` of a GPU's device file (kernel: Documentation/gpu/drm-usage-stats.rst): the GPU time of one client.
import { normalizeBusAddress } from './pci';

export interface DrmClient {
  readonly busAddress: string;
  /** The same client may be open as several files. */
  readonly clientId: string;
  /** Time of the engines that also count in `gpu_busy_percent`, nanoseconds. */
  readonly busyNs: number;
}

const COMPUTING_ENGINES: ReadonlySet<string> = new Set(['gfx', 'compute', 'render']);

/** Null: not a GPU's file, or the driver reports no time of engines. */
export function parseDrmFdinfo(text: string): DrmClient | null {
  let busAddress: string | null = null;
  let clientId: string | null = null;
  let busyNs: number | null = null;
  for (const line of text.split('\n')) {
    const [, key, value = ''] = /^(drm-[\w-]+):\s*(\S.*?)\s*$/.exec(line) ?? [];
    if (key === 'drm-pdev') busAddress = normalizeBusAddress(value);
    else if (key === 'drm-client-id') clientId = value.slice(0, 32);
    else if (key?.startsWith('drm-engine-') === true) {
      const [, digits] = /^(\d{1,16}) ns$/.exec(value) ?? [];
      if (digits !== undefined && COMPUTING_ENGINES.has(key.slice('drm-engine-'.length))) busyNs = (busyNs ?? 0) + Number(digits);
    }
  }
  return busAddress === null || clientId === null || busyNs === null ? null : { busAddress, clientId, busyNs };
}
