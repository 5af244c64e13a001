import { describe, expect, test } from 'vitest';
import { metadataName, type UpdateFormat } from '../../../src/main/updates/core/release';
import { parseRelease } from '../../../src/main/updates/signed-release';

const SHA = `${'A'.repeat(86)}==`;
const file = (url: string, rest = `    sha512: ${SHA}\n    size: 1000\n`): string => `  - url: ${url}\n${rest}`;
const metadata = (files: string, version = '1.2.3'): string => `version: ${version}\nfiles:\n${files}releaseDate: '2026-11-30'\n`;
const GOOD = metadata(file('muster_1.2.3_amd64.deb') + file('Muster-1.2.3.AppImage') + file('muster-1.2.3.x86_64.rpm'));

const faultOf = (text: string, format: UpdateFormat = 'deb') => {
  const release = parseRelease(text, format);
  return release.ok ? release.value : `${release.error.fault}: ${release.error.reason}`;
};

describe('metadata of a release', () => {
  test.each([
    ['deb', 'muster_1.2.3_amd64.deb'],
    ['appimage', 'Muster-1.2.3.AppImage'],
  ] as const)('%s -> the file of this format', (format, url) => {
    expect(faultOf(GOOD, format)).toEqual({ version: '1.2.3', file: { url, sha512: SHA, size: 1000 } });
  });

  test('without a file of this format -> no_package', () => {
    expect(faultOf(GOOD, 'nsis')).toBe('no_package: no file ends with .exe');
  });

  test.each([
    ['two files of the format', metadata(file('a.deb') + file('b.deb')), /^invalid: 2 files end with \.deb$/],
    ['a path', metadata(file('../a.deb')), /^invalid: files\.0\.url: is not a plain file name$/],
    ['a folder', metadata(file('sub/a.deb')), /^invalid: files\.0\.url/],
    ['an address', metadata(file('https://evil.example/a.deb')), /^invalid: files\.0\.url/],
    ['a hidden file', metadata(file('.a.deb')), /^invalid: files\.0\.url/],
    ['a long name', metadata(file(`${'a'.repeat(300)}.deb`)), /^invalid: files\.0\.url/],
    ['a short hash', metadata(file('a.deb', '    sha512: AAAA\n    size: 1\n')), /^invalid: files\.0\.sha512/],
    ['no size', metadata(file('a.deb', `    sha512: ${SHA}\n`)), /^invalid: files\.0\.size/],
    ['a size of zero', metadata(file('a.deb', `    sha512: ${SHA}\n    size: 0\n`)), /^invalid: files\.0\.size/],
    ['an enormous size', metadata(file('a.deb', `    sha512: ${SHA}\n    size: 99999999999\n`)), /^invalid: files\.0\.size/],
    ['a pre-release', metadata(file('a.deb'), '1.2.3-rc.1'), /^invalid: version: is not a version$/],
    ['no files', metadata('  []\n'), /^invalid: /],
    ['too many files', metadata(Array.from({ length: 40 }, (_, index) => file(`a${String(index)}.rpm`)).join('')), /^invalid: files/],
    ['no YAML', 'version: [', /^invalid: /],
    ['a page', '<!doctype html><title>Not found</title>', /^invalid: /],
    ['nothing', '', /^invalid: /],
    ['a tag of JavaScript', 'version: !!js/function "function () {}"', /^invalid: /],
  ])('%s -> refused with the field', (_name, text, expected) => {
    expect(faultOf(text)).toMatch(expected);
  });

  test('names: those of electron-builder', () => {
    const names = [metadataName('deb', 'x64'), metadataName('appimage', 'arm64'), metadataName('nsis', 'x64')];
    expect(names).toEqual(['latest-linux.yml', 'latest-linux-arm64.yml', 'latest.yml']);
  });
});
