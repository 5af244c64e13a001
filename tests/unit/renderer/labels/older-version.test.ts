import { expect, test } from 'vitest';
import { isOlder } from '../../../../src/renderer/labels/older-version';

test.each([
  ['0.0.9', '0.1.0', true],
  ['0.1.0', '0.1.0', false],
  ['0.2.0', '0.1.9', false],
  ['1.9.9', '1.10.0', true],
  ['v1.0.0', '1.0.1', true],
  ['1.0.0-rc.1', '1.0.0', false],
  ['nightly', '1.0.0', false],
  ['1.0.0', 'unknown', false],
  ['', '', false],
])('versions: %j beside %j -> older: %j', (version, current, expected) => {
  expect(isOlder(version, current)).toBe(expected);
});
