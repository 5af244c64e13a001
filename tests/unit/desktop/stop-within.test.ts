import { expect, test } from 'vitest';
import { stopWithin } from '../../../src/main/desktop/stop-within';

test.each([
  ['is in time when it is done', () => Promise.resolve(), true],
  ['is not when it fails', () => Promise.reject(new Error('no')), false],
  ['is not when it never ends', () => new Promise<void>(() => undefined), false],
])('a stop %s', async (_title, stop, inTime) => {
  expect(await stopWithin(20, stop)).toBe(inTime);
});
