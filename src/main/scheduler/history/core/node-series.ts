// The figures of one node: each minute of the last hour, and each ten minutes of the last day. Both are rings in one array of fixed size.
import { NODE_RANGES, type NodeRange } from '../../../../shared/api/node-history';
import { AVAILABILITY_STATES, type AvailabilityState } from '../../../../shared/protocol/status';
import type { Shared } from '../../nodes/core/node-use';

export const MINUTE_MS = 60_000;

/** Percent of all GPUs of the node, and GB. Null: not reported. */
export interface NodeFigures {
  readonly state: AvailabilityState;
  readonly gpuPercent: Shared | null;
  readonly vramGb: Shared | null;
}

export interface NodePoint extends NodeFigures {
  /** When the period begins. */
  readonly atWallMs: number;
}

const MINUTES = NODE_RANGES['1h'].seconds / NODE_RANGES['1h'].stepSeconds;
const LONG_STEP_MINUTES = NODE_RANGES['24h'].stepSeconds / 60;
const LONG_STEPS = NODE_RANGES['24h'].seconds / NODE_RANGES['24h'].stepSeconds;
/** State, then the two parts of each figure in tenths. */
const FIELDS = 5;
/** State 0: no sample. */
const NO_SAMPLE = 0;
const UNKNOWN = 0xffff;

/** About 2 kB for each node, however often it changes. */
export const SERIES_BYTES = (MINUTES + LONG_STEPS) * FIELDS * Uint16Array.BYTES_PER_ELEMENT;

export class NodeSeries {
  readonly #minutes = new Uint16Array(MINUTES * FIELDS);
  readonly #long = new Uint16Array(LONG_STEPS * FIELDS);
  /** The last minute with a sample, since 1970. */
  #minute = -Infinity;

  /** The sample of this minute; a later one of the same minute replaces it. After the clock was set back, the series starts again. */
  add(wallMs: number, figures: NodeFigures): void {
    const minute = Math.floor(wallMs / MINUTE_MS);
    if (minute < this.#minute) this.#minute = -Infinity;
    clearBetween(this.#minutes, this.#minute, minute);
    clearBetween(this.#long, longStep(this.#minute), longStep(minute));
    this.#minute = minute;
    write(this.#minutes, minute, figures);
    const first = Math.max(longStep(minute) * LONG_STEP_MINUTES, minute - MINUTES + 1);
    const points = Array.from({ length: minute - first + 1 }, (_, i) => read(this.#minutes, first + i)).filter((point) => point !== null);
    write(this.#long, longStep(minute), meanOf(points, figures.state));
  }

  /** The points that begin after `fromWallMs`, oldest first, at most the length of the range. */
  since(range: NodeRange, fromWallMs: number): readonly NodePoint[] {
    const isLong = range === '24h';
    const [ring, last, stepMs] = isLong
      ? [this.#long, longStep(this.#minute), LONG_STEP_MINUTES * MINUTE_MS]
      : [this.#minutes, this.#minute, MINUTE_MS];
    const length = ring.length / FIELDS;
    if (last === -Infinity) return [];
    return Array.from({ length }, (_, i) => last - length + 1 + i).flatMap((step) => {
      const point = step * stepMs > fromWallMs ? read(ring, step) : null;
      return point === null ? [] : [{ atWallMs: step * stepMs, ...point }];
    });
  }
}

const longStep = (minute: number): number => Math.floor(minute / LONG_STEP_MINUTES);

/** Forgets the steps after `last` up to `next`: the ring has values of an earlier round there. */
function clearBetween(ring: Uint16Array, last: number, next: number): void {
  const length = ring.length / FIELDS;
  for (let step = Math.max(last + 1, next - length + 1); step <= next; step++) ring[(step % length) * FIELDS] = NO_SAMPLE;
}

function write(ring: Uint16Array, step: number, { state, gpuPercent, vramGb }: NodeFigures): void {
  const at = (step % (ring.length / FIELDS)) * FIELDS;
  ring[at] = AVAILABILITY_STATES.indexOf(state) + 1;
  ring[at + 1] = tenths(gpuPercent?.pool);
  ring[at + 2] = tenths(gpuPercent?.owner);
  ring[at + 3] = tenths(vramGb?.pool);
  ring[at + 4] = tenths(vramGb?.owner);
}

function read(ring: Uint16Array, step: number): NodeFigures | null {
  const at = (step % (ring.length / FIELDS)) * FIELDS;
  const state = AVAILABILITY_STATES[(ring[at] ?? NO_SAMPLE) - 1];
  if (state === undefined) return null;
  return { state, gpuPercent: shared(ring[at + 1], ring[at + 2]), vramGb: shared(ring[at + 3], ring[at + 4]) };
}

const tenths = (value: number | undefined): number => (value === undefined ? UNKNOWN : Math.min(UNKNOWN - 1, Math.round(value * 10)));

const shared = (pool = UNKNOWN, owner = UNKNOWN): Shared | null =>
  pool === UNKNOWN || owner === UNKNOWN ? null : { pool: pool / 10, owner: owner / 10 };

/** The state of most points; of equally frequent ones the latest. */
function meanOf(points: readonly NodeFigures[], latest: AvailabilityState): NodeFigures {
  const counts = new Map<AvailabilityState, number>();
  for (const { state } of points) counts.set(state, (counts.get(state) ?? 0) + 1);
  let most = latest;
  for (const [state, count] of counts) if (count > (counts.get(most) ?? 0)) most = state;
  return {
    state: most,
    gpuPercent: meanShared(points.map(({ gpuPercent }) => gpuPercent)),
    vramGb: meanShared(points.map(({ vramGb }) => vramGb)),
  };
}

function meanShared(values: readonly (Shared | null)[]): Shared | null {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return null;
  const mean = (part: keyof Shared): number => known.reduce((sum, value) => sum + value[part], 0) / known.length;
  return { pool: mean('pool'), owner: mean('owner') };
}
