import { expect, test } from 'vitest';
import { stopWithin } from '../../../src/main/desktop/stop-within';

test.each([
  ['finishes -> true', () => Promise.resolve(), true],
  ['fails -> false', () => Promise.reject(new Error('no')), false],
  ['never ends -> false', () => new Promise<void>(() => undefined), false],
])('stop: %s', async (_title, stop, inTime) => {
  expect(await stopWithin(20, stop)).toBe(inTime);
});
