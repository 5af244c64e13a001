import { expect, test } from 'vitest';
import { AbuseLog } from '../../../src/main/platform/abuse-log';
import { ManualClock } from '../../support/manual-clock';
import { KeptLog } from '../../support/test-scheduler';

function aLog() {
  const clock = new ManualClock();
  const log = new KeptLog();
  const counted: string[] = [];
  const counters = { authFailed: () => counted.push('auth'), limitReached: (limit: string) => counted.push(limit) };
  return { clock, log, counted, abuse: new AbuseLog({ clock, logger: log, counters }) };
}

test('limits reached: first of a source and limit at once, then one line with the count each ten seconds', () => {
  const { clock, log, counted, abuse } = aLog();
  abuse.limitReached('unfinished_bytes', 'a');
  for (let i = 0; i < 5; i++) abuse.limitReached('unfinished_bytes', 'a');
  abuse.limitReached('unfinished_bytes', 'b');
  abuse.limitReached('message_seconds', 'b');
  const first = [
    { limit: 'unfinished_bytes', from: 'a', count: 1 },
    { limit: 'unfinished_bytes', from: 'b', count: 1 },
    { limit: 'message_seconds', from: 'b', count: 1 },
  ];
  expect(log.of('limit_reached')).toEqual(first);
  clock.advance(10_000);
  expect(log.of('limit_reached')).toEqual([...first, { limit: 'unfinished_bytes', from: 'a', count: 5 }]);
  expect(counted).toHaveLength(8);
});

test('limits reached: quiet for ten seconds -> the next one is logged at once', () => {
  const { clock, log, abuse } = aLog();
  abuse.limitReached('message_seconds', 'a');
  clock.advance(10_000);
  abuse.limitReached('message_seconds', 'a');
  expect(log.of('limit_reached').map(({ count }) => count)).toEqual([1, 1]);
});

test('limits reached: more sources than lines -> counted as others', () => {
  const { clock, log, abuse } = aLog();
  for (let i = 0; i < 1000; i++) abuse.limitReached('nodes', `source-${String(i)}`);
  expect(log.of('limit_reached')).toHaveLength(201);
  clock.advance(10_000);
  expect(log.of('limit_reached').at(-1)).toEqual({ limit: 'nodes', from: 'others', count: 799 });
});

test('stop: the last counts are logged', () => {
  const { log, abuse } = aLog();
  abuse.authFailed('a');
  abuse.authFailed('a');
  abuse.stop();
  expect(log.of('auth_failed')).toEqual([
    { from: 'a', count: 1 },
    { from: 'a', count: 1 },
  ]);
});
