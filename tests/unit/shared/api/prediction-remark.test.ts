// Why the chosen node is not the fastest one of its prediction.
import { expect, test } from 'vitest';
import { remarkOf } from '../../../../src/shared/api/prediction-remark';
import { aPredictedNode } from '../../../support/predictions';

const node = (id: string, output: number, measured = true, displaced = 0) => aPredictedNode(id, { output, displaced }, { measured });

test.each([
  ['no node -> none', [], null],
  ['chosen node is the fastest -> none', [node('a', 1), node('b', 2)], null],
  ['faster, but not with the displaced cache -> none', [node('a', 2), node('b', 1, true, 3)], null],
  ['chosen node has not run the model -> trial', [node('a', 3, false), node('b', 2)], 'trial'],
  ['faster nodes are estimated -> one job at a time', [node('a', 3), node('b', 2, false)], 'one_at_a_time'],
  ['faster node has run the model -> the job failed there', [node('a', 3), node('b', 2), node('c', 1, false)], 'failed_before'],
] as const)('remark: %s', (_title, nodes, remark) => {
  expect(remarkOf({ route: 'predicted', nodes: [...nodes] })).toBe(remark);
});
