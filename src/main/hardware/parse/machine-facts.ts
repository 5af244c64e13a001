// CPU, memory and system names from systeminformation and the operating system, with every NaN and absence made null. Pure.
import { detailOf, finitePositive, gbFromBytes } from './reading';

/** Bytes, as the operating system tells them. */
export interface MemoryFacts {
  readonly totalBytes: number;
  readonly availableBytes: number;
  /** The limit of the container this runs in; 0, or more than the machine has, when there is none. */
  readonly constrainedBytes: number;
  /** What that limit still leaves. */
  readonly constrainedAvailableBytes: number;
}

export interface MachineLoad {
  readonly cpuPercent: number | null;
  readonly memPercent: number | null;
  readonly memoryUsedGb: number | null;
  readonly diskFreeGb: number | null;
}

export interface MachineIdentity {
  readonly cpuModel: string | null;
  readonly osName: string | null;
}

/** The memory this program may count on: the container's limit where there is one. */
export function usableMemoryBytes(totalBytes: number, constrainedBytes: number): number {
  return constrainedBytes > 0 && constrainedBytes < totalBytes ? constrainedBytes : totalBytes;
}

export function mapMachineLoad(cpuPercent: unknown, memory: MemoryFacts, diskFreeBytes: number | null): MachineLoad {
  const total = usableMemoryBytes(memory.totalBytes, memory.constrainedBytes);
  const available = total === memory.totalBytes ? memory.availableBytes : memory.constrainedAvailableBytes;
  const usedBytes = Number.isFinite(available) && total > 0 ? Math.min(total, Math.max(0, total - available)) : null;
  return {
    cpuPercent: percentOrNull(cpuPercent),
    memPercent: usedBytes === null ? null : percentOrNull((usedBytes / total) * 100),
    memoryUsedGb: usedBytes === null ? null : gbFromBytes(usedBytes),
    diskFreeGb: diskFreeBytes !== null && Number.isFinite(diskFreeBytes) && diskFreeBytes >= 0 ? gbFromBytes(diskFreeBytes) : null,
  };
}

/** A share to a tenth of a percent; null for what is no share. */
function percentOrNull(value: unknown): number | null {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < -0.5 || value > 100.5) return null;
  return Math.min(100, Math.max(0, Math.round(value * 10) / 10));
}

/** Takes what `si.cpu()` and `si.osInfo()` returned, whatever it is. */
export function mapMachineIdentity(cpu: unknown, os: unknown): MachineIdentity {
  return {
    cpuModel: joined(field(cpu, 'manufacturer'), field(cpu, 'brand')),
    osName: joined(field(os, 'distro'), field(os, 'release')),
  };
}

function field(source: unknown, name: string): string | null {
  if (typeof source !== 'object' || source === null) return null;
  const value: unknown = (source as Readonly<Record<string, unknown>>)[name];
  return typeof value === 'string' ? detailOf(value) : null;
}

function joined(first: string | null, second: string | null): string | null {
  if (first === null || second === null) return first ?? second;
  return second.startsWith(first) ? second : `${first} ${second}`;
}

/** `si.mem().available` where it is a number. */
export function availableBytesOf(mem: unknown): number | null {
  if (typeof mem !== 'object' || mem === null || !('available' in mem)) return null;
  return finitePositive(mem.available);
}
