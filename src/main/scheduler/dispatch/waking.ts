// Which sleeping node is woken for a waiting job (ADR 0033): one that could take the job if it were awake, when no other node can take the
// job soon.
import type { JobWake } from '../../../shared/api/wake';
import type { NodeRecord } from '../lifecycle/node-record';
import { mayBeWoken, wakingSince } from '../lifecycle/node-wake';
import type { ExclusionTally } from './exclusion-aggregates';
import { suits } from './filters';
import type { JobRequirements } from './job-requirements';
import type { DispatchPolicy } from './policy';

/** Jobs end on these nodes, so a waiting job gets its turn there. */
const isServedSoon = (tally: ExclusionTally): boolean => tally.capacity_exceeded !== undefined || tally.vram_insufficient !== undefined;

/** After a sleep no job is in flight, and the readings from before it do not count. */
const idle = (record: NodeRecord): NodeRecord => ({ ...record, usage: null, gpus: null, assignedJobs: 0 });

/** Whether the node could take the job if it were ready. */
export const couldTake = (record: NodeRecord, job: JobRequirements, policy: DispatchPolicy): boolean => suits(idle(record), job, policy);

const isRegistering = ({ online, status, quarantine }: NodeRecord): boolean => online && status === 'registering' && quarantine === null;

export interface WakeInput {
  readonly policy: DispatchPolicy;
  readonly nowMonotonicMs: number;
  /** Why no node can take the job now. */
  readonly tally: ExclusionTally;
}

/**
 * The node that is woken for a job that no node can take: one that is being woken already, else the one that was fastest before. Null: none,
 * or another node may take the job soon. `records`: of all nodes.
 */
export function nodeToWake(
  records: Iterable<NodeRecord>,
  job: JobRequirements,
  { policy, nowMonotonicMs, tally }: WakeInput,
): NodeRecord | null {
  if (isServedSoon(tally)) return null;
  let best: NodeRecord | null = null;
  let waking: NodeRecord | null = null;
  for (const record of records) {
    const isWaking = wakingSince(record) !== null;
    const isComing = isRegistering(record);
    if (!isWaking && !isComing && !mayBeWoken(record, nowMonotonicMs)) continue;
    if (!couldTake(record, job, policy)) continue;
    if (isWaking) waking = waking === null ? record : fasterOf(waking, record);
    // A node that was not woken is about to be ready.
    else if (isComing) return null;
    else best = best === null ? record : fasterOf(best, record);
  }
  return waking ?? best;
}

const fasterOf = (one: NodeRecord, other: NodeRecord): NodeRecord => (isFaster(other, one) ? other : one);

function isFaster(one: NodeRecord, other: NodeRecord): boolean {
  const [oneMs, otherMs] = [one.wake?.readyAfterMs ?? Infinity, other.wake?.readyAfterMs ?? Infinity];
  return oneMs === otherMs ? one.nodeId < other.nodeId : oneMs < otherMs;
}

export const jobWakeOf = (record: NodeRecord): JobWake => ({
  node_id: record.nodeId,
  since: wakingSince(record)?.wallMs ?? null,
  seconds: secondsOf(record),
});

/** How long the node took to be ready after earlier packets, in whole seconds. Null: not known. */
export const secondsOf = ({ wake }: Pick<NodeRecord, 'wake'>): number | null =>
  wake?.readyAfterMs == null ? null : Math.max(1, Math.round(wake.readyAfterMs / 1000));
