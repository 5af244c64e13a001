// When full nodes should have a free slot, by the predicted ends of their jobs.
import type { Instant, NodeRecord } from '../lifecycle/node-record';

const MS_PER_SECOND = 1000;

/** A job that is late is expected to take as long again as it is late: otherwise a job that hangs would count as a slot that is free now. */
export const leftMs = (untilEndMs: number): number => Math.abs(untilEndMs);

/**
 * The time until a slot of these nodes is free for a job with `ahead` jobs before it, ms, if each of those takes `usualMs`. Null: the ends of
 * their jobs are not known, or more jobs are ahead than run and `usualMs` is not known.
 */
export function nextSlotMs(
  nodes: readonly NodeRecord[],
  ahead: number,
  nowMonotonicMs: number,
  usualMs: number | null = null,
): number | null {
  const lefts = nodes
    .flatMap(({ expectedJobs }) => Array.from(expectedJobs.values(), ({ endMonotonicMs }) => leftMs(endMonotonicMs - nowMonotonicMs)))
    .sort((one, other) => one - other);
  const left = usualMs === null || ahead === 0 ? lefts[ahead] : leftAfter(lefts, ahead, usualMs);
  return left === undefined ? null : Math.round(left);
}

/**
 * The slots are taken in the order in which they become free. `lefts` is sorted, and so are the ends of the jobs ahead, so the next end is the
 * first of one of the two lists.
 */
function leftAfter(lefts: readonly number[], ahead: number, usualMs: number): number | undefined {
  if (lefts.length === 0) return undefined;
  const ends: number[] = [];
  let [ofRunning, ofAhead] = [0, 0];
  for (let taken = 0; ; taken++) {
    const [running, started] = [lefts[ofRunning] ?? Infinity, ends[ofAhead] ?? Infinity];
    const next = Math.min(running, started);
    if (taken === ahead) return next;
    if (running <= started) ofRunning++;
    else ofAhead++;
    ends.push(next + usualMs);
  }
}

/** When a full node should have a free slot, in whole seconds: every view of the node has the time. Null: the ends of its jobs are not known. */
export function nextSlotAtWallMs(node: NodeRecord, { wallMs, monotonicMs }: Instant): number | null {
  const leftMs = nextSlotMs([node], 0, monotonicMs);
  return leftMs === null ? null : Math.round((wallMs + leftMs) / MS_PER_SECOND) * MS_PER_SECOND;
}
