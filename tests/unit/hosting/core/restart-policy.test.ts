import { expect, test } from 'vitest';
import { afterCrash, RESTART_POLICY } from '../../../../src/main/hosting/core/restart-policy';

test.each<[string, number[], number, ReturnType<typeof afterCrash>]>([
  ['first crash -> restart after 1 s', [], 0, { action: 'restart', delayMs: 1000, crashesMonotonicMs: [0] }],
  ['second crash -> restart after 2 s', [0], 1000, { action: 'restart', delayMs: 2000, crashesMonotonicMs: [0, 1000] }],
  ['fourth crash -> restart after 8 s', [0, 1, 2], 3, { action: 'restart', delayMs: 8000, crashesMonotonicMs: [0, 1, 2, 3] }],
  ['fifth crash within five minutes -> give up', [0, 1, 2, 3], 299_999, { action: 'give_up', crashesMonotonicMs: [0, 1, 2, 3, 299_999] }],
  [
    'crashes older than five minutes -> not counted',
    [0, 1, 2, 3],
    300_000,
    { action: 'restart', delayMs: 8000, crashesMonotonicMs: [1, 2, 3, 300_000] },
  ],
  [
    'no crash for a long time -> restart after 1 s',
    [0, 1, 2, 3],
    900_000,
    { action: 'restart', delayMs: 1000, crashesMonotonicMs: [900_000] },
  ],
])('%s', (_title, crashes, nowMonotonicMs, expected) => {
  expect(afterCrash(crashes, nowMonotonicMs)).toEqual(expected);
});

test('restart delay: at most the maximum', () => {
  const policy = { ...RESTART_POLICY, maxCrashes: 100 };
  const delays = [];
  let crashes: readonly number[] = [];
  for (let nowMonotonicMs = 0; nowMonotonicMs < 10; nowMonotonicMs++) {
    const decision = afterCrash(crashes, nowMonotonicMs, policy);
    crashes = decision.crashesMonotonicMs;
    if (decision.action === 'restart') delays.push(decision.delayMs);
  }
  expect(delays).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000, 30_000, 30_000]);
});
