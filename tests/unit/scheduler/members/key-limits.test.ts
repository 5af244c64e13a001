import { describe, expect, test } from 'vitest';
import { keyLimitsSchema } from '../../../../src/shared/api/members';
import { defaultPriorityOf, fairShareOf, limitsOf, take } from '../../../../src/main/scheduler/members/core/key-limits';
import { OWNER } from '../../../../src/main/scheduler/members/core/principal';
import { KeyUsage } from '../../../../src/main/scheduler/members/key-usage';
import { ManualClock } from '../../../support/manual-clock';

const defaults = { requestsPerSecond: 10, megabytesPerMinute: 60, maxQueued: 100, maxStreams: 8, maxPriority: 0 };
const key = { ...OWNER, kind: 'key', roles: ['client'] } as const;

describe('limits of a key', () => {
  test.each([
    ['no key', null, null],
    ['owner', OWNER, null],
    ['a key with the role owner', { ...key, roles: ['owner'] as const }, null],
    ['a key without own limits', key, defaults],
    [
      'own limits',
      { ...key, limits: keyLimitsSchema.parse({ max_queued: 5, max_priority: 10 }) },
      { ...defaults, maxQueued: 5, maxPriority: 10 },
    ],
  ])('%s', (_what, principal, expected) => {
    expect(limitsOf(principal, defaults)).toEqual(expected);
  });
});

test.each([
  ['no class', {}, 5, [5, 0]],
  ['low', { priority: 'low' }, 5, [-10, -10]],
  ['normal', { priority: 'normal' }, 5, [0, 0]],
  ['high', { priority: 'high' }, 5, [10, 10]],
  ['high below the maximum of all keys', { priority: 'high' }, 50, [10, 10]],
  ['low with a maximum of its own', { priority: 'low', max_priority: 3 }, 5, [3, -10]],
  ['high with a maximum of its own', { priority: 'high', max_priority: 3 }, 5, [3, 3]],
] as const)('priority class: %s -> the maximum, and the priority of requests without one', (_what, limits, maxPriority, expected) => {
  const principal = { ...key, limits: keyLimitsSchema.parse(limits) };
  const ofAll = { ...defaults, maxPriority };
  expect([limitsOf(principal, ofAll)?.maxPriority, defaultPriorityOf(principal, ofAll)]).toEqual(expected);
});

describe('bucket', () => {
  test('burst of two seconds, then the rate', () => {
    let bucket: Parameters<typeof take>[0] = null;
    const waits: (number | null)[] = [];
    for (let i = 0; i < 22; i++) {
      const taken = take(bucket, 1, 10, 0);
      bucket = taken.bucket;
      waits.push(taken.waitMs);
    }
    expect(waits.slice(0, 20)).toEqual(Array(20).fill(null));
    expect(waits.slice(20)).toEqual([100, 100]);
    expect(take(bucket, 1, 10, 100).waitMs).toBeNull();
  });

  test('cost above the size: passes when full, then the debt is paid off', () => {
    const first = take(null, 50, 10, 0);
    expect(first).toEqual({ bucket: { tokens: -30, atMonotonicMs: 0 }, waitMs: null });
    expect(take(first.bucket, 1, 10, 0).waitMs).toBe(3100);
    expect(take(first.bucket, 1, 10, 3100).waitMs).toBeNull();
  });
});

test('limits change while streams are open -> the next one is judged by the new limit, open ones stay', () => {
  const totals = { queued: 100, streams: { events: 8, pool_events: 2, member_events: 6 } };
  const usage = new KeyUsage({
    clock: new ManualClock(),
    abuse: { limitReached: () => undefined },
    defaults: { ...defaults, maxStreams: 1 },
    totals,
    hasOtherSubmitters: () => false,
  });
  expect(usage.openStream(key, 'answer')).toEqual(expect.any(Function));
  expect(usage.openStream(key, 'answer')).toMatchObject({ limit: 'streams', max: 1, found: 1 });
  usage.configure({ defaults: { ...defaults, maxStreams: 2, maxQueued: 7 }, totals });
  expect(usage.openStream(key, 'answer')).toEqual(expect.any(Function));
  expect(usage.openStream(key, 'answer')).toMatchObject({ max: 2, found: 2 });
  expect(usage.maxQueuedOf(key)).toBe(7);
});

test('streams of the pool for members -> half of their own total while there are other keys, apart from those of operators', () => {
  const usage = new KeyUsage({
    clock: new ManualClock(),
    abuse: { limitReached: () => undefined },
    defaults: { ...defaults, maxStreams: 1000 },
    totals: { queued: 100, streams: { events: 8, pool_events: 2, member_events: 6 } },
    hasOtherSubmitters: () => true,
  });
  const open = (kind: 'pool_events' | 'member_events') => usage.openStream(key, kind);
  const first = open('member_events');
  expect([open('member_events'), open('member_events')]).toEqual([expect.any(Function), expect.any(Function)]);
  expect(open('member_events')).toMatchObject({ limit: 'streams', max: 3, found: 3 });
  expect(open('pool_events')).toEqual(expect.any(Function));
  if (typeof first === 'function') first();
  expect(open('member_events')).toEqual(expect.any(Function));
});

test.each([
  [100, true, false, Infinity],
  [100, false, false, 50],
  [100, false, true, Infinity],
  [1, false, false, 1],
])('fair share of %d, alone %s, owner %s -> %d', (total, isAlone, isOwner, expected) => {
  expect(fairShareOf(total, isAlone, isOwner)).toBe(expected);
});
