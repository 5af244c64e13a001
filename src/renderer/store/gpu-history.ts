// The use of each GPU over the last minutes, collected from the readings as they arrive. Charts are drawn from it.
// An unknown reading is a gap, not a zero.
import type { AgentView } from '../../shared/api/agent-view';

export const HISTORY_MS = 5 * 60_000;

export interface Sample {
  /** Unix ms. */
  readonly atWallMs: number;
  /** 0-100; null: unknown at that time. */
  readonly percent: number | null;
}

/** Samples by the key of the GPU, oldest first. */
export type GpuHistory = Readonly<Record<string, readonly Sample[]>>;

/** Adds the latest reading of the agent, once. Drops old samples and removed GPUs. */
export function withReading(history: GpuHistory, agent: AgentView | null): GpuHistory {
  const hardware = agent?.hardware;
  const atWallMs = hardware?.read_at;
  if (hardware == null || atWallMs == null) return history;
  const accepted = hardware.gpus.filter((gpu) => gpu.accepted);
  return Object.fromEntries(
    accepted.map((gpu) => {
      const known = (history[gpu.key] ?? []).filter((sample) => sample.atWallMs > atWallMs - HISTORY_MS && sample.atWallMs < atWallMs);
      const { utilization_percent: use } = gpu;
      return [gpu.key, [...known, { atWallMs, percent: gpu.available && use.known ? use.value : null }]];
    }),
  );
}
