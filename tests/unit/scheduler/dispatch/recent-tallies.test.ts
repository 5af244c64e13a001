// What jobs that need the same are told instead of asking the whole pool again.
import { expect, it } from 'vitest';
import { RecentTallies } from '../../../../src/main/scheduler/dispatch/recent-tallies';

const job = (model: string) => ({ required_models: [model], public: true });
const tally = { model_not_available: { count: 1, examples: ['node-a'] } };

it('holds for half a second, for those that need the same', () => {
  const recent = new RecentTallies();
  recent.keep(job('a'), tally, 1000);
  expect(recent.find(job('a'), 1499)).toBe(tally);
  expect(recent.find(job('a'), 1500)).toBeNull();
  expect(recent.find(job('b'), 1000)).toBeNull();
});

it('remembers 32 needs, and forgets the one that was kept longest ago', () => {
  const recent = new RecentTallies();
  for (let i = 0; i < 32; i++) recent.keep(job(String(i)), tally, 0);
  recent.keep(job('0'), tally, 0);
  recent.keep(job('new'), tally, 0);
  expect(['0', '1', '2', 'new'].map((model) => recent.find(job(model), 0) !== null)).toEqual([true, false, true, true]);
});
