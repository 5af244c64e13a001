// The load of this computer over the last day, in three rings of fixed size: every reading of 5 minutes, and means over 15 s for an hour and
// over 5 minutes for a day. A lane is one GPU, or the machine. A time without a reading has no entry, so a gap stays a gap; an unknown value
// is NaN, never 0. Entries after the present time are ignored, so a wall clock that was set back shows nothing wrong.
import type { HistoryRange } from '../../../../shared/api/gpu';
import { MAX_GPUS } from '../../../../shared/protocol/limits';

/** The number of values of one lane at one time. history-view.ts has their order. */
export const LANE_WIDTH = 8;
/** The key of the machine's lane. A GPU has a longer key. */
export const MACHINE_LANE = '';
export const MAX_LANES = MAX_GPUS + 1;

interface RingShape {
  readonly range: HistoryRange;
  readonly spanMs: number;
  /** Readings of one bucket are averaged. 1: every reading is an entry. */
  readonly bucketMs: number;
  readonly capacity: number;
  /** Two entries further apart have a gap between them. */
  readonly gapMs: number;
  /** The time that an entry stands for. */
  readonly stepMs: number;
}

const MINUTE_MS = 60_000;
/** The readings come every 2.5 s and a bit; a slow driver may delay one. */
export const RINGS: readonly RingShape[] = [
  { range: '5m', spanMs: 5 * MINUTE_MS, bucketMs: 1, capacity: 160, gapMs: 15_000, stepMs: 2500 },
  { range: '1h', spanMs: 60 * MINUTE_MS, bucketMs: 15_000, capacity: 244, gapMs: 22_500, stepMs: 15_000 },
  { range: '24h', spanMs: 1440 * MINUTE_MS, bucketMs: 5 * MINUTE_MS, capacity: 292, gapMs: 7.5 * MINUTE_MS, stepMs: 5 * MINUTE_MS },
];
const LONGEST_SPAN_MS = 1440 * MINUTE_MS;

export interface Lane {
  /** `capacity` times LANE_WIDTH values for each ring. */
  readonly values: readonly Float32Array[];
  /** The number of readings in the present bucket of each ring, for its mean. */
  readonly counts: readonly Uint16Array[];
  lastSeenWallMs: number;
}

/** The content of the rings, for the file. */
export interface RingsState {
  /** For each ring: the start of the bucket of each entry, Unix ms. NaN: no entry. */
  readonly starts: readonly Float64Array[];
  /** For each ring: the index of its newest entry. */
  readonly newest: number[];
  readonly lanes: Map<string, Lane>;
}

export type LaneValues = readonly (number | null)[];

/** `rows`: the values of each lane at each time. A gap is a time at which all values are null. */
export interface RingWindow {
  readonly shape: RingShape;
  readonly times: readonly number[];
  readonly rows: ReadonlyMap<string, readonly LaneValues[]>;
}

export const emptyRings = (): RingsState => ({
  starts: RINGS.map(({ capacity }) => new Float64Array(capacity).fill(NaN)),
  newest: RINGS.map(() => 0),
  lanes: new Map(),
});

export const emptyLane = (lastSeenWallMs: number): Lane => ({
  values: RINGS.map(({ capacity }) => new Float32Array(capacity * LANE_WIDTH).fill(NaN)),
  counts: RINGS.map(() => new Uint16Array(LANE_WIDTH)),
  lastSeenWallMs,
});

export class LoadRings {
  readonly #state: RingsState;

  constructor(state: RingsState = emptyRings()) {
    this.#state = state;
  }

  state(): RingsState {
    return this.#state;
  }

  /** Adds one reading of the lanes. A lane beyond the limit replaces the one that was not seen for the longest time. */
  add(atWallMs: number, readings: ReadonlyMap<string, LaneValues>): void {
    const { lanes } = this.#state;
    for (const [key, lane] of lanes) if (Math.abs(atWallMs - lane.lastSeenWallMs) > LONGEST_SPAN_MS) lanes.delete(key);
    for (const key of readings.keys()) this.#touch(key, atWallMs);
    for (const [ring, shape] of RINGS.entries()) {
      const entry = this.#entry(ring, Math.floor(atWallMs / shape.bucketMs) * shape.bucketMs);
      for (const [key, values] of readings) addToMean(lanes.get(key), ring, entry, values);
    }
  }

