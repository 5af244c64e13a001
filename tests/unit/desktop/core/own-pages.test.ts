import { describe, expect, test } from 'vitest';
import { mayHavePermission, mayNavigate, opensOutside } from '../../../../src/main/desktop/core/navigation-policy';
import { isOwnPage, START_PAGE } from '../../../../src/main/desktop/core/own-pages';

const ours = [START_PAGE, 'app://muster/', 'app://muster/assets/index.js', 'app://muster/index.html#/nodes'];
const foreign = [
  '',
  'about:blank',
  'app://other/index.html',
  'app://muster.evil.org/',
  'app://muster:81/',
  'app://user@muster/',
  'https://muster/',
  'file:///etc/passwd',
  'data:text/html,x',
  'javascript:alert(1)',
  'blob:app://muster/1',
  'APP',
  'https://app://muster/',
];

describe('own pages', () => {
  test.each(ours)('own page: %s -> navigation allowed', (url) => {
    expect([isOwnPage(url), mayNavigate(url)]).toEqual([true, true]);
  });
  test.each(foreign)('foreign page: %j -> navigation denied', (url) => {
    expect([isOwnPage(url), mayNavigate(url)]).toEqual([false, false]);
  });
});

describe('system browser', () => {
  test('system browser: opens driver pages', () => {
    expect(opensOutside('https://www.nvidia.com/drivers')).toBe(true);
  });
  test.each([
    'http://www.nvidia.com/',
    'https://www.nvidia.com.evil.org/',
    'https://nvidia.com@evil.org/',
    'https://www.nvidia.com:8443/',
    'file:///bin/sh',
    'smb://www.nvidia.com/',
    'javascript:alert(1)',
    'app://muster/',
    'nonsense',
  ])('system browser: %s -> not opened', (url) => {
    expect(opensOutside(url)).toBe(false);
  });
});

describe('permissions', () => {
  test('permission: an own page may write to the clipboard', () => {
    expect(mayHavePermission('clipboard-sanitized-write', START_PAGE)).toBe(true);
  });
  test('permission: a foreign page may not write to the clipboard', () => {
    expect(mayHavePermission('clipboard-sanitized-write', 'https://evil.org/')).toBe(false);
  });
  test.each<[string, readonly string[], boolean]>([
    ['microphone', ['audio'], true],
    ['camera', ['video'], false],
    ['microphone and camera', ['audio', 'video'], false],
    ['unknown device', ['unknown'], false],
  ])('permission: %s', (_title, media, expected) => {
    expect(mayHavePermission('media', START_PAGE, media)).toBe(expected);
    expect(mayHavePermission('media', 'https://evil.org/', media)).toBe(false);
  });
  test.each(['clipboard-read', 'media', 'geolocation', 'notifications', 'openExternal', 'fullscreen', 'hid', 'usb', 'display-capture'])(
    'permission: %s -> denied',
    (permission) => {
      expect(mayHavePermission(permission, START_PAGE)).toBe(false);
    },
  );
});
