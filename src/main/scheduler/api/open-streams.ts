// The event streams of a scheduler. Each kind has its own limit, so that one kind cannot exclude another.
import type { Clock } from '../../platform/clock';
import type { SchedulerConfig } from '../../platform/config/config';
import type { UsageSettings } from '../members/key-usage';
import { EventStreams } from './event-streams';

export interface OpenStreams {
  /** To dashboards and to programs that watch the pool. */
  readonly pool: EventStreams;
  /** Of the pool, to members (ADR 0030). */
  readonly members: EventStreams;
  /** Of single jobs. */
  readonly jobs: EventStreams;
}

const TOTAL_STREAMS = { events: 256, pool_events: 64, member_events: 256 } as const;

export const usageSettingsOf = ({ keys, jobs }: SchedulerConfig): UsageSettings => ({
  defaults: keys,
  totals: { queued: jobs.maxQueued, streams: TOTAL_STREAMS },
});

export const openStreams = (clock: Clock): OpenStreams => ({
  pool: new EventStreams(clock, TOTAL_STREAMS.pool_events),
  members: new EventStreams(clock, TOTAL_STREAMS.member_events),
  jobs: new EventStreams(clock, TOTAL_STREAMS.events),
});

/** Resolves when all of them have ended. */
export const stopStreams = ({ pool, members, jobs }: OpenStreams): Promise<unknown> =>
  Promise.all([pool.stop(), members.stop(), jobs.stop()]);
