// Where the line of a GPU's use runs: five minutes wide, 0 to 100 % high, the same scale for every GPU. Pure.
import { HISTORY_MS, type Sample } from '../../store/gpu-history';

export const WIDTH = 300;
export const HEIGHT = 32;
/** Two readings further apart than this have a gap between them: nobody knows what was there. */
const GAP_MS = 30_000;

/** An SVG path; empty when there is no line to draw yet. */
export function linePath(samples: readonly Sample[], nowMs: number): string {
  const from = nowMs - HISTORY_MS;
  let path = '';
  let previousAt: number | null = null;
  let points = 0;
  for (const { at, percent } of samples) {
    if (at < from || percent === null) {
      previousAt = null;
      continue;
    }
    const x = (Math.min(at, nowMs) - from) * (WIDTH / HISTORY_MS);
    const y = 1 + (1 - percent / 100) * (HEIGHT - 2);
    path += `${previousAt === null || at - previousAt > GAP_MS ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
    previousAt = at;
    points++;
  }
  return points < 2 ? '' : path;
}
