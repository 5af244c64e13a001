import { expect, test } from 'vitest';
import { inviteLinksText } from '../../../src/main/cli/invite-link';

const links = { link: 'muster://192.168.1.20:7080/join#key=mi_a', httpsLink: 'https://192.168.1.20:7080/join#key=mi_a' };
const [MUSTER, HTTPS] = [`${links.link}\n`, `${links.httpsLink}\n`];

test('invitation, stdout is no terminal -> both forms of the link, no code', () => {
  expect(inviteLinksText(links, false)).toBe(MUSTER + HTTPS);
});

test('invitation, stdout is a terminal -> both forms of the link, then a QR code', () => {
  const text = inviteLinksText(links, true);
  expect(text.startsWith(MUSTER + HTTPS)).toBe(true);
  expect(text.slice((MUSTER + HTTPS).length)).toMatch(/^[\u2580\u2584\u2588 \n]{200,}$/);
});

test.each([
  ['pool without TLS', { ...links, httpsLink: null }, MUSTER],
  ['certificate of the owner', { link: links.httpsLink, httpsLink: links.httpsLink }, HTTPS],
])('invitation, %s -> one link', (_name, given, expected) => {
  expect(inviteLinksText(given, false)).toBe(expected);
});
