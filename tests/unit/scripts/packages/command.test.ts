import { expect, test } from 'vitest';
import { PACKAGE_USAGE, parsePackageCommand } from '../../../../scripts/packages/command.mjs';
import { TARGET_NAMES } from '../../../../scripts/packages/plan.mjs';

const NONE = { targets: [], isList: false, isFast: false, version: undefined, passedOn: [] };

test.each<[readonly string[], ReturnType<typeof parsePackageCommand>]>([
  [[], NONE],
  [['deb', 'rpm'], { ...NONE, targets: ['deb', 'rpm'] }],
  [['--list', 'deb'], { ...NONE, isList: true, targets: ['deb'] }],
  [['--fast', '--set-version', '0.0.1'], { ...NONE, isFast: true, version: '0.0.1' }],
  [['deb', '--', '--help', 'nonsense'], { ...NONE, targets: ['deb'], passedOn: ['--help', 'nonsense'] }],
  [['--help', 'deb'], 'help'],
  [['-h'], 'help'],
  [['debx'], { error: 'unknown target debx' }],
])('arguments: %j -> %j', (args, expected) => {
  expect(parsePackageCommand(args)).toEqual(expected);
});

test.each([[['--fats']], [['--set-version']]])('arguments: %j -> error that names it', (args) => {
  expect(parsePackageCommand(args)).toEqual({ error: expect.stringContaining(args[0] ?? '') as string });
});

test('usage: names every flag and every target', () => {
  for (const word of ['--list', '--fast', '--set-version', ...TARGET_NAMES]) expect(PACKAGE_USAGE).toContain(word);
});
