import { expect, test } from 'vitest';
import { printable, textTable } from '../../../../src/main/cli/core/text-table';

test('columns are as wide as their widest cell, Chinese characters counted double', () => {
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

test('control characters and escape sequences do not reach the terminal', () => {
  expect(printable('a\u001b[2Jb\n\u202ec')).toBe('a\\u001b[2Jb\\u000a\\u202ec');
});
