// Creates the CA of a pool and the certificates of its scheduler: ECDSA with P-256. The extensions are those that strict clients
// require (Python 3.13: critical basic constraints, subject and authority key identifiers).
import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import * as x509 from '@peculiar/x509';
import { BACKDATED_MS, CA_VALIDITY_MS, SERVER_VALIDITY_MS } from './core/certificate-plan';

x509.cryptoProvider.set(crypto);

type Key = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** PEM texts. */
export interface KeyAndCertificate {
  readonly key: string;
  readonly cert: string;
}

export interface IssuedServerCertificate extends KeyAndCertificate {
  readonly names: readonly string[];
  readonly notAfterWallMs: number;
}

/** A new key for a CA. */
export async function createAuthorityKey(): Promise<string> {
  const { privateKey } = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  return privateKeyPem(privateKey);
}

/** A self-signed certificate for this key. Certificates of one key have the same pin. */
export async function createAuthority(key: string, nowWallMs: number): Promise<KeyAndCertificate> {
  const keys = await keyPairOf(key);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    // No text of people: the encoding of names drops some characters and fails on others.
    name: [{ CN: [`Muster pool ${randomBytes(4).toString('hex')}`] }],
    notBefore: new Date(nowWallMs - BACKDATED_MS),
    notAfter: new Date(nowWallMs - BACKDATED_MS + CA_VALIDITY_MS),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { key, cert: certificatePem(certificate) };
}

/** A new key and its certificate. `cert` also holds the CA, so that a client that has only the pin can check the signature. */
export async function createServerCertificate(
  authority: KeyAndCertificate,
  names: readonly string[],
  nowWallMs: number,
): Promise<IssuedServerCertificate> {
  const { privateKey: signingKey } = await keyPairOf(authority.key);
  const issuer = new x509.X509Certificate(authority.cert);
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const notAfterWallMs = Math.min(nowWallMs - BACKDATED_MS + SERVER_VALIDITY_MS, issuer.notAfter.getTime());
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: [{ CN: ['muster'] }],
    issuer: issuer.subjectName,
    notBefore: new Date(nowWallMs - BACKDATED_MS),
    notAfter: new Date(notAfterWallMs),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth], false),
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value })),
      ),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { key: await privateKeyPem(keys.privateKey), cert: `${certificatePem(certificate)}${authority.cert}`, names, notAfterWallMs };
}

/** Positive, and without a leading zero byte. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}

/** OpenSSL requires the line break at the end where certificates are joined. */
const certificatePem = (certificate: x509.X509Certificate): string => `${certificate.toString('pem')}\n`;

async function privateKeyPem(key: Key): Promise<string> {
  const base64 = Buffer.from(await crypto.subtle.exportKey('pkcs8', key)).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${base64.replaceAll(/.{1,64}/g, '$&\n')}-----END PRIVATE KEY-----\n`;
}

/** Rejects when the text is not a key of this algorithm. */
async function keyPairOf(pem: string): Promise<{ readonly privateKey: Key; readonly publicKey: Key }> {
  const der = Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
  const privateKey = await crypto.subtle.importKey('pkcs8', der, ALGORITHM, true, ['sign']);
  const { d: _private, key_ops: _uses, ...publicJwk } = await crypto.subtle.exportKey('jwk', privateKey);
  return { privateKey, publicKey: await crypto.subtle.importKey('jwk', publicJwk, ALGORITHM, true, ['verify']) };
}
