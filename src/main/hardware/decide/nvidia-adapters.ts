// Derives adapters and live figures from nvidia-smi's rows and from cards that only the kernel module lists.
import type { NvidiaRow } from '../parse/nvidia-csv';
import type { KernelGpu, NvidiaProbe } from './nvidia-fault';
import { gbFromMib, known, mapReading, NOTHING_REPORTED, unreadableLive, usedGbFromMib, readingValue } from '../parse/reading';
import type { AdapterVerdict, GpuAdapter, GpuFault, GpuFaultCode, GpuLive, MigInstance } from '../parse/types';

/** The machine's memory, GiB. Used for GPUs without their own memory. */
export interface SystemMemory {
  readonly totalGb: number;
  readonly usedGb: number | null;
}

/** Chips that use the memory of the machine. For other chips, the memory `[N/A]` in nvidia-smi means that no memory is reported. */
const SHARES_SYSTEM_MEMORY = /\bgb10\b|\borin\b|\bjetson\b|\bthor\b|\btegra\b|\bxavier\b|\bnvgpu\b/i;

export const nvidiaKey = (gpu: { readonly uuid: string | null; readonly busAddress: string | null; readonly index?: number }): string =>
  gpu.uuid ?? gpu.busAddress ?? `nvidia-${String(gpu.index ?? 0)}`;

const isUnified = (row: NvidiaRow): boolean => !row.memoryTotalMib.known && SHARES_SYSTEM_MEMORY.test(row.name);

export function nvidiaLive(row: NvidiaRow, system: SystemMemory): GpuLive {
  const unified = isUnified(row);
  return {
    utilizationPercent: row.utilizationPercent,
    memoryUsedGb: unified && system.usedGb !== null ? known(system.usedGb) : mapReading(row.memoryUsedMib, usedGbFromMib),
    memoryTotalGb: unified ? known(system.totalGb) : mapReading(row.memoryTotalMib, gbFromMib),
    temperatureC: row.temperatureC,
    powerW: row.powerW,
    powerLimitW: row.powerLimitW,
  };
}

/** Every card that nvidia-smi or the kernel module lists, once, in nvidia-smi's order. */
export function nvidiaAdapters(probe: NvidiaProbe, system: SystemMemory): readonly GpuAdapter[] {
  const rows = uniqueBy(probe.rows, nvidiaKey);
  const withRow = new Set(rows.flatMap((row) => [row.busAddress, row.uuid]));
  const missing = probe.kernelGpus.filter((gpu) => !withRow.has(gpu.busAddress) && !(gpu.uuid !== null && withRow.has(gpu.uuid)));
  return [...rows.map((row) => adapterOfRow(row, probe, system)), ...missing.map((gpu) => adapterWithoutRow(gpu, probe.faults))];
}

/** The fault of one card, or null. A lost card may still have a row with the driver's last figures. */
export function faultAt(faults: readonly GpuFault[], busAddress: string | null): GpuFault | null {
  return faults.find((fault) => fault.busAddress !== null && fault.busAddress === busAddress) ?? null;
}

/** Why a card is missing: its own fault, else the driver's fault, else `gpu_lost`. */
export function absenceCode(faults: readonly GpuFault[], busAddress: string | null): GpuFaultCode {
  return (faultAt(faults, busAddress) ?? faults.find((fault) => fault.busAddress === null))?.code ?? 'gpu_lost';
}

function adapterOfRow(row: NvidiaRow, probe: NvidiaProbe, system: SystemMemory): GpuAdapter {
  const live = nvidiaLive(row, system);
  const memoryGb = readingValue(live.memoryTotalGb);
  const verdict: AdapterVerdict =
    memoryGb !== null && memoryGb > 0
      ? { accepted: true }
      : { accepted: false, code: 'no_memory_reported', detail: live.memoryTotalGb.known ? null : live.memoryTotalGb.detail };
  const fault = faultAt(probe.faults, row.busAddress);
  const migInstances: readonly MigInstance[] = row.uuid === null ? [] : (probe.migInstances[row.uuid] ?? []);
  return {
    key: nvidiaKey(row),
    index: verdict.accepted ? row.index : null,
    uuid: row.uuid,
    name: row.name,
    vendor: 'nvidia',
    busAddress: row.busAddress,
    memoryGb,
    unifiedMemory: isUnified(row),
    driverVersion: row.driverVersion,
    mig: row.mig,
    migInstances,
    simulated: false,
    verdict,
    available: verdict.accepted && fault === null,
    unavailableCode: fault?.code ?? null,
    live,
    source: 'nvidia-smi',
  };
}

/** A card that only the kernel module lists. It is refused, because its memory is unknown. */
function adapterWithoutRow(gpu: KernelGpu, faults: readonly GpuFault[]): GpuAdapter {
  const code = absenceCode(faults, gpu.busAddress);
  const detail = faultAt(faults, gpu.busAddress)?.detail ?? faults.find((fault) => fault.busAddress === null)?.detail ?? null;
  return {
    ...brokenNvidia(gpu.name ?? 'NVIDIA GPU', gpu.busAddress, code, detail),
    key: nvidiaKey(gpu),
    uuid: gpu.uuid,
  };
}

/** An NVIDIA card that nvidia-smi does not list: present and not usable. */
export function brokenNvidia(name: string, busAddress: string | null, code: GpuFaultCode | null, detail: string | null): GpuAdapter {
  return {
    key: busAddress ?? name,
    index: null,
    uuid: null,
    name,
    vendor: 'nvidia',
    busAddress,
    memoryGb: null,
    unifiedMemory: false,
    driverVersion: null,
    mig: false,
    migInstances: [],
    simulated: false,
    verdict: { accepted: false, code: 'driver_not_working', detail },
    available: false,
    unavailableCode: code,
    live: code === null ? NOTHING_REPORTED : unreadableLive(code),
    source: 'nvidia-smi',
  };
}

export function uniqueBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): readonly Item[] {
  return [...new Map(items.toReversed().map((item) => [keyOf(item), item])).values()].toReversed();
}
