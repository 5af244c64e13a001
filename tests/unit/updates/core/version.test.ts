import { describe, expect, test } from 'vitest';
import { isNewer, parseVersion } from '../../../../src/main/updates/core/version';

describe('version', () => {
  test.each(['1.2.3', '0.0.0', '10.20.300'])('%s -> three numbers', (text) => {
    expect(parseVersion(text)).toEqual(text.split('.').map(Number));
  });

  test.each(['', '1.2', '1.2.3.4', 'v1.2.3', '1.2.3-beta.1', '1.2.3+build', '01.2.3', '1.2.x', ' 1.2.3', '1.2.3\n', '1.2.1234567'])(
    '%j -> no version of a release',
    (text) => {
      expect(parseVersion(text)).toBeNull();
    },
  );

  test.each([
    ['1.0.1', '1.0.0', true],
    ['1.1.0', '1.0.9', true],
    ['2.0.0', '1.99.99', true],
    ['1.0.10', '1.0.9', true],
    ['1.0.0', '1.0.0', false],
    ['1.0.0', '1.0.1', false],
    ['0.9.9', '1.0.0', false],
    ['1.0.0-beta', '0.9.0', false],
    ['9.9.9', 'development', false],
  ])('update: %s over %s -> %s', (offered, present, expected) => {
    expect(isNewer(offered, present)).toBe(expected);
  });
});
