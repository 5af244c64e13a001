import { expect, test, vi } from 'vitest';
import { createSearch } from '../../../../../src/renderer/components/DataTable/search-rows';

const ROWS = [
  { text: 'ming-desktop RTX\u00a04090 Ready' },
  { text: 'alice-laptop Apple M3 Degraded' },
  { text: 'bob RTX\u00a03060 Ready' },
];

test.each<[string, number[]]>([
  ['', [0, 1, 2]],
  ['   ', [0, 1, 2]],
  ['rtx', [0, 2]],
  ['RTX 4090', [0]],
  ['ready  bob', [2]],
  ['apple ready', []],
  ['.*', []],
])('search: %j', (search, found) => {
  const rows = createSearch<{ text: string }>(({ text }) => text)(ROWS, search);
  expect(rows).toEqual(found.map((position) => ROWS[position]));
});

test('search: the text of a row is built once', () => {
  const textOf = vi.fn(({ text }: { text: string }) => text);
  const search = createSearch(textOf);
  search(ROWS, 'a');
  search(ROWS, 'ab');
  expect(textOf).toHaveBeenCalledTimes(3);
});

test('search: no words -> the same rows', () => {
  expect(createSearch<{ text: string }>(({ text }) => text)(ROWS, ' ')).toBe(ROWS);
});
