import { expect, test } from 'vitest';
import { helpfulFirst, type Run } from '../../../../src/renderer/pages/jobs/explain/proposals';

const route = 'predicted' as const;
const terms = { slot: 0, wait: 0, load: 0, input: 0, output: 0, displaced: 0 };

function run(chosen: string | null, able: number, seconds: number | null = null): Run {
  const node = { node_id: chosen ?? '', seconds: seconds ?? 0, terms, cached_tokens: 0, measured: false };
  return {
    change: { kind: 'resumed', node_id: 'node-1' },
    outcome: { chosen, able, ...(seconds === null ? {} : { prediction: { route, nodes: [node] } }) },
  };
}

const waiting = { chosen: null, nodes_total: 5, reasons: { not_online: { count: 5, examples: [] } } };
const placed = { chosen: 'node-1', nodes_total: 5, reasons: { not_online: { count: 4, examples: [] } } };

test.each([
  [
    'job without a node: soonest end first, no change left out',
    waiting,
    [run(null, 0), run('a', 1, 9), run('b', 3), run('c', 1, 4)],
    [3, 1, 2],
  ],
  ['same time: the most nodes first', waiting, [run('a', 1, 4), run('b', 3, 4)], [1, 0]],
  ['job with a node: another node, then more nodes', placed, [run('node-1', 3), run('node-1', 1), run('b', 2)], [2, 0]],
  ['drained node: another gets the job, but none is gained', placed, [run('b', 0), run(null, 0)], []],
])('%s', (_what, before, runs, kept) => {
  expect(helpfulFirst(runs, before)).toEqual(kept.map((index) => runs[index]));
});
