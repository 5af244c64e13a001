import fc from 'fast-check';
import { expect, test } from 'vitest';
import { argumentsBeforeLink, linkArgument, parseOutsideLink } from '../../../../src/main/desktop/core/outside-link';
import { parsePoolAddress } from '../../../../src/shared/api/join-link';
import { openedLinkSchema } from '../../../../src/shared/api/opened-link';
import { fail, ok } from '../../../../src/shared/result';

const PIN = `sha256-${'A'.repeat(43)}`;
const LONG_HOST = `${'a'.repeat(63)}.`.repeat(4).slice(0, 253);
const LINK = `muster://192.168.1.20:7080/join#pin=${PIN}&key=mi_abc`;

test.each<[string, string[], string | null]>([
  ['no argument', ['muster'], null],
  ['a link alone', ['muster', LINK], LINK],
  ['between arguments of Chromium', ['muster', '--no-sandbox', LINK, '--original-process-start-time=1'], LINK],
  ['after the folder of an unpacked app', ['electron', '/app', '--data-dir', '/d', LINK], LINK],
  ['two links -> the first', ['muster', LINK, 'muster://other'], LINK],
  ['scheme in capitals', ['muster', 'MUSTER://lab'], 'MUSTER://lab'],
  ['another scheme', ['muster', 'https://192.168.1.20:7080/join'], null],
  ['scheme without slashes', ['muster', 'muster:join'], 'muster:join'],
  ['another scheme that begins with the same word', ['muster', 'muster2:join'], null],
  ['link inside a flag', ['muster', `--x=${LINK}`], null],
])('link in the arguments: %s', (_title, argv, link) => {
  expect(linkArgument(argv)).toBe(link);
});

test.each<[string, string[], string[]]>([
  ['no link -> all', ['muster', '--data-dir', '/d'], ['muster', '--data-dir', '/d']],
  ['link -> those before', ['muster', '--data-dir', '/d', LINK, '--config', '/evil.toml'], ['muster', '--data-dir', '/d']],
])('flags: %s', (_title, argv, before) => {
  expect(argumentsBeforeLink(argv)).toEqual(before);
});

test.each([
  ['with pin and key', LINK, LINK],
  ['without a port', `muster://lab-a/join#pin=${PIN}`, `muster://lab-a:7080/join#pin=${PIN}`],
  ['capitals and spaces around', ` MUSTER://LAB-A:7080/join `.trim(), 'muster://lab-a:7080/join'],
  ['IPv6', 'muster://[fd00::1]:7080/join', 'muster://[fd00::1]:7080/join'],
  ['unknown parts -> left out', `muster://lab/join#note=\u202e%3Cb%3E&pin=${PIN}&y=1`, `muster://lab:7080/join#pin=${PIN}`],
])('link from outside: %s -> shown', (_title, text, link) => {
  expect(parseOutsideLink(text)).toEqual(ok(link));
});

test.each([
  ['too long', `muster://lab/join#pin=${PIN}&key=${'k'.repeat(1024)}`, 'too_long'],
  ['too long by one character', `muster://lab/join#x=${'k'.repeat(1005)}`, 'too_long'],
  ['too long in its standard form', `muster://${LONG_HOST}/join#pin=${PIN}&key=${'"'.repeat(256)}`, 'too_long'],
  ['another scheme', `https://lab/join#pin=${PIN}`, 'scheme_unknown'],
  ['scheme without slashes', 'muster:join', 'not_a_join_link'],
  ['scheme with one slash', 'muster:/lab/join', 'not_a_join_link'],
  ['scheme alone', 'MUSTER:', 'not_a_join_link'],
  ['an address', '192.168.1.20:7080', 'scheme_unknown'],
  ['empty', '', 'scheme_unknown'],
  ['another path', 'muster://lab/delete', 'not_a_join_link'],
  ['a query', 'muster://lab/join?x=1', 'not_a_join_link'],
  ['no host', 'muster:///join', 'host_invalid'],
  ['user', 'muster://a@lab/join', 'host_invalid'],
  ['user and password', 'muster://a:b@lab/join', 'port_invalid'],
  ['markup as host', 'muster://<b>/join', 'host_invalid'],
  ['port', 'muster://lab:99999/join', 'port_invalid'],
  ['pin', 'muster://lab/join#pin=sha256-x', 'pin_invalid'],
  ['key with a line break', `muster://lab/join#pin=${PIN}&key=a%0Ab`, 'token_invalid'],
  ['key that is not percent-encoded', `muster://lab/join#key=%zz`, 'token_invalid'],
])('link from outside: %s -> refused', (_title, text, reason) => {
  expect(parseOutsideLink(text)).toEqual(fail(reason));
});

test('link from outside: every accepted one -> the window accepts it, and its standard form stays the same', () => {
  const hosts = fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain(), fc.constant(LONG_HOST));
  // Characters that a link may have as they are, and that the standard form encodes.
  const characters = fc.constantFrom('a', '-', '"', '<', '|', '/', '?');
  const texts = fc.string({ unit: characters, minLength: 1, maxLength: 256 });
  const keys = fc.option(
    fc.oneof(
      texts,
      fc.tuple(characters, fc.integer({ min: 1, max: 256 })).map(([one, count]) => one.repeat(count)),
    ),
  );
  let accepted = 0;
  fc.assert(
    fc.property(hosts, fc.constantFrom(null, PIN), keys, (host, pin, key) => {
      const name = host.includes(':') ? `[${host}]` : host;
      const link = parseOutsideLink(`muster://${name}/join#x=1${pin === null ? '' : `&pin=${pin}`}${key === null ? '' : `&key=${key}`}`);
      if (!link.ok) return;
      accepted += 1;
      expect(openedLinkSchema.safeParse({ id: 1, link: link.value }).success).toBe(true);
      expect(parseOutsideLink(link.value)).toEqual(link);
      expect(parsePoolAddress(link.value)).toMatchObject({ ok: true, value: { pin, token: key } });
    }),
    { numRuns: 500 },
  );
  expect(accepted).toBeGreaterThan(100);
});
