// Apple Silicon: one memory for processor and GPU, so "how much" is a budget, not a size. Pure.
import { gbFromMib } from './reading';

/** Above this much memory macOS lets the GPU have three quarters of it, below two thirds. */
const LARGE_MEMORY_GB = 36;

/**
 * What macOS lets the GPU use, GiB: the owner's `iogpu.wired_limit_mb` when set, else the system's share.
 * Never more than the machine has.
 */
export function appleGpuBudgetGb(memoryGb: number, wiredLimitMib: number | null): number {
  if (wiredLimitMib !== null && wiredLimitMib > 0) return Math.min(gbFromMib(wiredLimitMib), memoryGb);
  return Math.round(memoryGb * (memoryGb > LARGE_MEMORY_GB ? 0.75 : 2 / 3) * 10) / 10;
}

/** What `sysctl -n iogpu.wired_limit_mb` printed; null when unset (0), unknown to this macOS, or unreadable. */
export function parseWiredLimitMib(text: string): number | null {
  const number = /^\d{1,9}$/.test(text.trim()) ? Number(text) : 0;
  return number > 0 ? number : null;
}
