import { describe, expect, test } from 'vitest';
import { fittingColumns, sharesOf, shownColumns } from '../../../../../src/renderer/components/DataTable/column';
import { entriesOf } from '../../../../../src/renderer/components/DataTable/entries';
import { countValues, filterRows } from '../../../../../src/renderer/components/DataTable/filter-rows';
import { kept, selectedPart, withRange } from '../../../../../src/renderer/components/DataTable/selection';
import { nextKey } from '../../../../../src/renderer/components/DataTable/use-table-keys';

const ROWS = [
  { id: 'a', tags: ['lab', 'nvlink'], gpu: 'A100' },
  { id: 'b', tags: [], gpu: 'A100' },
  { id: 'c', tags: ['lab'], gpu: 'P40' },
];
type Row = (typeof ROWS)[number];
const valuesOf = { tag: ({ tags }: Row) => tags, gpu: ({ gpu }: Row) => [gpu] };
const filter = (key: string, value: string) => ({ key, value });

describe('filters', () => {
  test.each([
    ['none', [], 'abc'],
    ['a value', [filter('tag', 'lab')], 'ac'],
    ['two values of one key: either', [filter('gpu', 'A100'), filter('gpu', 'P40')], 'abc'],
    ['two keys: both', [filter('tag', 'lab'), filter('gpu', 'P40')], 'c'],
    ['a value of no row', [filter('tag', 'x')], ''],
    ['a key of another table, or of Object', [filter('model', 'x'), filter('constructor', 'x')], 'abc'],
  ])('%s', (_name, filters, ids) => {
    expect(
      filterRows(ROWS, filters, valuesOf)
        .map(({ id }) => id)
        .join(''),
    ).toBe(ids);
  });

  test('counts: the most frequent first, a row once', () => {
    expect(countValues([...ROWS, { id: 'd', tags: ['lab', 'lab'], gpu: '' }], valuesOf.tag)).toEqual([
      { value: 'lab', label: 'lab', count: 3 },
      { value: 'nvlink', label: 'nvlink', count: 1 },
    ]);
  });
});

describe('selection', () => {
  const order = ['a', 'b', 'c', 'd'];
  test.each<[string, readonly string[], string | null, string, readonly string[]]>([
    ['down', ['a'], 'a', 'c', ['a', 'b', 'c']],
    ['up', ['d'], 'd', 'b', ['d', 'b', 'c']],
    ['the first row was cleared -> the range is cleared', ['b', 'c', 'd'], 'a', 'c', ['d']],
    ['no row before', [], null, 'b', ['b']],
    ['the row before is not shown any more', ['x'], 'x', 'b', ['x', 'b']],
  ])('range: %s', (_name, selected, anchor, key, next) => {
    expect([...withRange(new Set(selected), order, anchor, key)]).toEqual(next);
  });

  test('rows that are gone are not selected; the same set otherwise', () => {
    const selected = new Set(['a', 'x']);
    expect([...kept(selected, order)]).toEqual(['a']);
    expect(kept(selected, [...order, 'x'])).toBe(selected);
  });

  test('part: none, some, all of the rows as shown', () => {
    expect([[], ['a'], order].map((keys) => selectedPart(new Set(keys), order))).toEqual(['none', 'some', 'all']);
  });
});

test.each<[string | null, 1 | -1, string | null]>([
  [null, 1, 'a'],
  ['a', 1, 'b'],
  ['b', -1, 'a'],
  ['a', -1, null],
  ['c', 1, null],
  ['gone', 1, 'a'],
])('next row: from %j by %d -> %j', (from, by, key) => {
  expect(nextKey(['a', 'b', 'c'], from, by)).toBe(key);
});

test('columns: the first always; extra ones only when chosen', () => {
  const column = (key: string, isExtra?: true) => ({ key, title: key, cell: () => key, ...(isExtra ? { isExtra } : {}) });
  const columns = [column('name'), column('gpu'), column('version', true)];
  const keys = (chosen: readonly string[] | null) => shownColumns(columns, chosen).map(({ key }) => key);
  expect([keys(null), keys([]), keys(['version', 'unknown'])]).toEqual([['name', 'gpu'], ['name'], ['name', 'version']]);
});

test.each([
  [1200, ['name', 'gpu', 'cpu'], ['40.00%', '20.00%', '40.00%']],
  [900, ['name', 'gpu'], ['66.67%', '33.33%']],
  [899, ['name'], ['100.00%']],
])('columns: table of %i px -> those that fit, and they fill the table', (widthPx, keys, shares) => {
  const column = (key: string, width: string, fromWidthPx?: number) => ({
    key,
    title: key,
    width,
    cell: () => key,
    ...(fromWidthPx === undefined ? {} : { fromWidthPx }),
  });
  const columns = fittingColumns([column('name', '20%'), column('gpu', '10%', 900), column('cpu', '20%', 1000)], widthPx);
  expect(columns.map(({ key }) => key)).toEqual(keys);
  expect(sharesOf(columns)).toEqual(shares);
});

test.each([
  [600, ['25.00%', '75.00%']],
  [599, ['50.00%', '50.00%']],
])('columns: table of %i px -> the narrow width of a column counts below 600 px', (widthPx, shares) => {
  const cell = () => '';
  const name = { key: 'name', title: '', width: '10%', narrowWidth: '30%', cell };
  expect(sharesOf(fittingColumns([name, { key: 'state', title: '', width: '30%', cell }], widthPx))).toEqual(shares);
});

test.each([
  ['a width in pixels', ['104px', '34%', '20%']],
  ['a column without a width, which takes the rest', ['50%', undefined, '20%']],
] as const)('columns: %s -> all widths as they are', (_name, widths) => {
  const columns = widths.map((width, i) => ({ key: String(i), title: '', cell: () => '', ...(width === undefined ? {} : { width }) }));
  expect(sharesOf(columns)).toEqual(widths);
});

test('collapsed group -> its title and count stay', () => {
  const grouping = {
    titles: new Map([
      ['A100', 'A100'],
      ['P40', 'P40'],
    ]),
    groupOf: ({ gpu }: Row) => gpu,
  };
  const keys = entriesOf(ROWS, ({ id }) => id, grouping, new Set(['A100'])).map((entry) =>
    entry.type === 'row' ? entry.key : [entry.title, entry.count, entry.isCollapsed],
  );
  expect(keys).toEqual([['A100', 2, true], ['P40', 1, false], 'c']);
});
