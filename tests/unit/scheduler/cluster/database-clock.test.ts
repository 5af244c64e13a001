// The wall clock of the leader of a cluster is that of the database.
import { expect, test } from 'vitest';
import { DatabaseClock } from '../../../../src/main/scheduler/cluster/database-clock';
import { ManualClock } from '../../../support/manual-clock';

const HOUR_MS = 3_600_000;

test.each([
  { title: 'equal', database: 1000, asked: 990, answered: 1010, ahead: 0 },
  { title: 'less than a second', database: 1990, asked: 1000, answered: 1000, ahead: 0 },
  { title: 'an hour ahead', database: HOUR_MS + 1000, asked: 900, answered: 1100, ahead: HOUR_MS },
  { title: 'an hour behind', database: 1000, asked: HOUR_MS + 1000, answered: HOUR_MS + 1000, ahead: -HOUR_MS },
  { title: 'own clock was set back between question and answer', database: HOUR_MS, asked: HOUR_MS, answered: 0, ahead: 0 },
  { title: 'own clock was set ahead between question and answer', database: 1000, asked: 1000, answered: HOUR_MS, ahead: 0 },
  { title: 'the process was stopped between question and answer', database: 1000, asked: 1000, answered: 31_000, ahead: 0 },
])('database clock: $title -> ahead by $ahead ms', ({ database, asked, answered, ahead }) => {
  const own = new ManualClock();
  const clock = new DatabaseClock(own);
  expect(clock.read(database, asked, answered)).toBe(ahead !== 0);
  expect(clock.aheadMs).toBe(ahead);
  expect(clock.wallMs() - own.wallMs()).toBe(ahead);
  expect(clock.monotonicMs()).toBe(own.monotonicMs());
});

test('database clock: the own clock is set right again -> no difference', () => {
  const clock = new DatabaseClock(new ManualClock());
  expect(clock.read(HOUR_MS, 0, 0)).toBe(true);
  expect(clock.read(HOUR_MS + 300, 200, 200)).toBe(false);
  expect(clock.aheadMs).toBe(HOUR_MS);
  expect(clock.read(HOUR_MS, HOUR_MS, HOUR_MS)).toBe(true);
  expect(clock.aheadMs).toBe(0);
});
