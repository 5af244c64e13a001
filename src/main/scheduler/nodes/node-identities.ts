// The owner of each node id: which ids are taken, and the hash of each owner's token. Tokens are not stored.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { fingerprintOf } from '../../trust/proof';
import type { StoredIdentity } from './core/stored-node-schema';

const TOKEN_BYTES = 32;

export interface NewIdentity extends StoredIdentity {
  readonly nodeId: string;
  /** Only for the node: never stored, never logged. */
  readonly token: string;
}

export class NodeIdentities {
  /** Node id -> SHA-256 of its token, base64. Includes nodes whose registration is not durable yet. */
  readonly #hashes = new Map<string, string>();
  /** Fingerprint of a token -> its SHA-256, base64url. */
  readonly #byFingerprint = new Map<string, string>();

  get size(): number {
    return this.#hashes.size;
  }

  restore(nodeId: string, identity: StoredIdentity): void {
    this.#set(nodeId, identity.tokenHash);
  }

  isTaken(nodeId: string): boolean {
    return this.#hashes.has(nodeId);
  }

  /** Whether the token proves that its sender owns this node id. */
  isProvenBy(nodeId: string, token: string): boolean {
    const expected = this.#hashes.get(nodeId);
    return expected !== undefined && timingSafeEqual(Buffer.from(expected, 'base64'), digest(token));
  }

  /** Takes the suggested id, which must be free, or generates an id. */
  issue(suggestedId: string | null, nowWallMs: number): NewIdentity {
    const nodeId = suggestedId ?? this.#freeId();
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const tokenHash = digest(token).toString('base64');
    this.#set(nodeId, tokenHash);
    return { nodeId, token, tokenHash, createdAtWallMs: nowWallMs };
  }

  forget(nodeId: string): void {
    const tokenHash = this.#hashes.get(nodeId);
    if (tokenHash === undefined) return;
    this.#hashes.delete(nodeId);
    this.#byFingerprint.delete(fingerprintOf(toBase64Url(tokenHash)));
  }

  /** The hash, base64url, of the token with this fingerprint (ADR 0023). Null: no node has such a token. */
  hashOf(fingerprint: string): string | null {
    return this.#byFingerprint.get(fingerprint) ?? null;
  }

  #set(nodeId: string, tokenHash: string): void {
    this.forget(nodeId);
    this.#hashes.set(nodeId, tokenHash);
    const hash = toBase64Url(tokenHash);
    this.#byFingerprint.set(fingerprintOf(hash), hash);
  }

  #freeId(): string {
    for (;;) {
      const nodeId = `node-${randomBytes(4).toString('hex').toUpperCase()}`;
      if (!this.#hashes.has(nodeId)) return nodeId;
    }
  }
}

const toBase64Url = (base64: string): string => Buffer.from(base64, 'base64').toString('base64url');

const digest = (token: string): Buffer => createHash('sha256').update(token).digest();
