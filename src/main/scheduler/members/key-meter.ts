// Counts the jobs and tokens of each key against its limits (ADR 0047). core/program-limits.ts decides. The tokens of the day are written
// in batches, never for one request: a kill of the process loses those of the last seconds.
import type { KeyLimits } from '../../../shared/api/members';
import type { KeyUse, LimitUse, ProgramLimitReached } from '../../../shared/api/program-limits';
import type { AbuseLog } from '../../platform/abuse-log';
import type { Clock, Timer } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import { COUNTS_WRITE_DELAY_MS } from '../database/store';
import {
  type Instant,
  NO_RESERVATION,
  onDay,
  type ProgramUse,
  type RateLimits,
  rateLimitsOf,
  type Reservation,
  reserve,
  resumed,
  settle,
  UNUSED,
} from './core/program-limits';
import { limitUsesOf } from './core/limit-uses';
import { type UtcDay, utcDayAt } from './core/utc-day';
import type { KeyDay, KeyDayStore } from './key-day-store';

export interface KeyMeterOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly abuse: Pick<AbuseLog, 'limitReached'>;
  readonly store: Pick<KeyDayStore, 'save' | 'keepFrom'>;
  /** What the store has at the start. */
  readonly stored: readonly KeyDay[];
  /** Null: no key has this id, or a key without limits. */
  readonly limitsOf: (id: string) => KeyLimits | null;
}

interface OpenJob {
  readonly keyId: string;
  readonly reserved: Reservation;
}

export class KeyMeter {
  readonly #options: KeyMeterOptions;
  readonly #uses = new Map<string, ProgramUse>();
  readonly #jobs = new Map<string, OpenJob>();
  /** The keys whose tokens are not written yet. */
  readonly #unwritten = new Set<string>();
  #timer: Timer | null = null;

  constructor(options: KeyMeterOptions) {
    this.#options = options;
    const today = this.#today().name;
    // A later day is one of before the clock went back.
    for (const { keyId, day, tokens } of options.stored) if (day >= today) this.#uses.set(keyId, { ...UNUSED, day, dayTokens: tokens });
    void options.store.keepFrom(today);
  }

  /** Counts a job that is submitted now. Null: it may be. `estimate`: its tokens. */
  reserve(jobId: string, submitter: string | null, estimate: () => number): ProgramLimitReached | null {
    const limits = submitter === null ? null : this.#options.limitsOf(submitter);
    if (submitter === null || limits === null) return null;
    const { use, reserved, reached } = reserve(this.#useOf(submitter), limits, estimate(), this.#now(), this.#today());
    this.#uses.set(submitter, use);
    if (reached === null) this.#jobs.set(jobId, { keyId: submitter, reserved });
    else this.#options.abuse.limitReached(`key_${reached.limit}`, submitter);
    return reached;
  }

  /** A job of an earlier run of the scheduler goes on. */
  restored(jobId: string, submitter: string | null): void {
    if (submitter === null || this.#options.limitsOf(submitter) === null) return;
    this.#uses.set(submitter, resumed(this.#useOf(submitter)));
    this.#jobs.set(jobId, { keyId: submitter, reserved: NO_RESERVATION });
  }

  /** The job has ended with so many tokens, or was refused. */
  ended(jobId: string, tokens: number): void {
    const job = this.#jobs.get(jobId);
    if (job === undefined) return;
    this.#jobs.delete(jobId);
    const { keyId, reserved } = job;
    const end = { reserved, tokens };
    this.#uses.set(keyId, settle(this.#useOf(keyId), this.#options.limitsOf(keyId), end, this.#now(), this.#today()));
    if (tokens === 0) return;
    this.#unwritten.add(keyId);
    this.#timer ??= this.#options.clock.setTimer(COUNTS_WRITE_DELAY_MS, () => {
      this.#timer = null;
      this.write();
    });
  }

  /** For the headers of an answer; a limit that the key does not have is null. Null: the caller has no key of a program. */
  rateLimitsOf(keyId: string): RateLimits | null {
    const limits = this.#options.limitsOf(keyId);
    return limits === null ? null : rateLimitsOf(this.#useOf(keyId), limits, this.#now(), this.#today());
  }

  useOf(keyId: string): KeyUse {
    const { atOnce, dayTokens, dayReserved } = onDay(this.#useOf(keyId), this.#today());
    return { at_once: atOnce, tokens_today: dayTokens, tokens_reserved: dayReserved };
  }

  /** Only the limits that the key has. */
  limitUsesOf(keyId: string): readonly LimitUse[] {
    const limits = this.#options.limitsOf(keyId);
    return limits === null ? [] : limitUsesOf(this.#useOf(keyId), limits, this.#now(), this.#today());
  }

  /** Writes the tokens that were counted since the last write. A failed write is repeated with the next one. */
  write(): void {
    if (this.#unwritten.size === 0) return;
    const keyIds = [...this.#unwritten];
    this.#unwritten.clear();
    const days = keyIds.map((keyId) => {
      const { day, dayTokens: tokens } = this.#useOf(keyId);
      return { keyId, day, tokens };
    });
    void this.#options.store.save(days).then((written) => {
      if (written.ok) return;
      for (const keyId of keyIds) this.#unwritten.add(keyId);
      this.#options.logger.log('error', 'key_use_not_written', { reason: written.error.reason });
    });
  }

  /** Writes what is left. The store must be closed afterwards. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.write();
  }

  #useOf(keyId: string): ProgramUse {
    return this.#uses.get(keyId) ?? UNUSED;
  }

  #now(): Instant {
    const { clock } = this.#options;
    return { wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() };
  }

  #today(): UtcDay {
    return utcDayAt(this.#options.clock.wallMs());
  }
}
