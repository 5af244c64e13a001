import { expect, test } from 'vitest';
import { NodeNames } from '../../../../src/main/scheduler/nodes/core/node-names';
import type { NodeRecord } from '../../../../src/main/scheduler/lifecycle/node-record';
import { aProfile, aRecord } from '../lifecycle/records';

const named = (nodeId: string, name: string): NodeRecord => aRecord({ nodeId, profile: aProfile({ name }) });

function namesOf(...records: readonly NodeRecord[]) {
  const names = new NodeNames();
  for (const record of records) names.update(null, record);
  return names;
}

test.each<readonly [string, readonly string[], readonly (string | null)[]]>([
  ['different names', ['alpha', 'beta'], [null, null]],
  ['one name twice', ['alpha', 'alpha', 'beta'], ['same', 'same', null]],
  ['names that look alike', ['paco', 'расо'], ['similar', 'similar']],
  ['one name twice, and a look-alike', ['alpha', 'alpha', 'ALPHA'], ['same', 'same', 'similar']],
  ['one word mixes scripts', ['llаma', 'beta'], ['similar', null]],
])('name conflicts: %s', (_title, names, expected) => {
  const records = names.map((name, i) => named(`n${String(i)}`, name));
  const index = namesOf(...records);
  expect(records.map((record) => index.conflictOf(record))).toEqual(expected);
});

test('name changed, or node removed -> the other node has no conflict any more, and is reported', () => {
  const [first, second] = [named('a', 'alpha'), named('b', 'alpha')];
  const names = namesOf(first, second);
  const reported: string[] = [];
  names.listen((nodeId) => reported.push(nodeId));
  const renamed = named('b', 'beta');
  names.update(second, renamed);
  expect([names.conflictOf(first), names.conflictOf(renamed), new Set(reported)]).toEqual([null, null, new Set(['a'])]);
  names.update(renamed, second);
  names.update(first, null);
  expect(names.conflictOf(second)).toBeNull();
  expect(new Set(reported)).toEqual(new Set(['a', 'b']));
});

test('thousands of nodes with one name -> each change reports at most two others', () => {
  const records = Array.from({ length: 4000 }, (_, i) => named(`n${String(i)}`, 'ghost'));
  const names = new NodeNames();
  let reported = 0;
  names.listen(() => reported++);
  for (const record of records) names.update(null, record);
  for (const record of records) names.update(record, null);
  expect(reported).toBeLessThanOrEqual(4);
});