  window(range: HistoryRange, nowWallMs: number): RingWindow {
    const ring = RINGS.findIndex((shape) => shape.range === range);
    const shape = RINGS[ring];
    const starts = this.#state.starts[ring];
    if (shape === undefined || starts === undefined) throw new Error(`there is no ring for ${range}`);
    const entries = this.#entriesInOrder(ring, nowWallMs - shape.spanMs, nowWallMs);
    const times: number[] = [];
    const sources: (number | null)[] = [];
    for (const entry of entries) {
      const start = starts[entry] ?? NaN;
      const last = times.at(-1);
      if (last !== undefined && start - last > shape.gapMs) {
        times.push(last + shape.stepMs);
        sources.push(null);
      }
      times.push(start);
      sources.push(entry);
    }
    const rows = new Map([...this.#state.lanes].map(([key, lane]) => [key, sources.map((entry) => valuesOf(lane, ring, entry))]));
    return { shape, times, rows };
  }

  #entriesInOrder(ring: number, afterWallMs: number, untilWallMs: number): readonly number[] {
    const starts = this.#state.starts[ring] ?? new Float64Array();
    const newest = this.#state.newest[ring] ?? 0;
    return Array.from(starts, (_, offset) => (newest + 1 + offset) % starts.length).filter((entry) => {
      const start = starts[entry] ?? NaN;
      return start > afterWallMs && start <= untilWallMs;
    });
  }

  /** The index of the entry of this bucket. A new entry replaces the oldest one. */
  #entry(ring: number, start: number): number {
    const { starts: all, newest, lanes } = this.#state;
    const starts = all[ring] ?? new Float64Array();
    const last = newest[ring] ?? 0;
    if (starts[last] === start) return last;
    // The clock was set back: entries from its old future are wrong, and the order would break.
    for (const [entry, known] of starts.entries()) if (known >= start) starts[entry] = NaN;
    const next = (last + 1) % starts.length;
    newest[ring] = next;
    starts[next] = start;
    for (const lane of lanes.values()) {
      lane.values[ring]?.fill(NaN, next * LANE_WIDTH, (next + 1) * LANE_WIDTH);
      lane.counts[ring]?.fill(0);
    }
    return next;
  }

  #touch(key: string, atWallMs: number): void {
    const { lanes } = this.#state;
    const lane = lanes.get(key);
    if (lane !== undefined) {
      lane.lastSeenWallMs = atWallMs;
      return;
    }
    while (lanes.size >= MAX_LANES) {
      const [oldest] = [...lanes].toSorted(([, a], [, b]) => a.lastSeenWallMs - b.lastSeenWallMs);
      if (oldest === undefined) break;
      lanes.delete(oldest[0]);
    }
    lanes.set(key, emptyLane(atWallMs));
  }
}

function addToMean(lane: Lane | undefined, ring: number, entry: number, readings: LaneValues): void {
  const values = lane?.values[ring];
  const counts = lane?.counts[ring];
  if (values === undefined || counts === undefined) return;
  for (let at = 0; at < LANE_WIDTH; at++) {
    const reading = readings[at] ?? null;
    if (reading === null) continue;
    const count = (counts[at] ?? 0) + 1;
    const index = entry * LANE_WIDTH + at;
    const before = count === 1 ? 0 : (values[index] ?? 0);
    counts[at] = count;
    values[index] = before + (reading - before) / count;
  }
}

const NO_VALUES: LaneValues = Array.from({ length: LANE_WIDTH }, () => null);

function valuesOf(lane: Lane, ring: number, entry: number | null): LaneValues {
  const values = lane.values[ring];
  if (entry === null || values === undefined) return NO_VALUES;
  return Array.from(values.subarray(entry * LANE_WIDTH, (entry + 1) * LANE_WIDTH), (value) => (Number.isNaN(value) ? null : value));
}
