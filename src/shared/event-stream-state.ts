// When a client of an event stream reconnects, and from which event it resumes. The stream itself is in event-stream.ts.
import { type BackoffPolicy, backoffMs } from './backoff';

export interface EventStreamState {
  /** Connections that were lost or failed since the last stable connection, or since the last refusal of access. */
  readonly failures: number;
  /** The id of the last valid event; null: the next connection starts with a snapshot. */
  readonly lastEventId: string | null;
}

export const NEW_STREAM: EventStreamState = { failures: 0, lastEventId: null };

/** Request headers of the next connection. */
export const resumeHeaders = ({ lastEventId }: EventStreamState): Readonly<Record<string, string>> =>
  lastEventId === null ? {} : { 'last-event-id': lastEventId };

/** An id that a request header can contain. Any other id would make every later connection fail. */
const SENDABLE_ID = /^[\x21-\x7e]{1,256}$/;

/** After a valid event. `id`: the last id of the stream; null when the server sends none. */
export const afterEvent = ({ failures, lastEventId }: EventStreamState, id: string | null): EventStreamState => ({
  failures,
  lastEventId: id === null ? lastEventId : SENDABLE_ID.test(id) ? id : null,
});

/** After a connection that lasted. A short connection does not reset the delay, since a server may close each connection at once. */
export const afterStableConnection = ({ lastEventId }: EventStreamState): EventStreamState => ({ failures: 0, lastEventId });

/** After a refusal of access. The next connection is the user's decision and no retry. */
export const afterDenial = ({ lastEventId }: EventStreamState): EventStreamState => ({ failures: 0, lastEventId });

/** After an invalid event, which may be a change that is missing later. */
export const afterInvalidEvent = ({ failures }: EventStreamState): EventStreamState => ({ failures, lastEventId: null });

/**
 * After a lost or failed connection, with the delay before the next one: uniform from half the first delay to the present one, so that
 * many clients do not reconnect at the same time. `random` is in [0, 1).
 */
export function afterLoss(
  { failures, lastEventId }: EventStreamState,
  policy: BackoffPolicy,
  random: number,
): readonly [EventStreamState, delayMs: number] {
  const next = { failures: failures + 1, lastEventId };
  const shortestMs = policy.firstMs / 2;
  return [next, shortestMs + random * (backoffMs(policy, next.failures) - shortestMs)];
}
