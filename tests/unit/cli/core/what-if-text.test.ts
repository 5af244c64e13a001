// The changes of a dry run on the command line.
import { describe, expect, it } from 'vitest';
import { changeOf, whatIfText } from '../../../../src/main/cli/core/what-if-text';
import type { ChangeOutcome } from '../../../../src/shared/api/what-if';
import { fail, ok } from '../../../../src/shared/result';

describe('change', () => {
  it.each([
    ['limits:gpu=80', { kind: 'limits', gpu_percent: 80 }],
    ['limits:cpu=100,gpu=80,mem=90.5', { kind: 'limits', cpu_percent: 100, gpu_percent: 80, mem_percent: 90.5 }],
    ['drained:node-1', { kind: 'drained', node_id: 'node-1' }],
    ['resumed:node-1', { kind: 'resumed', node_id: 'node-1' }],
    ['installed:node-1', { kind: 'installed', node_id: 'node-1' }],
    ['loaded:node-1', { kind: 'loaded', node_id: 'node-1' }],
  ])('%s -> %j', (text, change) => {
    expect(changeOf(text)).toEqual(ok(change));
  });

  it.each(['', 'node-1', 'limits:', 'limits:gpu', 'limits:gpu=', 'limits:gpu=101', 'limits:vram=5', 'drained:', 'broken:node-1'])(
    '%j -> an error with the valid forms',
    (text) => {
      const forms = 'expected limits:gpu=80, drained:NODE, resumed:NODE, installed:NODE or loaded:NODE';
      expect(changeOf(text)).toEqual(fail(`${forms}, not "${text}"`));
    },
  );
});

const PREDICTED = {
  route: 'predicted',
  nodes: [
    {
      node_id: 'b',
      seconds: 5.21,
      terms: { slot: 0, wait: 0, load: 0, input: 1, output: 4.21, displaced: 0 },
      cached_tokens: 0,
      measured: true,
    },
  ],
} as const;

it.each<readonly [ChangeOutcome, string]>([
  [{ chosen: 'a', able: 3 }, 'no change.'],
  [{ chosen: 'a', able: 2 }, 'the job would go to a (atelier); 2 nodes could take it.'],
  [
    { chosen: 'b', able: 1, prediction: { ...PREDICTED, nodes: [...PREDICTED.nodes] } },
    'the job would go to b, predicted 5.2 s; 1 node could take it.',
  ],
  [{ chosen: null, able: 0 }, 'no node would get this job; 0 nodes could take it.'],
])('outcome %j -> %s', (outcome, text) => {
  const explanation = { chosen: 'a', nodes_total: 5, reasons: { not_online: { count: 2, examples: [] } }, nodes: [], what_if: [outcome] };
  expect(whatIfText(['drained:b'], explanation, new Map([['a', 'atelier']]))).toBe(`What if drained:b: ${text}\n`);
});
