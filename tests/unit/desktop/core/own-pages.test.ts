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

describe('our own pages', () => {
  test.each(ours)('%s is ours and may be navigated to', (url) => expect([isOwnPage(url), mayNavigate(url)]).toEqual([true, true]));
  test.each(foreign)('%j is not', (url) => expect([isOwnPage(url), mayNavigate(url)]).toEqual([false, false]));
});

describe("the owner's browser", () => {
  test('opens the driver pages of the makers', () => expect(opensOutside('https://www.nvidia.com/drivers')).toBe(true));
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
  ])('opens nothing for %s', (url) => expect(opensOutside(url)).toBe(false));
});

describe('permissions', () => {
  test('our page may write to the clipboard, for the join link', () =>
    expect(mayHavePermission('clipboard-sanitized-write', START_PAGE)).toBe(true));
  test('another page may not', () => expect(mayHavePermission('clipboard-sanitized-write', 'https://evil.org/')).toBe(false));
  test.each(['clipboard-read', 'media', 'geolocation', 'notifications', 'openExternal', 'fullscreen', 'hid', 'usb', 'display-capture'])(
    'our page gets no %s',
    (permission) => expect(mayHavePermission(permission, START_PAGE)).toBe(false),
  );
});
