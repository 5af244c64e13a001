// What the leader counts of the limits that clients of a replica have reached.
import { expect, test } from 'vitest';
import { replicaLimits } from '../../../../src/main/scheduler/forwarded/replica-limits';
import { limitsReachedSchema } from '../../../../src/main/scheduler/replica/core/limit-records';
import type { Channel } from '../../../../src/main/scheduler/cluster/channel/channel';

test('known limits -> counted; a name that this version does not know -> no counter of its own', () => {
  const counted: unknown[] = [];
  let tell: (head: unknown) => unknown = () => undefined;
  const channel = { on: (_type: string, handler: (head: unknown) => unknown) => (tell = handler) };
  replicaLimits({ limitReached: (...args) => void counted.push(args) }).attach(channel as unknown as Channel);
  tell({ limits: { handshakes: 2, of_a_newer_version: 5, unsent_bytes: 1 } });
  expect(counted).toEqual([
    ['handshakes', 2],
    ['unsent_bytes', 1],
  ]);
});

test('thousands of names -> the record is refused', () => {
  const limits = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`limit_${String(i)}`, 1]));
  expect(limitsReachedSchema.safeParse({ limits }).success).toBe(false);
});
