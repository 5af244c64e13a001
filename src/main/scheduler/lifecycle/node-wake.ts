// Waking a sleeping node (ADR 0033): when it may be woken, when a wake has failed, and how long earlier wakes took.
import type { Effect } from './events';
import type { Instant, NodeRecord } from './node-record';

/** Computers need 5 to 60 s for this. */
export const WAKE_TIMEOUT_MS = 2 * 60_000;
/** From packet to packet, also when the node slept again in between. Above the timeout. */
export const WAKE_INTERVAL_MS = 5 * 60_000;

export const wakingSince = ({ wake }: Pick<NodeRecord, 'wake'>): Instant | null => (wake?.isWaking === true ? wake.sentAt : null);

/** Null: the node is not being woken. */
export function wakeDeadlineMonotonicMs(record: NodeRecord): number | null {
  const since = wakingSince(record);
  return since === null ? null : since.monotonicMs + WAKE_TIMEOUT_MS;
}

/** Whether a packet may be sent to the node. It would take jobs when it is awake, as far as the scheduler knows. */
export function mayBeWoken(record: NodeRecord, nowMonotonicMs: number): boolean {
  const { online, isAsleep, profile, drain, pause, quarantine, wake } = record;
  if (online || !isAsleep || profile.wakeMac === undefined) return false;
  if (drain !== null || pause !== null || quarantine !== null) return false;
  const sentAt = wake?.sentAt ?? null;
  return sentAt === null || nowMonotonicMs - sentAt.monotonicMs >= WAKE_INTERVAL_MS;
}

export const onWakeSent = (record: NodeRecord, now: Instant): NodeRecord => ({
  ...record,
  wake: { sentAt: now, isWaking: true, readyAfterMs: record.wake?.readyAfterMs ?? null },
});

/** The node is ready: its time is learned. The newest wake counts as much as all earlier ones. */
export function woken(record: NodeRecord, now: Instant, effects: Effect[]): NodeRecord {
  const { wake } = record;
  const since = wakingSince(record);
  if (wake === undefined || since === null) return record;
  const tookMs = now.monotonicMs - since.monotonicMs;
  effects.push({ type: 'wake_ended', outcome: 'ready', tookMs });
  const readyAfterMs = wake.readyAfterMs === null ? tookMs : (wake.readyAfterMs + tookMs) / 2;
  return { ...record, wake: { ...wake, isWaking: false, readyAfterMs } };
}

/** The node is not ready at the deadline: waiting jobs go on waiting. */
export function withWakeTimedOut(record: NodeRecord, now: Instant, effects: Effect[]): NodeRecord {
  const { wake } = record;
  const [since, deadlineMonotonicMs] = [wakingSince(record), wakeDeadlineMonotonicMs(record)];
  if (wake === undefined || since === null || deadlineMonotonicMs === null || now.monotonicMs < deadlineMonotonicMs) return record;
  effects.push({ type: 'wake_ended', outcome: 'timeout', tookMs: now.monotonicMs - since.monotonicMs });
  return { ...record, wake: { ...wake, isWaking: false } };
}
