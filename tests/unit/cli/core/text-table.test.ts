import { expect, test } from 'vitest';
import { printable, textTable } from '../../../../src/main/cli/core/text-table';

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
