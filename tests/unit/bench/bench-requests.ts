// Requests of the routing benchmark for tests.
import type { BenchRequest } from '../../../bench/routing/requests';
import type { NodeSpeed } from '../../../bench/routing/virtual-node';

export const aRequest = (change: Partial<BenchRequest> = {}): BenchRequest => ({
  id: 0,
  atSeconds: 0,
  promptTokens: 1024,
  outputTokens: 20,
  blocks: [1, 2],
  session: null,
  thinkSeconds: 0,
  next: null,
  ...change,
});

/** A prompt of 1,000 tokens takes a second, and so does an answer of 10 tokens. */
export const aSpeed = (change: Partial<NodeSpeed> = {}): NodeSpeed => ({
  promptPerSecond: 1000,
  outputPerSecond: 10,
  slots: 1,
  blocks: 10,
  loadSeconds: 5,
  ...change,
});
