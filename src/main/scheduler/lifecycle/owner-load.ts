// The load of a node that is not the pool's: of its owner (docs/dispatch.md, Owner's load; ADR 0016). A node that measures it reports it.
// For other nodes it is the whole load while no job is in flight there. While a job is, the last such reading counts for a minute. Older
// than that, it is unknown, and an unknown load keeps no job away.
import type { NodeUsage } from './node-report';

/** Percent. Null: unknown. */
export interface OwnerLoad {
  readonly cpuPercent: number | null;
  readonly gpuPercent: number | null;
  /** The node tells the two kinds of load apart itself. Null: it has sent no heartbeat yet. */
  readonly isMeasured: boolean | null;
  /** The whole load when no job was in flight, for a node that does not measure. */
  readonly idle: { readonly cpuPercent: number; readonly gpuPercent: number | null; readonly atMonotonicMs: number } | null;
}

export const NO_OWNER_LOAD: OwnerLoad = { cpuPercent: null, gpuPercent: null, isMeasured: null, idle: null };

/** How long the last reading without a job in flight counts while jobs are in flight. */
const MAX_IDLE_READING_AGE_MS = 60_000;

/** The owner's load after a heartbeat. `inFlight`: the jobs that the scheduler assigned, or more when the node reports more. */
export function ownerLoadOf(previous: OwnerLoad, usage: NodeUsage, inFlight: number, nowMonotonicMs: number): OwnerLoad {
  const { ownerCpuPercent, ownerGpuPercent } = usage;
  const isMeasured = ownerCpuPercent !== undefined || ownerGpuPercent !== undefined;
  const idle =
    inFlight === 0
      ? { cpuPercent: usage.cpuPercent, gpuPercent: usableGpuPercent(usage), atMonotonicMs: nowMonotonicMs }
      : freshOrNull(previous.idle, nowMonotonicMs);
  return {
    cpuPercent: ownerCpuPercent === undefined ? (idle?.cpuPercent ?? null) : ownerCpuPercent,
    gpuPercent: ownerGpuPercent === undefined ? (idle?.gpuPercent ?? null) : ownerGpuPercent,
    isMeasured,
    idle,
  };
}

/** When the reading that counts for a node with a job in flight becomes too old, monotonic ms. Null: no such reading counts. */
export function readingEndMonotonicMs({ idle }: OwnerLoad, usage: NodeUsage | null, inFlight: number): number | null {
  if (idle === null || usage === null || inFlight === 0) return null;
  const isMeasured = usage.ownerCpuPercent !== undefined && usage.ownerGpuPercent !== undefined;
  return isMeasured ? null : idle.atMonotonicMs + MAX_IDLE_READING_AGE_MS + 1;
}

/** The owner's load after the end of that reading. */
export const withoutReading = (load: OwnerLoad, { ownerCpuPercent, ownerGpuPercent }: NodeUsage): OwnerLoad => ({
  ...load,
  cpuPercent: ownerCpuPercent === undefined ? null : load.cpuPercent,
  gpuPercent: ownerGpuPercent === undefined ? null : load.gpuPercent,
  idle: null,
});

const freshOrNull = (idle: OwnerLoad['idle'], nowMonotonicMs: number): OwnerLoad['idle'] =>
  idle !== null && nowMonotonicMs - idle.atMonotonicMs <= MAX_IDLE_READING_AGE_MS ? idle : null;

/** An unusable GPU has no load. The filter `gpu` excludes its node. */
const usableGpuPercent = ({ gpuPercent }: NodeUsage): number | null =>
  gpuPercent != null && gpuPercent >= 0 && gpuPercent <= 100 ? gpuPercent : null;
