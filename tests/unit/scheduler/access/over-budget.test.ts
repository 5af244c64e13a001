// Which parts must go, so that the others fit a budget of 100 bytes.
import { expect, it } from 'vitest';
import { overBudget } from '../../../../src/main/scheduler/access/over-budget';

const part = (from: string, bytes: number) => ({ from, bytes });

it.each([
  ['no parts', [], []],
  ['as many bytes as the budget', [part('a', 60), part('b', 40)], []],
  ['one part over the budget', [part('a', 101)], ['a 101']],
  ['the largest part has one sender, the most bytes another', [part('a', 31), part('b', 45), part('a', 30)], ['a 31']],
  ['one sender with most of the bytes', [part('a', 80), part('b', 50), part('a', 90)], ['a 90', 'a 80']],
  ['two senders in turn', [part('a', 70), part('b', 40), part('b', 60), part('a', 50)], ['a 70', 'b 60']],
  ['equal parts', [part('a', 60), part('b', 60)], ['a 60']],
])('over budget: %s', (_case, parts, dropped) => {
  expect(overBudget(parts, 100).map(({ from, bytes }) => `${from} ${String(bytes)}`)).toEqual(dropped);
});
