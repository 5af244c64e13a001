// The timeline of a node: spans of one state for its bar, and its events as texts, newest first. Pure.
import type { EventCause, NodeEvent, NodeHistory } from '../../../shared/api/node-history';
import { assertNever } from '../../../shared/assert-never';
import type { AvailabilityView } from '../../../shared/protocol/scheduler-messages';
import type { AvailabilityState } from '../../../shared/protocol/status';
import type { Labels } from '../../i18n/use-labels';
import { drainNoteLabel, withNote } from '../../labels/availability-labels';
import { pauseLabel } from '../../labels/pause-labels';

export interface StateSpan {
  readonly fromWallMs: number;
  readonly toWallMs: number;
  /** Null: not recorded. */
  readonly state: AvailabilityState | null;
}

/** Neighbouring periods of one state are one span. A period without a point is a gap. */
export function spansOf({ at, state, from, until, step_seconds: stepSeconds }: NodeHistory): readonly StateSpan[] {
  const stepMs = stepSeconds * 1000;
  const spans: StateSpan[] = [];
  const add = (next: StateSpan): void => {
    const last = spans.at(-1);
    if (next.toWallMs <= next.fromWallMs) return;
    if (last?.state === next.state) spans[spans.length - 1] = { ...last, toWallMs: next.toWallMs };
    else spans.push(next);
  };
  let endWallMs = from;
  for (const [i, atWallMs] of at.entries()) {
    const startWallMs = Math.max(atWallMs, from);
    add({ fromWallMs: endWallMs, toWallMs: startWallMs, state: null });
    // The present period has not ended.
    endWallMs = Math.max(startWallMs, Math.min(atWallMs + stepMs, until));
    add({ fromWallMs: startWallMs, toWallMs: endWallMs, state: state[i] ?? null });
  }
  add({ fromWallMs: endWallMs, toWallMs: until, state: null });
  return spans;
}

/** After the word of the state: `for 36 min`, and the cause. `nextWallMs`: when the next state began; null: the state lasts. */
export function eventText(labels: Labels, event: NodeEvent, nextWallMs: number | null): string {
  const { t, format } = labels;
  if (event.kind === 'jobs_lost') return t(`nodes.lost.${event.cause}`, { count: event.jobs });
  const cause = causeText(labels, event.cause, event.at);
  if (nextWallMs === null) return cause;
  const length = t('nodes.for_time', { length: format.duration(nextWallMs - event.at) });
  return cause === '' ? length : `${length} · ${cause}`;
}

function causeText(labels: Labels, cause: EventCause, atWallMs: number): string {
  const { t } = labels;
  switch (cause.type) {
    case 'status':
      return labels.code('status_reason', cause.reason_code);
    case 'connection':
      return '';
    case 'pause':
      return pauseLabel(labels, { ...cause, detail: cause.note }, 'node_short', atWallMs);
    case 'drain':
      return withNote(
        labels,
        t(`availability_reason.drained_by.${cause.by === 'operator' ? 'operator' : 'node'}`),
        drainNoteLabel(labels, cause.note),
      );
    case 'quarantine':
      return withNote(labels, t('availability_reason.quarantined'), cause.note);
    default:
      return assertNever(cause);
  }
}

export interface TimelineEvent {
  readonly event: NodeEvent;
  /** When the next state began; null: the state lasts, or the event is none. */
  readonly nextWallMs: number | null;
}

/** Full and busy are no events, because they change with each job: while one of them lasts, the timeline begins with it. */
export function presentOf(
  { state, since }: AvailabilityView,
  events: readonly NodeEvent[],
): { readonly state: AvailabilityState; readonly at: number } | null {
  if (state !== 'full' && state !== 'busy') return null;
  return { state, at: Math.max(since, events.at(-1)?.at ?? since) };
}

/** `presentWallMs`: when a state began that is no event, and lasts. Null: the last event lasts. */
export function newestFirst(events: readonly NodeEvent[], presentWallMs: number | null = null): readonly TimelineEvent[] {
  let nextWallMs = presentWallMs;
  return events.toReversed().map((event) => {
    const listed = { event, nextWallMs: event.kind === 'state' ? nextWallMs : null };
    if (event.kind === 'state') nextWallMs = event.at;
    return listed;
  });
}
