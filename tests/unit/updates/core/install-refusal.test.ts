import { describe, expect, test } from 'vitest';
import { EXIT } from '../../../../src/main/cli/exit-code';
import {
  acceptRelease,
  INSTALL_REFUSALS,
  type InstallRefusal,
  refusalIn,
  refusalLine,
  startRefusal,
} from '../../../../src/main/updates/core/install-refusal';
import type { Release } from '../../../../src/main/updates/core/release';
import { fail, ok } from '../../../../src/shared/result';

const release = (version: string): Release => ({ version, file: { url: 'muster.deb', sha512: '', size: 100 } });

test('codes: none of dpkg, pkexec, a signal or the command line, each once', () => {
  const codes = Object.values(INSTALL_REFUSALS);
  expect(new Set(codes).size).toBe(codes.length);
  const others = new Set<number>([...Object.values(EXIT), 0, 1, 2, 126, 127]);
  expect(codes.filter((code) => others.has(code) || code >= 126)).toEqual([]);
});

test.each<[boolean, string | null, InstallRefusal['kind'] | undefined]>([
  [true, 'KEY', undefined],
  [true, null, 'no_key'],
  [false, 'KEY', 'not_root'],
  [false, null, 'not_root'],
])('start: root %s, key %s -> %s', (isRoot, key, kind) => {
  expect(startRefusal(isRoot, key)?.kind).toBe(kind);
});

describe('release', () => {
  test.each<[string, Parameters<typeof acceptRelease>[0], string]>([
    ['newer, signed size', { release: ok(release('1.0.1')), ownVersion: '1.0.0', packageBytes: 100 }, 'accepted'],
    [
      'unsigned',
      { release: fail({ fault: 'unsigned', reason: 'the signature is not valid' }), ownVersion: '1.0.0', packageBytes: 100 },
      'unsigned: The metadata is refused: the signature is not valid.',
    ],
    [
      'signed, but no release',
      { release: fail({ fault: 'invalid', reason: 'files: x' }), ownVersion: '1.0.0', packageBytes: 100 },
      'invalid: The metadata is refused: files: x.',
    ],
    [
      'no deb',
      { release: fail({ fault: 'no_package', reason: 'no file ends with .deb' }), ownVersion: '1.0.0', packageBytes: 100 },
      'invalid: The metadata is refused: no file ends with .deb.',
    ],
    [
      'same version',
      { release: ok(release('1.0.0')), ownVersion: '1.0.0', packageBytes: 100 },
      'not_newer: Version 1.0.0 is not newer than the installed version 1.0.0.',
    ],
    [
      'older version',
      { release: ok(release('0.9.9')), ownVersion: '1.0.0', packageBytes: 100 },
      'not_newer: Version 0.9.9 is not newer than the installed version 1.0.0.',
    ],
    [
      'shorter package',
      { release: ok(release('1.0.1')), ownVersion: '1.0.0', packageBytes: 99 },
      'changed: The package has 99 bytes; the signed size is 100.',
    ],
    [
      'longer package',
      { release: ok(release('1.0.1')), ownVersion: '1.0.0', packageBytes: 101 },
      'changed: The package has 101 bytes; the signed size is 100.',
    ],
  ])('%s', (_name, given, expected) => {
    const accepted = acceptRelease(given);
    expect(accepted.ok ? 'accepted' : `${accepted.error.kind}: ${accepted.error.reason}`).toBe(expected);
  });
});

test('sentence of a refusal -> found by the app among other lines, only with a code of a refusal', () => {
  const line = refusalLine({ kind: 'changed', reason: 'The package is not the signed one.' });
  expect(refusalIn(INSTALL_REFUSALS.changed, `warning\n${line}`)).toBe('The package is not the signed one.');
  expect(refusalIn(1, line)).toBeNull();
  expect(refusalIn(null, line)).toBeNull();
  expect(refusalIn(INSTALL_REFUSALS.changed, 'warning\n')).toBeNull();
});
