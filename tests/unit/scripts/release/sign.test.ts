// The step that has the release key: signs exactly the files of one release, and loads no dependency.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { projectRoot } from '../../../../scripts/paths.mjs';
import { signRelease } from '../../../../scripts/release/sign.mjs';
import { publicKeyText, temporaryKey } from '../../../../scripts/release/signing.mjs';
import { isSignedBy, readPublicKey } from '../../../../src/main/updates/signature';

const DEB = 'muster_1.2.3_amd64.deb';
const KEY = temporaryKey();
const FACTS = { version: '1.2.3', publicKey: publicKeyText(KEY), keyText: KEY.export({ format: 'pem', type: 'pkcs8' }).toString() };
const SIGNED = ['SHA256SUMS', 'latest-linux.yml'];

let folder = '';
const write = (name: string, content: string): void => {
  writeFileSync(path.join(folder, name), content);
};
const read = (name: string): string => readFileSync(path.join(folder, name), 'utf8');
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'muster-sign-'));
  write(DEB, 'deb');
  write('muster-1.2.3.cdx.json', '{}');
  write('latest-linux.yml', 'version: 1.2.3\n');
  write('NOTES.md', '- Tray.\n');
  const hash = (content: string): string => createHash('sha256').update(content).digest('hex');
  write('SHA256SUMS', `${hash('{}')}  muster-1.2.3.cdx.json\n${hash('deb')}  ${DEB}\n`);
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const signatures = (): string[] => readdirSync(folder).filter((name) => name.endsWith('.sig'));

describe('signing a release', () => {
  test('files of a release -> checksums and metadata signed as the app verifies them', () => {
    expect(signRelease(folder, FACTS)).toEqual(SIGNED.map((name) => `${name}.sig`));
    const key = readPublicKey(FACTS.publicKey);
    if (!key.ok) throw new Error(key.error);
    for (const name of SIGNED) expect(isSignedBy(key.value, name, Buffer.from(read(name)), read(`${name}.sig`)), name).toBe(true);
    expect(signatures()).toHaveLength(2);
  });

  test.each<[string, () => void, RegExp]>([
    [
      'package of another version',
      () => write('muster_1.2.2_amd64.deb', 'old'),
      /muster_1\.2\.2_amd64\.deb: not a file of the release 1\.2\.3/,
    ],
    ['unknown file', () => write('latest-evil.yml', 'x'), /latest-evil\.yml: not a file/],
    ['signature of before', () => write('SHA256SUMS.sig', 'x'), /SHA256SUMS\.sig: not a file/],
    ['link instead of a package', () => symlinkSync('/etc/passwd', path.join(folder, 'muster-1.2.3.pacman')), /pacman: not a file/],
    ['package that the checksums do not name', () => write('muster-1.2.3.tar.gz', 'x'), /SHA256SUMS is not that of the files/],
    ['package that was changed', () => write(DEB, 'other'), /SHA256SUMS is not that of the files/],
  ])('%s -> nothing is signed', (_title, change, expected) => {
    change();
    const before = signatures();
    expect(() => signRelease(folder, FACTS)).toThrow(expected);
    expect(signatures()).toEqual(before);
  });

  test.each([
    ['no key', '', /MUSTER_RELEASE_KEY is not a private Ed25519 key/],
    ['another key', temporaryKey().export({ format: 'pem', type: 'pkcs8' }).toString(), /another public key/],
  ])('%s -> nothing is signed', (_title, keyText, expected) => {
    expect(() => signRelease(folder, { ...FACTS, keyText })).toThrow(expected);
    expect(signatures()).toEqual([]);
  });
});

describe('program', () => {
  const script = path.join(projectRoot, 'scripts/release/sign.mjs');

  test('fault -> one line without the key, exit code 1', () => {
    const env = { PATH: process.env['PATH'] ?? '', MUSTER_RELEASE_KEY: 'secret' };
    const { status, stderr } = spawnSync(process.execPath, [script, path.join(folder, 'missing')], { env, encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^\[muster\] ENOENT.*\n$/);
    expect(stderr).not.toContain('secret');
  });

  test('imports: Node.js and own files only, so no dependency runs beside the key', () => {
    const seen = new Set<string>();
    const follow = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(/(?:\bfrom |\bimport\(?)['"]([^'"]+)['"]/g)) {
        if (name.startsWith('.')) follow(path.resolve(path.dirname(file), name));
        else expect(name, file).toMatch(/^node:/);
      }
    };
    follow(script);
    expect([...seen].map((file) => path.basename(file)).toSorted()).toEqual(['paths.mjs', 'release-names.mjs', 'sign.mjs', 'signing.mjs']);
  });
});
