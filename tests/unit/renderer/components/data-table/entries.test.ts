import { expect, test } from 'vitest';
import { entriesOf } from '../../../../../src/renderer/components/DataTable/entries';

const row = (id: string, group: string) => ({ id, group });
const keyOf = ({ id }: { id: string }): string => id;
const grouping = {
  titles: new Map([
    ['b', 'Second letter'],
    ['a', 'First letter'],
    ['c', 'No row'],
  ]),
  groupOf: ({ group }: { group: string }) => group,
};
const textsOf = (entries: ReturnType<typeof entriesOf<{ id: string; group: string }>>): string[] =>
  entries.map((entry) => (entry.type === 'group' ? `${entry.title} (${String(entry.count)})` : entry.key));

test('no grouping -> rows alone', () => {
  expect(textsOf(entriesOf([row('1', 'a'), row('2', 'b')], keyOf, undefined))).toEqual(['1', '2']);
});

test('grouping -> groups in the order of the titles, rows in their own order, empty and unknown groups left out', () => {
  const rows = [row('1', 'a'), row('2', 'b'), row('3', 'a'), row('4', 'unknown')];
  expect(textsOf(entriesOf(rows, keyOf, grouping))).toEqual(['Second letter (1)', '2', 'First letter (2)', '1', '3']);
});

test('note of a group -> of its rows, also while it is collapsed; an empty one is left out', () => {
  const noteOf = (rows: readonly { id: string }[]): string => (rows.length > 1 ? rows.map(({ id }) => id).join('+') : '');
  const rows = [row('1', 'a'), row('2', 'b'), row('3', 'a')];
  const notes = entriesOf(rows, keyOf, { ...grouping, noteOf }, new Set(['a'])).flatMap((entry) =>
    entry.type === 'group' ? [[entry.group, entry.note]] : [],
  );
  expect(notes).toEqual([
    ['b', undefined],
    ['a', '1+3'],
  ]);
});
