// The periods of one range, oldest first, each at a multiple of the step. Bounded: a period older than the range is dropped.
import { joinPeriods, type Period } from './periods';

export interface SeriesSettings {
  readonly rangeMs: number;
  readonly stepMs: number;
}

export class PeriodSeries {
  readonly #settings: SeriesSettings;
  #periods: Period[] = [];

  constructor(settings: SeriesSettings, stored: readonly Period[] = []) {
    this.#settings = settings;
    this.#periods = stored.toSorted((a, b) => a.atWallMs - b.atWallMs);
  }

  /** Joins the sample to its period. Returns the beginning of that period. Later periods are dropped: the clock was set back. */
  add(sample: Period): number {
    const { stepMs } = this.#settings;
    const atWallMs = Math.floor(sample.atWallMs / stepMs) * stepMs;
    while ((this.#periods.at(-1)?.atWallMs ?? -Infinity) > atWallMs) this.#periods.pop();
    const last = this.#periods.at(-1);
    if (last?.atWallMs === atWallMs) this.#periods[this.#periods.length - 1] = joinPeriods(last, sample);
    else this.#periods.push({ ...sample, atWallMs });
    this.dropBefore(this.oldestWallMs(sample.atWallMs));
    return atWallMs;
  }

  /** The first period that belongs to the range at this time. */
  oldestWallMs(nowWallMs: number): number {
    const { rangeMs, stepMs } = this.#settings;
    return Math.floor((nowWallMs - rangeMs) / stepMs) * stepMs;
  }

  dropBefore(wallMs: number): void {
    const kept = this.#periods.findIndex(({ atWallMs }) => atWallMs >= wallMs);
    if (kept !== 0) this.#periods.splice(0, kept === -1 ? this.#periods.length : kept);
  }

  get(atWallMs: number): Period | undefined {
    return this.#periods.findLast((period) => period.atWallMs === atWallMs);
  }

  /** The periods that end after this time. */
  since(wallMs: number): readonly Period[] {
    return this.#periods.filter(({ atWallMs }) => atWallMs + this.#settings.stepMs > wallMs);
  }
}
