import { expect, test } from 'vitest';
import { ageText, printable, remainingText, textTable } from '../../../../src/main/cli/core/text-table';

test('table: columns as wide as the widest cell, Chinese characters count double', () => {
  expect(
    textTable(
      ['A', 'B'],
      [
        ['显卡', 'x'],
        ['longer', ''],
      ],
    ),
  ).toBe('A       B\n显卡    x\nlonger\n');
});

test('printable: control characters and escape sequences -> escaped', () => {
  expect(printable('a\u001b[2Jb\n\u202ec')).toBe('a\\u001b[2Jb\\u000a\\u202ec');
});

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

test.each([
  [86_400_000, '24 h'],
  [86_399_001, '24 h'],
  [86_395_000, '24 h'],
  [25 * 3_600_000, '25 h'],
  [30 * 86_400_000 - 5000, '30 d'],
  [15 * 60_000 - 2000, '15 min'],
  [90_000, '90 s'],
  [1, '1 s'],
  [-5, '0 s'],
])('remaining time of %d ms -> %s', (durationMs, text) => {
  expect(remainingText(durationMs)).toBe(text);
});
