// What an attempt costs the share of its key (ADR 0045): the time that it has a slot of a node, as predicted and as measured.
import type { AttemptOutcome } from '../../../../shared/api/job';
import type { Attempt, JobRecord } from './job-record';

const MS_PER_SECOND = 1000;

/** The pool took the node away, or did not send the job: the key is not charged. */
const NOT_CHARGED: ReadonlySet<AttemptOutcome | null> = new Set(['not_delivered', 'node_lost', 'drain_timeout', 'quarantined']);

/** Null: nothing is known of the node. */
export function predictedSlotMs({ prediction }: Attempt): number | null {
  const chosen = prediction?.nodes[0];
  return chosen === undefined ? null : chosen.seconds * MS_PER_SECOND;
}

/** Of an attempt that has ended. Null: it costs nothing. */
export function slotMsOf({ attempts }: JobRecord, attempt: number): number | null {
  const ended = attempts.find((known) => known.attempt === attempt);
  if (ended === undefined || ended.endedAt === null || NOT_CHARGED.has(ended.outcome)) return null;
  return ended.endedAt.monotonicMs - ended.assignedAt.monotonicMs;
}
