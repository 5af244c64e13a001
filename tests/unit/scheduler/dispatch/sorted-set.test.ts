import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SortedSet } from '../../../../src/main/scheduler/dispatch/sorted-set';

interface Item {
  readonly key: number;
  readonly name: string;
}
const byKeyThenName = (): SortedSet<Item> =>
  new SortedSet(
    ({ key }) => key,
    (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  );

test('sorted set: any additions and removals -> the items of a sorted array', () => {
  const step = fc.record({
    add: fc.boolean(),
    key: fc.integer({ min: 0, max: 40 }),
    name: fc.constantFrom(...Array.from('abcdefghijklmnopqrst')),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 2500, size: 'max' }), (steps) => {
      const set = byKeyThenName();
      const model = new Map<string, Item>();
      for (const { add, key, name } of steps) {
        const item = { key, name };
        const label = `${String(key).padStart(2)}${name}`;
        if (add) {
          set.add(item);
          if (!model.has(label)) model.set(label, item);
        } else {
          set.delete(item);
          model.delete(label);
        }
        expect(set.size).toBe(model.size);
      }
      expect([...set]).toEqual([...model.keys()].sort().map((label) => model.get(label)));
    }),
    { numRuns: 50 },
  );
});

test('sorted set: any items -> countBefore is the count of a scan, for items in the set or not', () => {
  const items = fc.array(
    fc.record({ key: fc.integer({ min: 0, max: 40 }), name: fc.constantFrom(...Array.from('abcdefghijklmnopqrst')) }),
    {
      maxLength: 1500,
      size: 'max',
    },
  );
  fc.assert(
    fc.property(items, items, (members, sought) => {
      const set = byKeyThenName();
      for (const item of members) set.add(item);
      const sorted = [...set];
      for (const item of [...sought.slice(0, 50), ...members.slice(0, 50)]) {
        const before = sorted.filter(({ key, name }) => key < item.key || (key === item.key && name < item.name));
        expect(set.countBefore(item)).toBe(before.length);
      }
    }),
    { numRuns: 30 },
  );
  expect(byKeyThenName().countBefore({ key: 1, name: 'a' })).toBe(0);
});

test('sorted set: several blocks -> items in order until none is left', () => {
  const set = byKeyThenName();
  const items = Array.from({ length: 5000 }, (_, i) => ({ key: (i * 37) % 1000, name: String(i) }));
  for (const item of items) set.add(item);
  expect([...set].map(({ key }) => key)).toEqual(items.map(({ key }) => key).sort((a, b) => a - b));
  for (const item of items) set.delete(item);
  expect([set.size, ...set]).toEqual([0]);
});

test('sorted set: search among 100,000 -> a few items are read', () => {
  let comparisons = 0;
  const set = new SortedSet<number>(
    (n) => n >> 3,
    (a, b) => {
      comparisons++;
      return a - b;
    },
  );
  for (let i = 0; i < 100_000; i++) set.add((i * 7919) % 100_003);
  comparisons = 0;
  set.delete(50_000);
  set.add(50_000);
  expect(comparisons).toBeLessThan(50);
});
