// The present use of each key: requests, bytes and streams, against its limits and its fair share (core/key-limits.ts). In memory: a restart
// begins with full allowances.
import type { KeyUse, LimitUse } from '../../../shared/api/program-limits';
import type { AbuseLog } from '../../platform/abuse-log';
import type { Clock } from '../../platform/clock';
import { type Bucket, type DefaultLimits, defaultPriorityOf, fairShareOf, limitsOf, take } from './core/key-limits';
import type { Principal } from './core/principal';
import type { RateLimits } from './core/program-limits';
import type { KeyMeter } from './key-meter';

const BYTES_PER_MEGABYTE = 1_000_000;
const SECONDS_PER_MINUTE = 60;

type KeyLimit = 'requests_per_second' | 'megabytes_per_minute' | 'queued' | 'streams';

/** `max` is the limit; `found` is the present use. `retryAfterSeconds` null: the key must give up something first. */
export interface LimitReached {
  readonly limit: Exclude<KeyLimit, 'queued'>;
  readonly max: number;
  readonly found: number | null;
  readonly retryAfterSeconds: number | null;
}

/** `events`: of one job. `pool_events`: of the pool and the app. `member_events`: of the pool, for members. `answer`: of the OpenAI API. */
export type StreamKind = 'events' | 'pool_events' | 'member_events' | 'answer';

/** The settings of limits. */
export interface UsageSettings {
  readonly defaults: DefaultLimits;
  /** The queue and the event streams that all submitters share. */
  readonly totals: { readonly queued: number; readonly streams: Readonly<Record<Exclude<StreamKind, 'answer'>, number>> };
}

export interface KeyUsageOptions extends UsageSettings {
  readonly clock: Clock;
  readonly abuse: Pick<AbuseLog, 'limitReached'>;
  readonly hasOtherSubmitters: (id: string | null) => boolean;
  /** Default: no key has limits for its requests. */
  readonly meter?: Pick<KeyMeter, 'rateLimitsOf' | 'limitUsesOf' | 'useOf'>;
  /** Counts requests over a limit of their key. Default: none is counted. */
  readonly refusals?: { requestRefused(keyId: string | null): void };
}

interface Use {
  requests: Bucket | null;
  bytes: Bucket | null;
}

export class KeyUsage {
  readonly #options: KeyUsageOptions;
  #settings: UsageSettings;
  readonly #uses = new Map<string, Use>();
  readonly #streams = new Map<string | null, Record<StreamKind, number>>();

  constructor(options: KeyUsageOptions) {
    this.#options = options;
    this.#settings = options;
  }

  /** Open streams stay, also above a lower limit. */
  configure(settings: UsageSettings): void {
    this.#settings = settings;
  }

