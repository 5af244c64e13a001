// The cryptography that both machines use, as a parameter: pure code has no access to node:crypto. All values are base64url.

/** The values that the digits depend on. All are fixed before either side sees the nonce of the other. */
export interface Transcript {
  /** The pin of the CA of the pool. */
  readonly pin: string;
  /** The key of the joiner (SPKI, DER). */
  readonly key: string;
  /** Keying material of this TLS connection. A relay has two connections, so two values. */
  readonly exporter: string;
  readonly joinerNonce: string;
  readonly hostNonce: string;
}

export interface JoinCrypto {
  commitmentTo(nonce: string, key: string): string;
  /** Whether this is a public key on the curve P-256. */
  isKey(key: string): boolean;
  /** Six digits. */
  digitsOf(transcript: Transcript): string;
  /** Whether the owner of the key signed the transcript. */
  isProof(transcript: Transcript, proof: string): boolean;
}
