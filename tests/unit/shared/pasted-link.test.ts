import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toJoinLink } from '../../../src/shared/api/join-link';
import { MAX_PASTED_LENGTH, pastedAddress } from '../../../src/shared/api/pasted-link';

const PIN = `sha256-${'aB3-_'.repeat(9).slice(0, 43)}`;
const LINK = `muster://192.168.1.20:7080/join#pin=${PIN}&key=mi_4f6c1d0b`;
const HTTPS = LINK.replace('muster:', 'https:');
const OWNERS = 'https://pool.example:443/join#key=mi_4f6c1d0b';

test.each<[string, string]>([
  // Each form alone.
  ['', ''],
  ['  192.168.1.20:7080 ', '192.168.1.20:7080'],
  ['lab-a', 'lab-a'],
  ['[fe80::1]:7081', '[fe80::1]:7081'],
  ['wss://192.168.1.20:7080#pin=x', 'wss://192.168.1.20:7080#pin=x'],
  [LINK, LINK],
  [`\n${LINK}\n`, LINK],
  [HTTPS, HTTPS],
  [OWNERS, OWNERS],
  // The name of a pool, and a text without a link.
  ["Anna's pool", "Anna's pool"],
  ['see https://pool.example/docs', 'see https://pool.example/docs'],
  // A link in a text.
  [`Join link for Muster: ${LINK}\nThe same in a browser: ${HTTPS}`, LINK],
  [`The same in a browser: ${HTTPS}\nJoin link for Muster: ${LINK}`, LINK],
  [`The same in a browser: ${HTTPS}\nDashboard: https://192.168.1.20:7080`, HTTPS],
  [`Dashboard: https://pool.example/\nOpen ${OWNERS} in a browser.`, OWNERS],
  [`加入链接：${LINK}。有效期一天`, LINK],
  [`加入链接：${LINK}`, LINK],
  [`<${LINK}>`, LINK],
  [`[link](${LINK})`, LINK],
  [`“${LINK}”`, LINK],
  [`muster join "${LINK}"`, LINK],
  [`It is ${LINK}.`, LINK],
  [`${LINK} until 12:00`, LINK],
  [`Host: muster://10.0.0.5, link: ${LINK}`, LINK],
  ['It is muster://[fe80::1]:7080/join#key=mi_1, for you', 'muster://[fe80::1]:7080/join#key=mi_1'],
  ['My pool is at muster://10.0.0.5.', 'muster://10.0.0.5'],
  // Single-line fields of some browsers remove the ends of lines.
  [`Join link for Muster: ${LINK} The same in a browser: ${HTTPS} Valid`, LINK],
])('%j -> %s', (text, address) => {
  expect(pastedAddress(text)).toBe(address);
});

test('every link that the app makes is found in a text', () => {
  const host = fc.oneof(fc.ipV4(), fc.constantFrom('lab-a.local', 'fe80::1'));
  const key = fc.stringMatching(/^mi_[A-Za-z0-9_-]{8,64}$/);
  fc.assert(
    fc.property(host, key, fc.constantFrom(PIN, null), (name, token, pin) => {
      const link = toJoinLink({ host: name, port: 7080, secure: true, token, pin });
      expect(pastedAddress(`Open ${link}, then join.`)).toBe(link);
    }),
  );
});

test('a long text -> only its beginning is searched, in little time', () => {
  expect(pastedAddress(`${'x '.repeat(MAX_PASTED_LENGTH)}${LINK}`)).not.toContain('muster:');
  const startedMs = performance.now();
  for (const part of ['muster://', 'muster://a', 'https://a.', 'https://a/join#', ' ', 'muster://[']) pastedAddress(part.repeat(20_000));
  expect(performance.now() - startedMs).toBeLessThan(1000);
});

test('many periods inside a link -> at once', () => {
  const text = `muster://a/join#${'.'.repeat(16_000)}a x`;
  const startedMonotonicMs = performance.now();
  pastedAddress(text);
  expect(performance.now() - startedMonotonicMs).toBeLessThan(200);
});
