// Tokens per second of a node: chunks, whole answers, pauses, and nodes that are forgotten.
import { expect, test } from 'vitest';
import { NodeOutput } from '../../../../src/main/scheduler/jobs/node-output';

/** Adds, then asks. Times in seconds. */
const rateOf = (added: readonly (readonly [at: number, tokens: number, span?: number])[], at: number): number | null => {
  const output = new NodeOutput();
  for (const [addedAt, tokens, span = 0] of added) output.add('node-1', tokens, span * 1000, addedAt * 1000);
  return output.tokensPerSecond('node-1', at * 1000);
};

test.each<[string, Parameters<typeof rateOf>[0], number, number | null]>([
  ['nothing', [], 5, null],
  ['a stream of 30 tokens each second', Array.from({ length: 40 }, (_, i) => [i, 30] as const), 40, 30],
  ['a first chunk -> over a second, no rate of thousands', [[5, 10]], 5.01, 10],
  ['a whole answer of 10 s', [[30, 400, 10]], 30, 40],
  ['a whole answer of 100 s -> its last 20 s', [[200, 4000, 100]], 200, 40],
  ['the same answer later -> less', [[30, 400, 10]], 40, 20],
  ['older than the window -> unknown', [[5, 10]], 26, null],
  ['a correction below zero -> not counted', [[5, -10]], 5, null],
])('output: %s', (_what, added, at, expected) => {
  expect(rateOf(added, at)).toBe(expected);
});

test('output: of other nodes -> apart', () => {
  const output = new NodeOutput();
  output.add('node-1', 10, 0, 0);
  expect(output.tokensPerSecond('node-2', 0)).toBeNull();
});
