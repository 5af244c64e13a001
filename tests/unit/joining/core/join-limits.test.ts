import { expect, test } from 'vitest';
import { admitJoin, type JoinAttempts } from '../../../../src/main/joining/core/join-limits';

const admitted = (attempts: JoinAttempts, source: string, atMonotonicMs: number, waiting = 0) =>
  admitJoin(attempts, waiting, source, atMonotonicMs);

test('3 attempts in 2 minutes per address, then a pause until the first is 2 minutes old', () => {
  let attempts: JoinAttempts = [];
  for (const atMs of [0, 1000, 2000]) {
    const admission = admitted(attempts, '10.0.0.1', atMs);
    expect(admission.isAdmitted).toBe(true);
    ({ attempts } = admission);
  }
  expect(admitted(attempts, '10.0.0.1', 30_000)).toMatchObject({ isAdmitted: false, limit: 'address', retryAfterMs: 90_000 });
  expect(admitted(attempts, '10.0.0.2', 30_000).isAdmitted).toBe(true);
  expect(admitted(attempts, '10.0.0.1', 120_000).isAdmitted).toBe(true);
});

test('3 requests wait -> no other address is admitted', () => {
  expect(admitted([], '10.0.0.9', 0, 3)).toMatchObject({ isAdmitted: false, limit: 'waiting', attempts: [] });
});

test('many addresses -> 30 in an hour, and the list stays at 30', () => {
  let attempts: JoinAttempts = [];
  for (let index = 0; index < 1000; index++)
    ({ attempts } = admitted(attempts, `10.1.${String(index >> 8)}.${String(index & 255)}`, index));
  expect(attempts).toHaveLength(30);
  expect(admitted(attempts, '10.2.0.1', 2000)).toMatchObject({ isAdmitted: false, limit: 'hour' });
  expect(admitted(attempts, '10.2.0.1', 3_600_000).isAdmitted).toBe(true);
});
