import fc from 'fast-check';
import { expect, test } from 'vitest';
import { largestOf } from '../../../../src/main/scheduler/usage/core/largest';

type Value = readonly [size: number, at: number];
const order = ([one]: Value, [other]: Value): number => other - one;

/** The values, and the number of turns. */
function taken(values: readonly Value[], most: number): readonly [readonly Value[], number] {
  const turns = largestOf(values, { most, order });
  for (let count = 0; ; count++) {
    const next = turns.next();
    if (next.done === true) return [next.value, count];
  }
}

test('any values -> the same as sorting all', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 200 }), fc.integer({ min: 1, max: 20 }), (sizes, most) => {
      const values = sizes.map((size, at): Value => [size, at]);
      expect(taken(values, most)[0]).toEqual(values.toSorted(order).slice(0, most));
    }),
  );
});

test('many values -> a turn for each 10,000', () => {
  const values = Array.from({ length: 95_000 }, (_, at): Value => [(at * 7919) % 95_000, at]);
  const [found, turns] = taken(values, 3);
  expect([found.map(([size]) => size), turns]).toEqual([[94_999, 94_998, 94_997], 9]);
});
