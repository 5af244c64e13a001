// Apple silicon: CPU and GPU share the memory, so the GPU's memory is a budget.
import { gbFromMib } from './reading';

/** macOS gives the GPU three quarters of the memory above this size, and two thirds below. */
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
