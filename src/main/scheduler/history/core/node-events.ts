// Which changes of a node are events of its timeline, and the bounded list of them.
import { type EventCause, MAX_EVENT_NOTE, MAX_NODE_EVENTS, type NodeEvent } from '../../../../shared/api/node-history';
import type { PoolMark } from '../../../../shared/api/pool-history';
import { toPlainName } from '../../../../shared/protocol/names';
import type { AvailabilityState } from '../../../../shared/protocol/status';
import type { NodeRecord } from '../../lifecycle/node-record';

export const EVENTS_KEPT_MS = 24 * 3_600_000;

/** Full and busy change with each job, so they count as available: a busy node would fill its list in minutes. */
const kept = (state: AvailabilityState): AvailabilityState => (state === 'full' || state === 'busy' ? 'available' : state);

/** The part of a node that an event explains. */
export interface KnownState extends Pick<NodeRecord, 'reasonCode' | 'pause' | 'drain' | 'quarantine'> {
  readonly state: AvailabilityState;
}

export const knownStateOf = ({ reasonCode, pause, drain, quarantine }: NodeRecord, state: AvailabilityState): KnownState => ({
  state: kept(state),
  reasonCode,
  pause,
  drain,
  quarantine,
});

/** Whether the change is an event. Called with every heartbeat, so it allocates nothing. `state`: after the change. */
export const isEvent = (last: KnownState, next: NodeRecord, state: AvailabilityState): boolean =>
  last.state !== kept(state) ||
  last.pause?.code !== next.pause?.code ||
  last.pause?.untilWallMs !== next.pause?.untilWallMs ||
  last.drain?.by !== next.drain?.by ||
  last.quarantine?.reason !== next.quarantine?.reason;

export function stateEvent(known: KnownState, atWallMs: number): NodeEvent {
  return { kind: 'state', at: atWallMs, state: known.state, cause: causeOf(known) };
}

function causeOf({ state, reasonCode, pause, drain, quarantine }: KnownState): EventCause {
  switch (state) {
    case 'disconnected':
    case 'asleep':
      return { type: 'connection' };
    case 'paused':
    case 'draining':
    case 'offline':
      if (quarantine !== null) return { type: 'quarantine', note: noteOf(quarantine.reason) };
      if (pause !== null) return { type: 'pause', code: pause.code, until: pause.untilWallMs, note: noteOf(pause.detail) };
      if (drain !== null) return { type: 'drain', by: drain.by === 'node' ? 'owner' : 'operator', note: noteOf(drain.reason) };
      return { type: 'status', reason_code: reasonCode };
    case 'available':
    case 'full':
    case 'busy':
    case 'registering':
    case 'degraded':
      return { type: 'status', reason_code: reasonCode };
  }
}

const noteOf = (text: string | null): string | null => (text === null ? null : toPlainName(text, MAX_EVENT_NOTE));

/** The lost jobs of a mark of the pool. */
export const lossEvent = ({ at, cause, jobs }: Extract<PoolMark, { kind: 'jobs_lost' }>): NodeEvent => ({
  kind: 'jobs_lost',
  at,
  cause,
  jobs,
});

/** Each event has its own time, by which it is stored. Events that are too old, or too many, are dropped. */
export function withEvent(events: readonly NodeEvent[], added: NodeEvent): readonly NodeEvent[] {
  const at = Math.max(Math.round(added.at), (events.at(-1)?.at ?? -Infinity) + 1);
  return [...sinceWallMs(events, at - EVENTS_KEPT_MS), { ...added, at }].slice(-MAX_NODE_EVENTS);
}

export const sinceWallMs = (events: readonly NodeEvent[], wallMs: number): readonly NodeEvent[] =>
  events[0] !== undefined && events[0].at < wallMs ? events.filter(({ at }) => at >= wallMs) : events;
