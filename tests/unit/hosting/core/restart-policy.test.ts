import { expect, test } from 'vitest';
import { afterCrash, RESTART_POLICY } from '../../../../src/main/hosting/core/restart-policy';

test.each<[string, number[], number, ReturnType<typeof afterCrash>]>([
  ['a first crash is waited out for a second', [], 0, { action: 'restart', delayMs: 1000, crashes: [0] }],
  ['a second for two', [0], 1000, { action: 'restart', delayMs: 2000, crashes: [0, 1000] }],
  ['a fourth for eight', [0, 1, 2], 3, { action: 'restart', delayMs: 8000, crashes: [0, 1, 2, 3] }],
  ['a fifth within five minutes is the last', [0, 1, 2, 3], 299_999, { action: 'give_up', crashes: [0, 1, 2, 3, 299_999] }],
  [
    'crashes older than five minutes are forgotten',
    [0, 1, 2, 3],
    300_000,
    { action: 'restart', delayMs: 8000, crashes: [1, 2, 3, 300_000] },
  ],
  ['after a long good time it begins anew', [0, 1, 2, 3], 900_000, { action: 'restart', delayMs: 1000, crashes: [900_000] }],
])('%s', (_title, crashes, nowMs, expected) => {
  expect(afterCrash(crashes, nowMs)).toEqual(expected);
});

test('the delay does not grow beyond its bound', () => {
  const policy = { ...RESTART_POLICY, maxCrashes: 100 };
  const delays = [];
  let crashes: readonly number[] = [];
  for (let nowMs = 0; nowMs < 10; nowMs++) {
    const decision = afterCrash(crashes, nowMs, policy);
    crashes = decision.crashes;
    if (decision.action === 'restart') delays.push(decision.delayMs);
  }
  expect(delays).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000, 30_000, 30_000]);
});
