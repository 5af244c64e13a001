import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { createSort, type SortOrder } from '../../../../../src/renderer/components/DataTable/sort-rows';

interface Row {
  readonly id: string;
  readonly value: string | number | null;
}
const row = (value: Row['value'], id = String(value)): Row => ({ id, value });
const valueOf = ({ value }: Row): Row['value'] => value;
const by = (descending = false): SortOrder<Row> => ({ sortBy: valueOf, descending });
const idsOf = (rows: readonly Row[]): string[] => rows.map(({ id }) => id);

describe('createSort', () => {
  test('text: numbers within text compare as numbers', () => {
    const rows = ['node-10', 'Node-2', 'node-1', 'älpha'].map((name) => row(name));
    expect(idsOf(createSort<Row>('en')(rows, by()))).toEqual(['älpha', 'node-1', 'Node-2', 'node-10']);
  });

  test('unknown values are last in both directions', () => {
    const rows = [row(null), row(3), row(1), row(2)];
    const sort = createSort<Row>('en');
    expect(idsOf(sort(rows, by()))).toEqual(['1', '2', '3', 'null']);
    expect(idsOf(sort(rows, by(true)))).toEqual(['3', '2', '1', 'null']);
  });

  test('equal values -> order of the input, in both directions', () => {
    const rows = [row(1, 'b'), row(1, 'a'), row(0, 'c')];
    const sort = createSort<Row>('en');
    expect(idsOf(sort(rows, by()))).toEqual(['c', 'b', 'a']);
    expect(idsOf(sort(rows, by(true)))).toEqual(['b', 'a', 'c']);
  });

  test('values unchanged -> no comparison, new rows in the known order', () => {
    const rows = Array.from({ length: 100 }, (_, i) => row((i * 37) % 100, `row-${String(i)}`));
    const sort = createSort<Row>('en');
    const sorted = sort(rows, by());
    const compares = vi.spyOn(Array.prototype, 'sort');
    const again = rows.map((one) => ({ ...one }));
    expect(sort(again, by())).toEqual(sorted);
    expect(sort(again, by())[0]).toBe(again[0]);
    expect(compares).not.toHaveBeenCalled();
    compares.mockRestore();
  });

  test('row added, removed or changed -> sorted again', () => {
    const sort = createSort<Row>('en');
    expect(idsOf(sort([row(2), row(1)], by()))).toEqual(['1', '2']);
    expect(idsOf(sort([row(2), row(1), row(0)], by()))).toEqual(['0', '1', '2']);
    expect(idsOf(sort([row(2), row(0)], by()))).toEqual(['0', '2']);
    expect(idsOf(sort([row(2), row(9)], by()))).toEqual(['2', '9']);
  });

  test('same result as a new sorter, after any sequence of inputs', () => {
    const rows = fc.array(fc.record({ id: fc.string(), value: fc.oneof(fc.constant(null), fc.integer({ max: 9, min: 0 })) }), {
      maxLength: 20,
    });
    const step = fc.record({ rows, descending: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 6 }), (steps) => {
        const sort = createSort<Row>('en');
        for (const { rows: some, descending } of steps) {
          expect(sort(some, by(descending))).toEqual(createSort<Row>('en')(some, by(descending)));
        }
      }),
    );
  });
});
