// The cryptography of joining by digits with node:crypto (ADR 0022). Lengths come before contents, so that no two lists of values give
// the same bytes.
import { createHash, createHmac, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign, verify } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { JoinCrypto, Transcript } from './core/join-crypto';
import type { JoinerCrypto } from './core/joiner-machine';

const LABEL = 'muster-join-1';
const EXPORTER_LABEL = 'EXPORTER-muster-join';
const BYTES = 32;
const ENCODING = 'base64url';

const bytesOf = (text: string): Buffer => Buffer.from(text, ENCODING);

function hash(...parts: readonly Uint8Array[]): Buffer {
  const digest = createHash('sha256');
  for (const part of parts) {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(part.length);
    digest.update(length).update(part);
  }
  return digest.digest();
}

const hashOf = ({ pin, key, exporter, joinerNonce, hostNonce }: Transcript): Buffer =>
  hash(Buffer.from(LABEL), Buffer.from(pin), hash(bytesOf(key)), bytesOf(exporter), bytesOf(joinerNonce), bytesOf(hostNonce));

export const freshNonce = (): string => randomBytes(BYTES).toString(ENCODING);

/** Equal on both ends of a connection of TLS 1.3. Throws before the handshake. */
export const exporterOf = (socket: TLSSocket): string =>
  socket.exportKeyingMaterial(BYTES, EXPORTER_LABEL, Buffer.alloc(0)).toString(ENCODING);

/** Null: not a key on P-256. OpenSSL refuses a point that is not on its curve. Some of its errors have no code. */
function publicKeyOf(key: string): KeyObject | null {
  try {
    const parsed = createPublicKey({ key: bytesOf(key), format: 'der', type: 'spki' });
    return parsed.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? parsed : null;
  } catch {
    return null;
  }
}

export const joinCrypto: JoinCrypto = {
  commitmentTo: (nonce, key) => hash(bytesOf(nonce), bytesOf(key)).toString(ENCODING),
  isKey: (key) => publicKeyOf(key) !== null,
  digitsOf(transcript) {
    const nonces = Buffer.concat([bytesOf(transcript.joinerNonce), bytesOf(transcript.hostNonce)]);
    const mac = createHmac('sha256', nonces).update(hashOf(transcript)).digest();
    return String(mac.readBigUInt64BE() % 1_000_000n).padStart(6, '0');
  },
  isProof(transcript, proof) {
    const key = publicKeyOf(transcript.key);
    return key !== null && verify('sha256', hashOf(transcript), { key, dsaEncoding: 'ieee-p1363' }, bytesOf(proof));
  },
};

/** A new key for one attempt, and the cryptography with it. */
export function joinerKey(): { readonly key: string; readonly crypto: JoinerCrypto } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    key: publicKey.export({ type: 'spki', format: 'der' }).toString(ENCODING),
    crypto: {
      ...joinCrypto,
      sign: (transcript) => sign('sha256', hashOf(transcript), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString(ENCODING),
    },
  };
}
