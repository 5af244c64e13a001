// The pin of a pool, and the check that the CA with this pin signed the certificate of a server.
import { createHash, X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { fail, ok, type Result } from '../../shared/result';

/** `sha256-` and the base64url SHA-256 of the public key (SPKI) of the CA. Throws when the text is not a certificate. */
export function pinOf(ca: X509Certificate | string): string {
  const certificate = typeof ca === 'string' ? new X509Certificate(ca) : ca;
  const spki = certificate.publicKey.export({ type: 'spki', format: 'der' });
  return `sha256-${createHash('sha256').update(spki).digest('base64url')}`;
}

/** SHA-256 of the certificate itself, as browsers show it: `AB:CD:...`. Throws when the text is not a certificate. */
export const caFingerprintOf = (ca: string): string => new X509Certificate(ca).fingerprint256;

/** `not_the_pool`: another CA, or a certificate that the CA did not sign. `not_valid_now`: expired, or this computer's clock is wrong. */
export type ChainFault = 'not_the_pool' | 'not_valid_now';

/**
 * `peerChain`: the certificate of the server, then the CA that it sent along, both DER. The result is the CA as PEM. A pin somewhere in
 * the chain proves nothing: anyone can send along the CA of another pool. So the signature is checked.
 */
export function verifyChain(pin: string, peerChain: readonly Uint8Array[], nowWallMs: number): Result<string, ChainFault> {
  try {
    return verdictOn(pin, peerChain, nowWallMs);
  } catch {
    // A certificate or key of a stranger that OpenSSL does not read.
    return fail('not_the_pool');
  }
}

function verdictOn(pin: string, peerChain: readonly Uint8Array[], nowWallMs: number): Result<string, ChainFault> {
  const [leaf, ca] = peerChain.slice(0, 2).map((der) => new X509Certificate(der));
  if (leaf === undefined || ca === undefined || pinOf(ca) !== pin || !ca.ca || leaf.ca) return fail('not_the_pool');
  if (!leaf.checkIssued(ca) || !leaf.verify(ca.publicKey)) return fail('not_the_pool');
  return isValidAt(leaf, nowWallMs) && isValidAt(ca, nowWallMs) ? ok(ca.toString()) : fail('not_valid_now');
}

const isValidAt = (certificate: X509Certificate, wallMs: number): boolean =>
  Date.parse(certificate.validFrom) <= wallMs && wallMs <= Date.parse(certificate.validTo);

/** The certificates of the peer for `verifyChain`. Empty on a resumed session, which has none: it would keep an old verdict. */
export function peerChainOf(socket: TLSSocket): readonly Uint8Array[] {
  if (socket.isSessionReused()) return [];
  // Not getPeerX509Certificate: on a client it works once per socket (nodejs/node#65579). The types promise a certificate, but a peer
  // without one has an empty object.
  const leaf: Partial<ReturnType<TLSSocket['getPeerCertificate']>> & { readonly issuerCertificate?: { readonly raw?: Uint8Array } } =
    socket.getPeerCertificate(true);
  return [leaf.raw, leaf.issuerCertificate?.raw].filter((raw) => raw !== undefined);
}