  /** Counts a request. Null: it may pass. */
  request(principal: Principal | null, bytes: number): LimitReached | null {
    const { clock } = this.#options;
    const limits = limitsOf(principal, this.#settings.defaults);
    if (principal === null || limits === null) return null;
    const use = this.#useOf(principal.id);
    const requests = take(use.requests, 1, limits.requestsPerSecond, clock.monotonicMs());
    use.requests = requests.bucket;
    if (requests.waitMs !== null)
      return this.#reached(principal, { limit: 'requests_per_second', max: limits.requestsPerSecond, ...afterMs(requests.waitMs) });
    return this.bytes(principal, bytes);
  }

  /** Counts bytes that a request sends, or that it makes the scheduler store again. Null: it may pass. */
  bytes(principal: Principal | null, bytes: number): LimitReached | null {
    const { clock } = this.#options;
    const limits = limitsOf(principal, this.#settings.defaults);
    if (principal === null || limits === null || bytes === 0) return null;
    const use = this.#useOf(principal.id);
    const bytesPerSecond = (limits.megabytesPerMinute * BYTES_PER_MEGABYTE) / SECONDS_PER_MINUTE;
    const taken = take(use.bytes, bytes, bytesPerSecond, clock.monotonicMs());
    use.bytes = taken.bucket;
    if (taken.waitMs === null) return null;
    return this.#reached(principal, { limit: 'megabytes_per_minute', max: limits.megabytesPerMinute, ...afterMs(taken.waitMs) });
  }

  /** How many jobs of the caller may be queued. */
  maxQueuedOf(principal: Principal | null): number {
    const limit = limitsOf(principal, this.#settings.defaults)?.maxQueued ?? Infinity;
    return Math.min(limit, this.#shareOf(principal, this.#settings.totals.queued));
  }

  /** A job was refused because of `maxQueuedOf`. */
  queueRefused(principal: Principal | null): void {
    this.#log('queued', principal);
  }

  /** A job was refused because of a limit for requests to models, which `KeyMeter` notes in the log. */
  jobRefused(principal: Principal | null): void {
    this.#options.refusals?.requestRefused(principal?.id ?? null);
  }

  maxPriorityOf(principal: Principal | null): number {
    return limitsOf(principal, this.#settings.defaults)?.maxPriority ?? Infinity;
  }

  /** The priority of jobs of the caller that have none of their own. */
  defaultPriorityOf(principal: Principal | null): number {
    return defaultPriorityOf(principal, this.#settings.defaults);
  }

  /** The limits for requests of the caller as they are now. Null: it has none. */
  rateLimitsOf(principal: Principal | null): RateLimits | null {
    return principal === null ? null : (this.#options.meter?.rateLimitsOf(principal.id) ?? null);
  }

  /** What the caller uses of its limits for requests to models. */
  ownUseOf(principal: Principal | null): { readonly use: KeyUse; readonly limits: readonly LimitUse[] } {
    const { meter } = this.#options;
    if (principal === null || meter === undefined) return { use: { at_once: 0, tokens_today: 0 }, limits: [] };
    return { use: meter.useOf(principal.id), limits: meter.limitUsesOf(principal.id) };
  }

  /**
   * Counts a stream until the returned function is called, or returns the limit that the caller has reached. The limit of a key covers
   * all kinds. Only event streams have a total, and so a fair share.
   */
  openStream(principal: Principal | null, kind: StreamKind): LimitReached | (() => void) {
    const id = principal?.id ?? null;
    const open = this.#streams.get(id) ?? { events: 0, pool_events: 0, member_events: 0, answer: 0 };
    const limit = limitsOf(principal, this.#settings.defaults)?.maxStreams ?? Infinity;
    const found = countOf(open);
    if (found >= limit) return this.#reached(principal, { limit: 'streams', max: limit, found, retryAfterSeconds: null });
    const share = kind === 'answer' ? Infinity : this.#shareOf(principal, this.#settings.totals.streams[kind]);
    if (open[kind] >= share) return this.#reached(principal, { limit: 'streams', max: share, found: open[kind], retryAfterSeconds: null });
    this.#streams.set(id, open);
    open[kind]++;
    let isOpen = true;
    return () => {
      if (!isOpen) return;
      isOpen = false;
      open[kind]--;
      if (countOf(open) === 0) this.#streams.delete(id);
    };
  }

  #reached(principal: Principal | null, limit: LimitReached): LimitReached {
    this.#log(limit.limit, principal);
    return limit;
  }

  #log(limit: KeyLimit, principal: Principal | null): void {
    this.#options.abuse.limitReached(`key_${limit}`, principal?.id ?? 'no key');
    this.#options.refusals?.requestRefused(principal?.id ?? null);
  }

  #shareOf(principal: Principal | null, total: number): number {
    const isOwner = principal?.roles.includes('owner') === true;
    return fairShareOf(total, !this.#options.hasOtherSubmitters(principal?.id ?? null), isOwner);
  }

  #useOf(id: string): Use {
    let use = this.#uses.get(id);
    if (use === undefined) this.#uses.set(id, (use = { requests: null, bytes: null }));
    return use;
  }
}

const countOf = (open: Readonly<Record<StreamKind, number>>): number => open.events + open.pool_events + open.member_events + open.answer;

const afterMs = (waitMs: number): Pick<LimitReached, 'found' | 'retryAfterSeconds'> => ({
  found: null,
  retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)),
});
