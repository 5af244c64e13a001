import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SortedSet } from '../../../../src/main/scheduler/dispatch/sorted-set';

const ascending = (a: number, b: number): number => a - b;

test('on any additions and removals it holds what a sorted set of numbers holds', () => {
  const step = fc.record({ add: fc.boolean(), item: fc.integer({ min: 0, max: 400 }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 1500, size: 'max' }), (steps) => {
      const set = new SortedSet(ascending);
      const model = new Set<number>();
      for (const { add, item } of steps) {
        if (add) {
          set.add(item);
          model.add(item);
        } else {
          set.delete(item);
          model.delete(item);
        }
        expect(set.size).toBe(model.size);
      }
      expect([...set]).toEqual([...model].sort(ascending));
    }),
    { numRuns: 50 },
  );
});

test('a place among 100,000 is found in a few comparisons, where a scan would need them all', () => {
  let comparisons = 0;
  const set = new SortedSet<number>((a, b) => {
    comparisons++;
    return a - b;
  });
  for (let i = 0; i < 100_000; i++) set.add((i * 7919) % 100_003);
  comparisons = 0;
  set.delete(50_000);
  set.add(50_000);
  expect(comparisons).toBeLessThan(50);
});
