// The tags of several nodes in one field: what an edit changes on each node.
import { expect, test } from 'vitest';
import { commonTags, knownTags, tagChanges } from '../../../../src/renderer/pages/nodes/tag-changes';
import { nodeView } from '../../../fixtures/app-states/nodes';

const tagged = (name: string, tags?: string[]) => nodeView('ready', { node_id: name, name, ...(tags === undefined ? {} : { tags }) });
const A = tagged('a', ['lab', 'nvlink', 'old']);
const B = tagged('b', ['nvlink', 'office', 'lab']);

test('field: tags that all nodes have, in the order of the first', () => {
  expect(commonTags([A, B])).toEqual(['lab', 'nvlink']);
  expect(commonTags([A, tagged('older scheduler')])).toEqual([]);
  expect(commonTags([])).toEqual([]);
});

test('offered: all tags, the most frequent first', () => {
  expect(knownTags([A, B])).toEqual(['lab', 'nvlink', 'office', 'old']);
});

const changesOf = (edited: readonly string[]): unknown => tagChanges([A, B], edited)?.map(({ node, tags }) => [node.name, tags]) ?? null;

test.each<[string, readonly string[], unknown]>([
  ['nothing edited', ['lab', 'nvlink'], []],
  [
    'one added -> added to each',
    ['lab', 'nvlink', 'new'],
    [
      ['a', ['lab', 'nvlink', 'old', 'new']],
      ['b', ['nvlink', 'office', 'lab', 'new']],
    ],
  ],
  ['one added that a node has -> only the other changes', ['lab', 'nvlink', 'old'], [['b', ['nvlink', 'office', 'lab', 'old']]]],
  [
    'one removed -> removed from each, others stay',
    ['lab'],
    [
      ['a', ['lab', 'old']],
      ['b', ['office', 'lab']],
    ],
  ],
  ['one that looks like another', ['lab', 'nvlink', 'Lab'], null],
  ['too long', ['lab', 'nvlink', 'x'.repeat(33)], null],
  ['too many', ['lab', 'nvlink', ...Array.from({ length: 14 }, (_, i) => `t${String(i)}`)], null],
])('edit: %s', (_what, edited, expected) => {
  expect(changesOf(edited)).toEqual(expected);
});
