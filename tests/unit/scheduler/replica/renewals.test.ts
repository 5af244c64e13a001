import { expect, test } from 'vitest';
import { type RenewedSession, Renewals } from '../../../../src/main/scheduler/replica/renewals';
import { ManualClock } from '../../../support/manual-clock';

function opened(count: number, renews: (index: number) => boolean = () => true) {
  const asked: number[] = [];
  const late: number[] = [];
  const clock = new ManualClock();
  const sessions = Array.from({ length: count }, (_, index): RenewedSession => ({
    renew: () => {
      if (renews(index)) asked.push(index);
      return renews(index);
    },
  }));
  const renewals = new Renewals<RenewedSession>({ clock, timeoutMs: 10_000, onLate: (session) => late.push(sessions.indexOf(session)) });
  renewals.begin(sessions);
  const done = (index: number): void => {
    const session = sessions[index];
    if (session !== undefined) renewals.done(session);
  };
  return { asked, late, clock, renewals, sessions, done };
}

test('10,000 nodes -> 32 are asked, one more for each that has registered', () => {
  const { asked, renewals, done } = opened(10_000);
  expect([asked.length, renewals.size]).toEqual([32, 10_000]);
  done(0);
  done(0);
  expect(asked).toHaveLength(33);
  for (let i = 1; i < 10_000; i++) done(i);
  expect([asked.length, renewals.size]).toEqual([10_000, 0]);
});

test('nodes that need not be asked -> not counted', () => {
  const { asked } = opened(100, (index) => index % 2 === 1);
  expect(asked).toEqual(Array.from({ length: 32 }, (_, i) => 2 * i + 1));
});

test('no registration in time -> late, the next node is asked', () => {
  const { asked, late, clock, done } = opened(40);
  for (let i = 1; i < 32; i++) done(i);
  clock.advance(10_000);
  expect(late).toEqual([0, ...[32, 33, 34, 35, 36, 37, 38, 39]]);
  expect(asked).toHaveLength(40);
});

test('another leader meanwhile -> all are asked again', () => {
  const { asked, late, clock, renewals, sessions } = opened(2);
  renewals.begin(sessions);
  expect(asked).toEqual([0, 1, 0, 1]);
  renewals.stop();
  clock.advance(60_000);
  expect(late).toEqual([]);
});
