// Which member leads when some members have lost the bus.
import { expect, test } from 'vitest';
import { mayTakeLease, shouldStepDown } from '../../../../../src/main/scheduler/cluster/core/lead-with-bus';

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
