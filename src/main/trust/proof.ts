// The proof that a scheduler on this computer knows a secret, before a program sends the secret (ADR 0023). Both sides compute it from
// the SHA-256 hash of the secret, which is all that a scheduler stores.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import { isLoopbackAddress } from '../../shared/loopback';

const LABEL = 'muster-proof-v1';
const FINGERPRINT_LABEL = 'muster-fingerprint-v1';
const FINGERPRINT_BYTES = 16;
export const NONCE_BYTES = 32;

/** SHA-256, base64url. */
export const secretHashOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

/** Names a secret without revealing it. `hash`: base64url. */
export const fingerprintOf = (hash: string): string =>
  createHash('sha256').update(`${FINGERPRINT_LABEL}|${hash}`).digest().subarray(0, FINGERPRINT_BYTES).toString('base64url');

/** Where a connection ends. It is part of the proof, so that a program at another port or address cannot pass on the proof of a scheduler. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

export const toEndpointText = ({ address, port }: Endpoint): string => `${address.replace(/^::ffff:/i, '')}:${String(port)}`;

/** Null: the connection does not end on loopback. */
export const loopbackEndOf = ({ localAddress = '', localPort = 0 }: Socket): string | null =>
  isLoopbackAddress(localAddress) ? toEndpointText({ address: localAddress, port: localPort }) : null;

/** The nonce is base64url. So is the proof. */
export const proofOf = (hash: string, nonce: string, at: Endpoint): string =>
  createHmac('sha256', Buffer.from(hash, 'base64url'))
    .update(`${LABEL}|${nonce}|${toEndpointText(at)}`)
    .digest('base64url');

export function isSameProof(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
