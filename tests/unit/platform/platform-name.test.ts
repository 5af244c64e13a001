import { expect, test } from 'vitest';
import { platformName } from '../../../src/main/platform/platform-name';

test.each([
  ['win32', 'windows'],
  ['darwin', 'macos'],
  ['linux', 'linux'],
  ['freebsd', 'linux'],
] as const)('%s -> %s', (platform, name) => {
  expect(platformName(platform)).toBe(name);
});
