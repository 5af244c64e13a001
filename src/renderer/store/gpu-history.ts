// The use of each GPU over the last minutes, gathered from the readings as they arrive: what a line on the screen is drawn from.
// Pure. An unknown reading is a gap, not a zero.
import type { AgentView } from '../../shared/api/agent-view';

export const HISTORY_MS = 5 * 60_000;

export interface Sample {
  /** When it was read, Unix ms. */
  readonly at: number;
  /** 0-100; null: not known then. */
  readonly percent: number | null;
}

/** Samples by the key of the GPU, oldest first. */
export type GpuHistory = Readonly<Record<string, readonly Sample[]>>;

/** With the agent's latest reading, unless it is known already; without what is too old, and without GPUs that are gone. */
export function withReading(history: GpuHistory, agent: AgentView | null): GpuHistory {
  const hardware = agent?.hardware;
  const at = hardware?.read_at;
  if (hardware == null || at == null) return history;
  const accepted = hardware.gpus.filter((gpu) => gpu.accepted);
  return Object.fromEntries(
    accepted.map((gpu) => {
      const known = (history[gpu.key] ?? []).filter((sample) => sample.at > at - HISTORY_MS && sample.at < at);
      const { utilization_percent: use } = gpu;
      return [gpu.key, [...known, { at, percent: gpu.available && use.known ? use.value : null }]];
    }),
  );
}
