// Counts what this computer gives to its pools, and keeps the counts in a file of the state folder. The time of jobs is the time in which at
// least one job of the pool ran. Its energy is the power at the readings around it, so it is an estimate.
import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import type { Contribution } from '../../shared/api/gpu';
import { codeOfError } from '../../shared/errors';
import { parseJsonAs } from '../../shared/json';
import type { LoadReport } from '../hardware/parse/types';
import type { Clock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import {
  contributionOf,
  COUNTED_DAYS,
  type CountedDays,
  countedDaysSchema,
  type EndedJob,
  type LocalTime,
  poolPowerW,
  withJob,
  withTime,
} from './core/contribution';
import { SavedState } from './saved-state';

const fileSchema = z.object({ version: z.literal(1), days: countedDaysSchema });
/** Seven days of the most pools have less than 200 kB. */
const MAX_FILE_BYTES = 1_048_576;
/** Longer than the time between two readings of a slow driver. A longer time is a sleep of the machine. */
const MAX_STEP_MS = 60_000;
const MS_PER_HOUR = 3_600_000;

export interface ContributionMeterOptions {
  readonly file: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Default: the time zone of this machine. */
  readonly localTime?: (wallMs: number) => LocalTime;
}

interface RunningPool {
  jobs: number;
  sinceMonotonicMs: number;
  /** Time without its energy: the next reading tells it. */
  unmeasuredMs: number;
}

export class ContributionMeter {
  readonly #options: ContributionMeterOptions;
  readonly #saved: SavedState;
  /** By pool: its pin, or its address. */
  readonly #running = new Map<string, RunningPool>();
  #days: CountedDays;
  #powerW: number | null = null;

  constructor(options: ContributionMeterOptions) {
    this.#options = options;
    this.#days = read(options);
    this.#saved = new SavedState({ ...options, content: () => JSON.stringify({ version: 1, days: this.#days }) });
  }

  started(pool: string): void {
    const nowMonotonicMs = this.#options.clock.monotonicMs();
    const running = this.#running.get(pool);
    if (running === undefined) this.#running.set(pool, { jobs: 1, sinceMonotonicMs: nowMonotonicMs, unmeasuredMs: 0 });
    else {
      this.#advance(running, nowMonotonicMs);
      running.jobs++;
    }
  }

  ended(pool: string, job: EndedJob | null): void {
    const running = this.#running.get(pool);
    if (running !== undefined) {
      this.#advance(running, this.#options.clock.monotonicMs());
      running.jobs--;
    }
    if (job !== null) this.#change(withJob(this.#days, this.#now(), pool, job));
  }

  /** Adds the time and energy since the last reading. */
  onReading(load: LoadReport): void {
    const before = this.#powerW;
    this.#powerW = poolPowerW(load);
    if (this.#running.size === 0) return;
    const now = this.#powerW;
    const powerW = now === null || before === null ? (now ?? before) : (now + before) / 2;
    this.#settle((ms) => (powerW === null ? null : (powerW * ms) / MS_PER_HOUR));
  }

  view(currentPool: string | null): Contribution {
    return contributionOf(this.#days, this.#now(), currentPool);
  }

  async close(): Promise<void> {
    this.#settle(() => null);
    await this.#saved.close();
  }

  /** Counts the time of every pool until now. A pool without jobs is forgotten. */
  #settle(energyWh: (ms: number) => number | null): void {
    const nowMonotonicMs = this.#options.clock.monotonicMs();
    for (const [pool, running] of this.#running) {
      this.#advance(running, nowMonotonicMs);
      const { unmeasuredMs } = running;
      running.unmeasuredMs = 0;
      if (running.jobs === 0) this.#running.delete(pool);
      if (unmeasuredMs > 0) this.#change(withTime(this.#days, this.#now(), pool, unmeasuredMs, energyWh(unmeasuredMs)));
    }
  }

  #advance(running: RunningPool, nowMonotonicMs: number): void {
    if (running.jobs > 0) running.unmeasuredMs += Math.min(MAX_STEP_MS, nowMonotonicMs - running.sinceMonotonicMs);
    running.sinceMonotonicMs = nowMonotonicMs;
  }

  #change(days: CountedDays): void {
    this.#days = days;
    this.#saved.changed();
  }

  #now(): LocalTime {
    const { clock, localTime = ofThisMachine } = this.#options;
    return localTime(clock.wallMs());
  }
}

function ofThisMachine(wallMs: number): LocalTime {
  const date = new Date(wallMs);
  const first = new Date(date.getFullYear(), date.getMonth(), date.getDate() - (COUNTED_DAYS - 1));
  return { day: dayText(date), firstDay: dayText(first), hour: date.getHours() };
}

const dayText = (date: Date): string =>
  [String(date.getFullYear()).padStart(4, '0'), ...[date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, '0'))].join(
    '-',
  );

function read({ file, logger }: ContributionMeterOptions): CountedDays {
  try {
    if (statSync(file).size > MAX_FILE_BYTES) throw new Error('too large');
    return parseJsonAs(fileSchema, readFileSync(file, 'utf8')).days;
  } catch (error) {
    if (codeOfError(error) !== 'ENOENT') logger.log('warn', 'contribution_forgotten', { file, reason: codeOfError(error) ?? 'damaged' });
    return [];
  }
}
