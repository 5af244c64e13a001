// A fresh sample against the known adapters -> each one's figures and whether it is usable now; and what a new inventory keeps of the old. Pure.
import { numberAdapters } from './adapter-numbers';
import { absenceCode, faultAt, nvidiaLive, type SystemMemory } from './nvidia-adapters';
import type { LoadSample } from '../probe/probe-messages';
import { unreadableLive } from '../parse/reading';
import { pciLive } from '../parse/sysfs-adapters';
import type { GpuAdapter, GpuFaultCode, GpuLoad } from '../parse/types';

/** One entry per accepted adapter, in the inventory's order. A card that gives no row is unavailable, with the reason. */
export function mapGpuLoads(adapters: readonly GpuAdapter[], sample: LoadSample, totalMemoryGb: number): readonly GpuLoad[] {
  const system = { totalGb: totalMemoryGb, usedGb: sample.machine.memoryUsedGb };
  return adapters.filter((adapter) => adapter.verdict.accepted).map((adapter) => gpuLoad(adapter, sample, system));
}

function gpuLoad(adapter: GpuAdapter, { nvidia, pci }: LoadSample, system: SystemMemory): GpuLoad {
  const usable = (live: GpuLoad['live']): GpuLoad => ({ key: adapter.key, available: true, unavailableCode: null, live });
  switch (adapter.source) {
    case 'nvidia-smi': {
      const row = nvidia.rows.find((candidate) =>
        adapter.uuid === null ? candidate.busAddress === adapter.busAddress : candidate.uuid === adapter.uuid,
      );
      const fault = faultAt(nvidia.faults, adapter.busAddress);
      if (row === undefined || fault !== null) return unusable(adapter.key, fault?.code ?? absenceCode(nvidia.faults, adapter.busAddress));
      return usable(nvidiaLive(row, system));
    }
    case 'sysfs': {
      const device = pci.find((candidate) => candidate.busAddress === adapter.busAddress);
      return device === undefined ? unusable(adapter.key, 'gpu_lost') : usable(pciLive(device, adapter.memoryGb));
    }
    case 'systeminformation':
    case 'simulated':
      // Nothing cheap tells more than the inventory did.
      return { key: adapter.key, available: adapter.available, unavailableCode: adapter.unavailableCode, live: adapter.live };
  }
}

export function unusable(key: string, code: GpuFaultCode): GpuLoad {
  return { key, available: false, unavailableCode: code, live: unreadableLive(code) };
}

/** True when nvidia-smi shows a card that the inventory does not offer, though it could: it came back, or is new. */
export function seesUnknownGpu(adapters: readonly GpuAdapter[], { nvidia }: LoadSample): boolean {
  const answered = adapters.filter(({ verdict }) => verdict.accepted || verdict.code !== 'driver_not_working');
  const listed = new Set(answered.flatMap((adapter) => [adapter.uuid, adapter.busAddress]));
  return nvidia.rows.some((row) => !listed.has(row.uuid ?? row.busAddress));
}

/**
 * A card that was offered and is now missing or silent stays in the list with its name and memory, unavailable, and says why:
 * a count that flickers between 3 and 4 explains nothing.
 */
export function keepLostAdapters(
  before: readonly GpuAdapter[],
  now: readonly GpuAdapter[],
  absence: (adapter: GpuAdapter) => GpuFaultCode | null,
): readonly GpuAdapter[] {
  const accepted = new Set(now.filter((adapter) => adapter.verdict.accepted).map((adapter) => adapter.key));
  const kept = before
    .filter((adapter) => adapter.verdict.accepted && !adapter.simulated && !accepted.has(adapter.key))
    .map((adapter) => lost(adapter, now, absence));
  const keptKeys = new Set(kept.flatMap((adapter) => [adapter.key, adapter.busAddress]));
  const others = now.filter((adapter) => !keptKeys.has(adapter.key) && (adapter.busAddress === null || !keptKeys.has(adapter.busAddress)));
  const place = (adapter: GpuAdapter): number => adapter.index ?? Number.MAX_SAFE_INTEGER;
  return numberAdapters([...kept, ...others], before).toSorted((a, b) => place(a) - place(b));
}

function lost(adapter: GpuAdapter, now: readonly GpuAdapter[], absence: (adapter: GpuAdapter) => GpuFaultCode | null): GpuAdapter {
  const told = now.find(
    (other) => other.key === adapter.key || (other.busAddress !== null && other.busAddress === adapter.busAddress),
  )?.unavailableCode;
  const code = told ?? absence(adapter);
  return code === null ? adapter : { ...adapter, available: false, unavailableCode: code, live: unreadableLive(code) };
}
