import { expect, test } from 'vitest';
import { ageText } from '../../../src/main/cli/age-text';

test.each([
  [-5000, '0 s'],
  [0, '0 s'],
  [59_999, '59 s'],
  [60_000, '1 min'],
  [3_599_000, '59 min'],
  [7_200_000, '2 h'],
  [200_000_000, '2 d'],
])('age: %i ms -> %s', (ms, text) => {
  expect(ageText(ms)).toBe(text);
});
