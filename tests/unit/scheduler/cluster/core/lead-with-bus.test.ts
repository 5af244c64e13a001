// Which member leads when some members have lost the bus, or the bus drops what the leader says.
import { expect, test } from 'vitest';
import { isPassed, mayTakeLease, shouldStepDown } from '../../../../../src/main/scheduler/cluster/core/lead-with-bus';
import { epochToExceed } from '../../../../../src/main/scheduler/cluster/core/lease';

const withBus = { hasBus: true, seenSeconds: 1 };
const without = { hasBus: false, seenSeconds: 1 };
const dead = { hasBus: true, seenSeconds: 5 };

test.each([
  { title: 'no bus is configured', hasBus: null, others: [withBus], take: true, stepDown: false },
  { title: 'the own bus is there', hasBus: true, others: [withBus], take: true, stepDown: false },
  { title: 'the own bus is away, another member has it', hasBus: false, others: [without, withBus], take: false, stepDown: true },
  { title: 'the own bus is away, no member has it', hasBus: false, others: [without], take: true, stepDown: false },
  { title: 'the own bus is away, the member with it gives no sign of life', hasBus: false, others: [dead], take: true, stepDown: false },
  { title: 'the own bus is away, no other member', hasBus: false, others: [], take: true, stepDown: false },
])('lead with bus: $title -> takes a free lease: $take, gives up its own: $stepDown', ({ hasBus, others, take, stepDown }) => {
  expect(mayTakeLease({ hasBus }, others)).toBe(take);
  expect(shouldStepDown({ hasBus, wasAway: true }, others)).toBe(stepDown);
  expect(shouldStepDown({ hasBus, wasAway: false }, others)).toBe(false);
});

test.each([
  { title: 'the bus knows none', busEpoch: 0, passes: 0, stepDown: false },
  { title: 'the bus knows that of the leader', busEpoch: 7, passes: 7, stepDown: false },
  { title: 'the bus knows a higher one', busEpoch: 8, passes: 8, stepDown: true },
  { title: 'the highest that a term can pass', busEpoch: 2 ** 52, passes: 2 ** 52, stepDown: true },
  { title: 'a forged one that leaves no room', busEpoch: Number.MAX_SAFE_INTEGER, passes: 0, stepDown: false },
])('epoch 7: $title -> a new term passes $passes, gives up its own: $stepDown', ({ busEpoch, passes, stepDown }) => {
  expect(epochToExceed(busEpoch)).toBe(passes);
  expect(isPassed(7, busEpoch)).toBe(stepDown);
});
