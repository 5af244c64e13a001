import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { publicKeyText, readReleaseKey, signatureOf, temporaryKey, writeNewKey } from '../../../../scripts/release/signing.mjs';
import { isSignedBy, readPublicKey } from '../../../../src/main/updates/signature';

const CONTENT = Buffer.from('version: 1.2.3\n');
const NAME = 'latest-linux.yml';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'muster-signing-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const publicKeyOf = (text: string) => {
  const key = readPublicKey(text);
  if (!key.ok) throw new Error(key.error);
  return key.value;
};

describe('signature of a release', () => {
  test('signed by the script -> the app accepts it; changed content, another name, another key or a damaged signature -> refused', () => {
    const key = temporaryKey();
    const signature = signatureOf(key, NAME, CONTENT);
    const verifies = (name: string, content: Buffer, text: string, by = key): boolean =>
      isSignedBy(publicKeyOf(publicKeyText(by)), name, content, text);
    expect(verifies(NAME, CONTENT, signature)).toBe(true);
    expect(verifies(NAME, Buffer.from('version: 1.2.4\n'), signature)).toBe(false);
    expect(verifies('latest.yml', CONTENT, signature)).toBe(false);
    expect(verifies(NAME, CONTENT, signature, temporaryKey())).toBe(false);
    for (const text of ['', 'AAAA', signature.slice(0, 40), `${signature}${signature}`, `${'A'.repeat(86)}==`, `!${signature.slice(1)}`])
      expect(verifies(NAME, CONTENT, text), text).toBe(false);
  });

  test('new key -> only its owner may read the file; never over a file; its public key fits', () => {
    const file = path.join(folder, 'release.pem');
    const text = writeNewKey(file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(() => writeNewKey(file)).toThrow(/EEXIST/);
    expect(publicKeyText(readReleaseKey(file))).toBe(text);
  });

  test('file that is no Ed25519 key -> refused with the file', () => {
    const [text, rsa] = [path.join(folder, 'text.pem'), path.join(folder, 'rsa.pem')];
    writeFileSync(text, 'secret');
    writeFileSync(rsa, generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'pem', type: 'pkcs8' }));
    expect(() => readReleaseKey(text)).toThrow(/text\.pem is not a private key/);
    expect(() => readReleaseKey(rsa)).toThrow(/rsa\.pem is of type rsa/);
    expect(() => readReleaseKey(path.join(folder, 'missing.pem'))).toThrow(/missing\.pem is not a private key/);
  });

  test('public key of the build: not one, or of another type -> refused', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
    expect(readPublicKey(rsa)).toEqual({ ok: false, error: 'is of type rsa, not ed25519' });
    expect(readPublicKey('AAAA')).toEqual({ ok: false, error: 'is not a public key in SPKI form' });
  });
});
