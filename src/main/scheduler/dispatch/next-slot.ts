// When full nodes should have a free slot, by the predicted ends of their jobs.
import type { Instant, NodeRecord } from '../lifecycle/node-record';

const MS_PER_SECOND = 1000;

/** A job that is late is expected to take as long again as it is late: otherwise a job that hangs would count as a slot that is free now. */
export const leftMs = (untilEndMs: number): number => Math.abs(untilEndMs);

/** The time until a slot of these nodes is free for a job with `ahead` jobs before it, ms. Null: the ends of their jobs are not known. */
export function nextSlotMs(nodes: readonly NodeRecord[], ahead: number, nowMonotonicMs: number): number | null {
  const lefts = nodes
    .flatMap(({ expectedJobs }) => Array.from(expectedJobs.values(), ({ endMonotonicMs }) => leftMs(endMonotonicMs - nowMonotonicMs)))
    .sort((one, other) => one - other);
  const left = lefts[ahead];
  return left === undefined ? null : Math.round(left);
}

/** When a full node should have a free slot, in whole seconds: every view of the node has the time. Null: the ends of its jobs are not known. */
export function nextSlotAtWallMs(node: NodeRecord, { wallMs, monotonicMs }: Instant): number | null {
  const leftMs = nextSlotMs([node], 0, monotonicMs);
  return leftMs === null ? null : Math.round((wallMs + leftMs) / MS_PER_SECOND) * MS_PER_SECOND;
}
