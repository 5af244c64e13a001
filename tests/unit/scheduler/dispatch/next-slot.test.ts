// When full nodes should have a free slot.
import { expect, test } from 'vitest';
import { nextSlotAtWallMs, nextSlotMs } from '../../../../src/main/scheduler/dispatch/next-slot';
import { aRecord, at } from '../lifecycle/records';

const endingAt = (...endsMonotonicMs: readonly number[]) =>
  aRecord({
    expectedJobs: new Map(endsMonotonicMs.map((endMonotonicMs, i) => [`job-${String(i)}`, { promptMs: 0, endMonotonicMs }])),
  });

test.each([
  ['the job that ends first', [9000, 4000], 0, 3000],
  ['one job ahead -> the second end', [9000, 4000], 1, 8000],
  ['more jobs ahead than ends -> not known', [9000], 1, null],
  ['no predicted job -> not known', [], 0, null],
  ['a late job -> as long again as it is late', [200], 0, 800],
] as const)('next slot: %s', (_title, ends, ahead, leftMs) => {
  expect(nextSlotMs([endingAt(...ends)], ahead, 1000)).toBe(leftMs);
});

test.each([
  ['no job ahead -> the first end', [10, 100], 0, 9],
  ['jobs of the usual time go on in the slot that is free first', [10, 100], 3, 24],
  ['they end later than the running ones', [10, 11, 100], 2, 14],
  ['many jobs ahead: one slot', [10], 1000, 5009],
  ['no running job is known -> not known', [], 3, null],
] as const)('next slot with a usual time of 5: %s', (_title, ends, ahead, leftMs) => {
  expect(nextSlotMs([endingAt(...ends)], ahead, 1, 5)).toBe(leftMs);
});

test('next slot of a node: a time in whole seconds of the wall clock; unknown -> null', () => {
  expect(nextSlotAtWallMs(endingAt(9000, 4400), at(1000))).toBe(Math.round(at(4400).wallMs / 1000) * 1000);
  expect(nextSlotAtWallMs(endingAt(), at(1000))).toBeNull();
});
