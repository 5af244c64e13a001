// The signature of the metadata of a release: Ed25519 over the name of the file and its bytes, as src/main/updates/signature.ts verifies it.
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { SetupError } from '../paths.mjs';

export const SIGNATURE_ENDING = '.sig';

/**
 * @param {import('node:crypto').KeyObject} key
 * @param {string} name
 * @param {Uint8Array} content
 * @returns {string} the text of the file beside the metadata
 */
export function signatureOf(key, name, content) {
  const bytes = Buffer.concat([Buffer.from(`muster-release-v1\n${name}\n`, 'utf8'), content]);
  return `${sign(null, bytes, key).toString('base64')}\n`;
}

/**
 * The key that signs. Rejects anything but an Ed25519 key, with the fix.
 * @param {string} file PEM, PKCS #8
 */
export function readReleaseKey(file) {
  let key;
  try {
    key = createPrivateKey(readFileSync(file));
  } catch {
    throw new SetupError(`${file} is not a private key in PEM. Make one with: npm run release -- --new-key FILE`);
  }
  if (key.asymmetricKeyType !== 'ed25519') throw new SetupError(`${file} is of type ${String(key.asymmetricKeyType)}, not ed25519.`);
  return key;
}

/** For a dry run without a key. No app accepts its signatures. */
export const temporaryKey = () => generateKeyPairSync('ed25519').privateKey;

/**
 * The public key as it belongs in build/updates.json.
 * @param {import('node:crypto').KeyObject} key private
 */
export const publicKeyText = (key) => createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64');

/**
 * Writes a new private key, never over an existing file.
 * @param {string} file
 * @returns {string} its public key
 */
export function writeNewKey(file) {
  const { privateKey } = generateKeyPairSync('ed25519');
  writeFileSync(file, privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600, flag: 'wx' });
  return publicKeyText(privateKey);
}
