import { expect, test } from 'vitest';
import { leaderSpans } from '../../../../src/renderer/pages/cluster/leader-spans';
import type { LeaderTermView } from '../../../../src/shared/api/cluster';

const term = (epoch: number, name: string, began: number, ended: number | null, isCurrent = false): LeaderTermView => ({
  epoch,
  name,
  began_at: began,
  ended_at: ended,
  end: null,
  is_current: isCurrent,
});
const textsOf = (terms: readonly LeaderTermView[]) =>
  leaderSpans(terms, 100).map(({ name, fromWallMs: from, untilWallMs: until }) => [name, from, until]);

test.each<[string, readonly LeaderTermView[], unknown]>([
  ['none', [], []],
  ['the leader now -> up to now', [term(1, 'a', 60, null, true)], [['a', 60, 100]]],
  [
    'one after the other',
    [term(2, 'b', 60, null, true), term(1, 'a', 10, 60)],
    [
      ['a', 10, 60],
      ['b', 60, 100],
    ],
  ],
  [
    'time without a leader -> a gap',
    [term(2, 'b', 70, null, true), term(1, 'a', 10, 60)],
    [
      ['a', 10, 60],
      [null, 60, 70],
      ['b', 70, 100],
    ],
  ],
  ['end not known -> left out', [term(2, 'b', 60, null, true), term(1, 'a', 10, null)], [['b', 60, 100]]],
  [
    'began before the last one ended -> no overlap',
    [term(2, 'b', 50, 90), term(1, 'a', 10, 60)],
    [
      ['a', 10, 60],
      ['b', 60, 90],
    ],
  ],
  ['began in the future -> left out', [term(1, 'a', 120, null, true)], []],
])('terms: %s', (_title, terms, expected) => {
  expect(textsOf(terms)).toEqual(expected);
});
