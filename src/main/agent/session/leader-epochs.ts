// The highest epoch of the leaders that this node has registered with (ADR 0054). A leader that was deposed and does not know it yet must
// not get the node back: it would send jobs that another leader has sent, too.
import type { KnownEpoch, SessionInstant, SessionState } from './session-state';

/**
 * After this time without a registration, any epoch is accepted: a database that was restored from a backup may have a lower one. Far above
 * the 7 s of a lease, so that a leader which still believes in its term has learned that it ended.
 */
const FORGET_AFTER_MS = 60_000;

/** `epoch`: of an acknowledgement. Absent or null: a scheduler that is alone, or a leader of an earlier version. */
export function isOlderLeader({ knownEpoch: known }: SessionState, epoch: number | null | undefined, now: SessionInstant): boolean {
  if (known === null || epoch == null || epoch >= known.epoch) return false;
  return known.lostAtMonotonicMs === null || now.monotonicMs - known.lostAtMonotonicMs < FORGET_AFTER_MS;
}

/** Of an acknowledgement that was accepted. */
export const epochAfter = ({ knownEpoch }: SessionState, epoch: number | null | undefined): KnownEpoch | null =>
  epoch == null ? knownEpoch : { epoch, lostAtMonotonicMs: null };

/** The time counts from the end of a registration, whatever ended it. */
export function withLoss(before: SessionState, after: SessionState, now: SessionInstant): SessionState {
  const isLost = isRegistered(before) && !isRegistered(after) && after.knownEpoch !== null;
  return isLost ? { ...after, knownEpoch: { ...after.knownEpoch, lostAtMonotonicMs: now.monotonicMs } } : after;
}

const isRegistered = ({ link }: SessionState): boolean => link.state === 'registered';
