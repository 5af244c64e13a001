// The pace at which a connection may change the profile of its node.
import { expect, it } from 'vitest';
import { ProfilePace } from '../../../../src/main/scheduler/node-socket/profile-pace';
import { ManualClock } from '../../../support/manual-clock';

/** How long the pause lasts, ms. */
async function pauseOf(pace: ProfilePace, clock: ManualClock, entries: number): Promise<number> {
  const pause = pace.changed(entries);
  let isOver = pause === null;
  void pause?.then(() => (isOver = true));
  for (let ms = 0; ; ms += 100) {
    await Promise.resolve();
    if (isOver) return ms;
    clock.advance(100);
  }
}

it('changes within the credit -> no pause; beyond -> until the credit is back', async () => {
  const clock = new ManualClock();
  const pace = new ProfilePace(clock);
  for (let i = 0; i < 8; i++) expect(await pauseOf(pace, clock, 4096)).toBe(0);
  expect(await pauseOf(pace, clock, 4096)).toBe(1000);
  expect(await pauseOf(pace, clock, 2048)).toBe(500);
});

it('an hour without a change -> the credit is full, and no more', async () => {
  const clock = new ManualClock();
  const pace = new ProfilePace(clock);
  expect(pace.changed(32_768)).toBeNull();
  clock.advance(3_600_000);
  expect(await pauseOf(pace, clock, 32_768 + 4096)).toBe(1000);
});

it('connection ends during a pause -> no timer is left', () => {
  const clock = new ManualClock();
  const pace = new ProfilePace(clock);
  expect(pace.end()).toBe(false);
  expect(pace.changed(40_000)).not.toBeNull();
  expect([pace.end(), pace.end()]).toEqual([true, false]);
});
