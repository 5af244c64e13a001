// Parses what systeminformation and the operating system report: the load of CPU and memory, the names of CPU and system. Derives the
// GPU memory of Apple silicon. NaN and missing values become null.
import { detailOf, finitePositive, gbFromBytes, gbFromMib } from './reading';

/** Bytes, as reported by the operating system. */
export interface MemoryFacts {
  readonly totalBytes: number;
  readonly availableBytes: number;
  /** The container's memory limit. 0, or more than the machine has: there is no limit. */
  readonly constrainedBytes: number;
  /** Available memory within that limit. */
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

/** The memory that this program can use: the container's limit if there is one. */
export function usableMemoryBytes(totalBytes: number, constrainedBytes: number): number {
  return constrainedBytes > 0 && constrainedBytes < totalBytes ? constrainedBytes : totalBytes;
}

export function machineLoadOf(cpuPercent: unknown, memory: MemoryFacts, diskFreeBytes: number | null): MachineLoad {
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

/** A percentage with one decimal. Null: the value is not a percentage. */
function percentOrNull(value: unknown): number | null {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < -0.5 || value > 100.5) return null;
  return Math.min(100, Math.max(0, Math.round(value * 10) / 10));
}

/** Accepts any value of `si.cpu()` and `si.osInfo()`. */
export function parseMachineIdentity(cpu: unknown, os: unknown): MachineIdentity {
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

/** `si.mem().available`. Null: it is not a positive number. */
export function parseAvailableBytes(mem: unknown): number | null {
  if (typeof mem !== 'object' || mem === null || !('available' in mem)) return null;
  return finitePositive(mem.available);
}

/** On Apple silicon CPU and GPU share the memory. macOS gives the GPU three quarters of it above this size, and two thirds below. */
const LARGE_MEMORY_GB = 36;

/**
 * The memory that macOS lets the GPU use, GiB: `iogpu.wired_limit_mb` when it is set, else the system's share. Never more than the
 * machine has.
 */
export function appleGpuBudgetGb(memoryGb: number, wiredLimitMib: number | null): number {
  if (wiredLimitMib !== null && wiredLimitMib > 0) return Math.min(gbFromMib(wiredLimitMib), memoryGb);
  return Math.round(memoryGb * (memoryGb > LARGE_MEMORY_GB ? 0.75 : 2 / 3) * 10) / 10;
}

/** Parses the output of `sysctl -n iogpu.wired_limit_mb`. Null: unset (0), unknown to this macOS, or unreadable. */
export function parseWiredLimitMib(text: string): number | null {
  const number = /^\d{1,9}$/.test(text.trim()) ? Number(text) : 0;
  return number > 0 ? number : null;
}
