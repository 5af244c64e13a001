// The two pools of the benchmark.
import type { NodeSpeed } from './virtual-node';

const LOAD_SECONDS = 5;

const speed = (promptPerSecond: number, outputPerSecond: number, slots: number, blocks: number): NodeSpeed => ({
  promptPerSecond,
  outputPerSecond,
  slots,
  blocks,
  loadSeconds: LOAD_SECONDS,
});

/** About a data-center GPU, a large and a middle GPU of a home computer, and a computer without one. The fastest comes first. */
export const MIXED = [speed(6000, 90, 4, 400), speed(3000, 50, 3, 240), speed(1200, 30, 2, 120), speed(350, 12, 1, 60)];
const EQUAL = Array.from({ length: 4 }, () => speed(3000, 50, 3, 240));

export const POOLS = { mixed: MIXED, equal: EQUAL } as const;
