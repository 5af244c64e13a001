import { expect, test } from 'vitest';
import { UnfinishedBytes } from '../../../../src/main/scheduler/access/unfinished-bytes';

function budget(maxBytes: number) {
  const dropped: string[] = [];
  const from: string[] = [];
  const bytes = new UnfinishedBytes(maxBytes, (sender) => from.push(sender));
  return { bytes, dropped, from, hold: (sender: string, name: string) => bytes.hold(sender, () => dropped.push(name)) };
}

test('unfinished bytes: within the budget -> nothing is dropped; released -> free again', () => {
  const { bytes, dropped, hold } = budget(100);
  const one = hold('a', 'one');
  one.set(60);
  one.set(100);
  expect(bytes.bytes).toBe(100);
  one.release();
  hold('a', 'two').set(100);
  expect([bytes.bytes, dropped]).toEqual([100, []]);
});

test('unfinished bytes: budget exceeded -> the sender with the most bytes loses its largest message', () => {
  const { bytes, dropped, from, hold } = budget(100);
  const [small, large, other] = [hold('a', 'small'), hold('a', 'large'), hold('b', 'other')];
  small.set(30);
  large.set(31);
  // Larger than each message of a, but not than both.
  other.set(40);
  expect([dropped, from, bytes.bytes]).toEqual([['large'], ['a'], 70]);
  large.set(99);
  expect(bytes.bytes).toBe(70);
});

test('unfinished bytes: one message over the budget -> dropped', () => {
  const { dropped, hold } = budget(100);
  hold('a', 'one').set(101);
  expect(dropped).toEqual(['one']);
});
