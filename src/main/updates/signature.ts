// The signature of the metadata of a release: Ed25519 over the name of the metadata and its bytes. The name is signed too, so that the
// metadata of one system cannot be shown to another. `scripts/release/signing.mjs` makes the signatures.
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { fail, ok, type Result } from '../../shared/result';

/** A server that repeats bytes that the release key signed for another purpose is refused. */
export const signedBytes = (name: string, content: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from(`muster-release-v1\n${name}\n`, 'utf8'), content]);

export const SIGNATURE_ENDING = '.sig';

/** The key as it is in `build/updates.json`: SPKI in DER, Base64. */
export function readPublicKey(text: string): Result<KeyObject, string> {
  try {
    const key = createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ed25519' ? ok(key) : fail(`is of type ${String(key.asymmetricKeyType)}, not ed25519`);
  } catch {
    return fail('is not a public key in SPKI form');
  }
}

/** `signature`: the text of the file beside the metadata, 64 bytes in Base64. */
export function isSignedBy(key: KeyObject, name: string, content: Uint8Array, signature: string): boolean {
  const text = signature.trim();
  if (!/^[A-Za-z0-9+/]{86}==$/.test(text)) return false;
  return verify(null, signedBytes(name, content), key, Buffer.from(text, 'base64'));
}
