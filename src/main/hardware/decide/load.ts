// Matches a load sample with the known adapters: live figures and availability of each. Decides which adapters of the last inventory
// a new inventory keeps.
import { numberAdapters } from './adapters';
import { absenceCode, faultAt, nvidiaLive, type SystemMemory } from './nvidia-adapters';
import { isDriverRefused } from './verdict';
import type { LoadSample } from '../probe/probe-messages';
import { unreadableLive } from '../parse/reading';
import { pciLive } from '../parse/sysfs-adapters';
import type { GpuAdapter, GpuFaultCode, GpuLoad } from '../parse/types';

/** One entry per accepted adapter, in the order of the inventory. A card without a row is unavailable, with the reason. */
export function gpuLoadsOf(adapters: readonly GpuAdapter[], sample: LoadSample, totalMemoryGb: number): readonly GpuLoad[] {
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
      if (row === undefined || fault !== null)
        return unusableLoad(adapter.key, fault?.code ?? absenceCode(nvidia.faults, adapter.busAddress));
      return usable(nvidiaLive(row, system));
    }
    case 'sysfs': {
      const device = pci.find((candidate) => candidate.busAddress === adapter.busAddress);
      return device === undefined ? unusableLoad(adapter.key, 'gpu_lost') : usable(pciLive(device, adapter.memoryGb));
    }
    case 'systeminformation':
    case 'simulated':
      // No inexpensive source has newer figures than the inventory.
      return { key: adapter.key, available: adapter.available, unavailableCode: adapter.unavailableCode, live: adapter.live };
  }
}

export function unusableLoad(key: string, code: GpuFaultCode): GpuLoad {
  return { key, available: false, unavailableCode: code, live: unreadableLive(code) };
}

/** Whether nvidia-smi lists a card that is missing in the inventory or had no working driver: the card came back, or is new. */
export function hasUnknownGpu(adapters: readonly GpuAdapter[], { nvidia }: LoadSample): boolean {
  const working = adapters.filter(({ verdict }) => !isDriverRefused(verdict));
  const listed = new Set(working.flatMap((adapter) => [adapter.uuid, adapter.busAddress]));
  return nvidia.rows.some((row) => !listed.has(row.uuid ?? row.busAddress));
}

/**
 * An offered card that is now missing stays in the list with its name and memory, unavailable and with a reason. If it were
 * removed, the number of cards would change without a visible reason.
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
  const orderOf = (adapter: GpuAdapter): number => adapter.index ?? Number.MAX_SAFE_INTEGER;
  return numberAdapters([...kept, ...others], before).toSorted((a, b) => orderOf(a) - orderOf(b));
}

function lost(adapter: GpuAdapter, now: readonly GpuAdapter[], absence: (adapter: GpuAdapter) => GpuFaultCode | null): GpuAdapter {
  const newCode = now.find(
    (other) => other.key === adapter.key || (other.busAddress !== null && other.busAddress === adapter.busAddress),
  )?.unavailableCode;
  const code = newCode ?? absence(adapter);
  return code === null ? adapter : { ...adapter, available: false, unavailableCode: code, live: unreadableLive(code) };
}
