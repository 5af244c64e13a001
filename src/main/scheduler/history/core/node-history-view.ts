// The history of a node as the API shows it.
import { NODE_RANGES, type NodeEvent, type NodeHistory, type NodeRange } from '../../../../shared/api/node-history';
import type { NodePoint } from './node-series';

export interface NodeHistoryInput {
  readonly range: NodeRange;
  readonly points: readonly NodePoint[];
  readonly events: readonly NodeEvent[];
  readonly nowWallMs: number;
}

const round = (value: number | undefined): number | null => (value === undefined ? null : Math.round(value * 10) / 10);
const percent = (value: number | undefined): number | null => (value === undefined ? null : Math.min(100, round(value) ?? 0));

export function nodeHistoryOf({ range, points, events, nowWallMs }: NodeHistoryInput): NodeHistory {
  const { seconds, stepSeconds } = NODE_RANGES[range];
  return {
    range,
    step_seconds: stepSeconds,
    from: nowWallMs - seconds * 1000,
    until: nowWallMs,
    at: points.map(({ atWallMs }) => atWallMs),
    state: points.map(({ state }) => state),
    gpu_pool_percent: points.map(({ gpuPercent }) => percent(gpuPercent?.pool)),
    gpu_owner_percent: points.map(({ gpuPercent }) => percent(gpuPercent?.owner)),
    vram_pool_gb: points.map(({ vramGb }) => round(vramGb?.pool)),
    vram_owner_gb: points.map(({ vramGb }) => round(vramGb?.owner)),
    events: [...events],
  };
}
