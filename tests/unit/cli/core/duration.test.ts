import { expect, test } from 'vitest';
import { parseDuration } from '../../../../src/main/cli/core/duration';

test.each([
  ['30d', 2_592_000],
  ['24h', 86_400],
  ['15m', 900],
  [' 90s ', 90],
  ['0h', null],
  ['1.5h', null],
  ['30', null],
  ['-1d', null],
  ['', null],
  ['1w', null],
])('duration %j -> %j', (text, seconds) => {
  const parsed = parseDuration(text);
  expect(parsed.ok ? parsed.value : null).toBe(seconds);
});
