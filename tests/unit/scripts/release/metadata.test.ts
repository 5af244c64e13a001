import { describe, expect, test } from 'vitest';
import { checksumsText, PACKAGE_NAME } from '../../../../scripts/release/files.mjs';
import { checkedMetadata } from '../../../../scripts/release/metadata.mjs';
import { parseRelease } from '../../../../src/main/updates/signed-release';

const SHA = `${'A'.repeat(86)}==`;
const PACKAGES = new Map([['muster_1.2.3_amd64.deb', { sha512: SHA, size: 1000 }]]);
const written = (url: string, sha512 = SHA, version = '1.2.3'): string =>
  `version: ${version}\nfiles:\n  - url: ${url}\n    sha512: ${sha512}\n    size: 7\n    blockMapSize: 5\npath: ${url}\nreleaseDate: '2026-12-01'\n`;
const check = (text: string): string => checkedMetadata('latest-linux.yml', text, '1.2.3', PACKAGES);

describe('metadata of a release', () => {
  test('as electron-builder wrote it -> only what the app reads, with the size of the file; the app accepts it', () => {
    const text = check(written('muster_1.2.3_amd64.deb'));
    expect(text).toBe(`version: 1.2.3\nfiles:\n  - url: muster_1.2.3_amd64.deb\n    sha512: ${SHA}\n    size: 1000\n`);
    expect(parseRelease(text, 'deb')).toMatchObject({ ok: true, value: { version: '1.2.3', file: { size: 1000 } } });
  });

  test.each([
    ['another version', written('muster_1.2.3_amd64.deb', SHA, '1.2.2'), /has version 1\.2\.2, not 1\.2\.3/],
    ['a missing package', written('muster_1.2.4_amd64.deb'), /which is not in the release/],
    ['another hash', written('muster_1.2.3_amd64.deb', 'BBBB'), /has another hash/],
    ['no files', 'version: 1.2.3\n', /lists no files/],
    ['nothing', '', /has version undefined/],
  ])('%s -> no release', (_name, text, expected) => {
    expect(() => check(text)).toThrow(expected);
  });

  test('checksums: sorted, in the form of sha256sum', () => {
    expect(
      checksumsText(
        new Map([
          ['b.deb', { sha256: 'bb' }],
          ['a.deb', { sha256: 'aa' }],
        ]),
      ),
    ).toBe('aa  a.deb\nbb  b.deb\n');
  });

  test('names: packages of each system', () => {
    const files = [
      'a.deb',
      'a.rpm',
      'a.pacman',
      'a.AppImage',
      'a.tar.gz',
      'a.exe',
      'a.dmg',
      'a.zip',
      'a.blockmap',
      'a.yml',
      'a.exe.blockmap',
    ];
    expect(files.filter((name) => PACKAGE_NAME.test(name))).toEqual(files.slice(0, 8));
  });
});
