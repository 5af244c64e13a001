// Works that are released together are done in turns of the event loop.
import { expect, it } from 'vitest';
import { WorkTurns } from '../../../src/main/platform/work-turns';
import { ManualClock } from '../../support/manual-clock';
import { microtasksDone } from '../../support/microtasks';

function bench() {
  const clock = new ManualClock();
  const next: (() => void)[] = [];
  const turns = new WorkTurns(
    () => clock.monotonicMs(),
    (callback) => next.push(callback),
  );
  const done: number[] = [];
  const work = (number: number, ms = 2) =>
    turns.run(() => {
      clock.advance(ms);
      return done.push(number);
    });
  const turn = (): void => {
    for (const callback of next.splice(0)) callback();
  };
  return { turns, done, work, turn };
}

it('works of 2 ms each -> three in one turn, in order, and a later one after those that wait', () => {
  const { done, work, turn } = bench();
  for (let number = 0; number < 7; number++) void work(number);
  expect(done).toEqual([0, 1, 2]);
  void work(7);
  turn();
  expect(done).toEqual([0, 1, 2, 3, 4, 5]);
  turn();
  expect(done).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

it('a work that takes no time waits only while others wait', () => {
  const { done, work, turn } = bench();
  for (let number = 0; number < 4; number++) void work(number);
  void work(4, 0);
  expect(done).toEqual([0, 1, 2]);
  turn();
  void work(5, 0);
  expect(done).toEqual([0, 1, 2, 3, 4, 5]);
});

it('resolves to the result of each work, also of one that begins another; one that fails stops no other', async () => {
  const { turns, done, work, turn } = bench();
  const nested = turns.run(() => work(1));
  const failed = turns.run(() => {
    throw new Error('broken');
  });
  const last = work(2);
  await expect(failed).rejects.toThrow('broken');
  await microtasksDone();
  turn();
  expect([await nested, await last, done]).toEqual([1, 2, [1, 2]]);
});
