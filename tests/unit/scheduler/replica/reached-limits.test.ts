// The limits that clients of a replica have reached, as the leader learns them.
import { expect, test } from 'vitest';
import { ReachedLimits } from '../../../../src/main/scheduler/replica/reached-limits';
import { ManualClock } from '../../../support/manual-clock';

test('limits reached -> one record a second; without a leader they wait; nothing reached -> no record, no timer', () => {
  const clock = new ManualClock();
  const sent: unknown[] = [];
  const channel = { send: (type: string, head: unknown): void => void sent.push([type, head]) };
  let isLed = false;
  const limits = new ReachedLimits(clock);
  limits.reportOn(() => (isLed ? channel : null));
  limits.limitReached('handshakes');
  clock.advance(1000);
  limits.limitReached('handshakes');
  limits.limitReached('unsent_bytes');
  clock.advance(1000);
  expect(sent).toEqual([]);
  isLed = true;
  clock.advance(1000);
  expect(sent).toEqual([['limits.reached', { limits: { handshakes: 2, unsent_bytes: 1 } }]]);
  expect(clock.pending).toBe(0);
  limits.limitReached('handshakes');
  clock.advance(1000);
  expect(sent.slice(1)).toEqual([['limits.reached', { limits: { handshakes: 1 } }]]);
});

test('no leader learns the counts, or the replica has stopped -> nothing is counted, and no timer runs', () => {
  const clock = new ManualClock();
  const limits = new ReachedLimits(clock);
  limits.limitReached('handshakes');
  expect(clock.pending).toBe(0);
  limits.reportOn(() => null);
  limits.limitReached('handshakes');
  expect(clock.pending).toBe(1);
  limits.stop();
  limits.limitReached('handshakes');
  expect(clock.pending).toBe(0);
});
