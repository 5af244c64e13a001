import { describe, expect, test } from 'vitest';
import { changelogOf, releaseFaults, type ReleaseFacts } from '../../../../scripts/release/plan.mjs';

const CHANGELOG = '# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-12-01\n\n### Added\n\n- Tray.\n\n## [1.2.2]\n\n- Old.\n';
const GOOD: ReleaseFacts = {
  version: '1.2.3',
  lockVersion: '1.2.3',
  changelog: CHANGELOG,
  changes: [],
  tag: 'v1.2.3',
  updates: { feed_url: 'https://example.org/', public_key: 'KEY' },
  publicKey: 'KEY',
  isUnsigned: false,
  standIns: [],
  unknown: [],
};

describe('release', () => {
  test('everything in order -> no fault', () => {
    expect(releaseFaults(GOOD)).toEqual([]);
    expect(releaseFaults({ ...GOOD, publicKey: null, isUnsigned: true })).toEqual([]);
  });

  test.each<[string, Partial<ReleaseFacts>, RegExp]>([
    [
      'pre-release',
      { version: '1.2.3-rc.1', lockVersion: '1.2.3-rc.1', tag: 'v1.2.3-rc.1', changelog: '## [1.2.3-rc.1]\n\n- x\n' },
      /three numbers/,
    ],
    ['two versions', { lockVersion: '1.2.2' }, /package-lock\.json has version 1\.2\.2/],
    ['no entries', { changelog: '## [Unreleased]\n\n- x\n' }, /no section \[1\.2\.3\]/],
    ['empty section', { changelog: '## [1.2.3]\n\n## [1.2.2]\n\n- x\n' }, /no section \[1\.2\.3\]/],
    ['no tag', { tag: null }, /has no tag.*git tag v1\.2\.3/],
    ['another tag', { tag: 'v1.2.2' }, /the tag v1\.2\.2/],
    ['changed files', { changes: ['src/main/index.ts'] }, /1 files differ.*src\/main\/index\.ts/],
    ['no key', { publicKey: null }, /no release key/],
    ['no feed', { updates: { feed_url: null, public_key: null } }, /has no feed/],
    ['another key', { publicKey: 'OTHER' }, /another public key/],
    ['Electron of the tests', { standIns: ['a.deb'] }, /a\.deb.*not safe to publish/],
    ['a package of another origin', { unknown: ['a.deb'] }, /a\.deb.*Fix: copy the whole folder/],
  ])('%s -> one fault, with its fix', (_name, change, expected) => {
    const faults = releaseFaults({ ...GOOD, ...change });
    expect(faults).toEqual([expect.stringMatching(expected)]);
  });

  test('notes: the entries of the version alone', () => {
    expect(changelogOf(CHANGELOG, '1.2.3')).toBe('### Added\n\n- Tray.');
    expect(changelogOf(CHANGELOG, '1.2')).toBeNull();
  });
});
