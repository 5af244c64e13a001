// The CA of the pool that this computer hosts: `ca-key.pem` (mode 0600) and `ca.pem` in the data folder. A file that cannot be used is
// an error and is never overwritten: a new CA would lock out every node.
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { chmod, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { codeOfError, reasonOfError } from '../../shared/errors';
import { fail, ok, type Result } from '../../shared/result';
import { writeFileAtomic } from '../platform/atomic-file';
import type { Logger } from '../platform/logger';
import { CA_FILE } from './ca-file';
import { isNearEnd, SERVER_VALIDITY_MS } from './core/certificate-plan';
import { createAuthority, createAuthorityKey, type KeyAndCertificate } from './certificates';

export const CA_KEY_FILE = 'ca-key.pem';

export interface TrustFileFault {
  readonly file: string;
  readonly reason: string;
}

const PRIVATE_MODE = 0o600;
const OTHERS_MASK = 0o077;

/** The CA in this folder. Creates what is missing: a certificate is replaced with the same key, and so with the same pin. */
export async function openAuthority(folder: string, nowWallMs: number, logger: Logger): Promise<Result<KeyAndCertificate, TrustFileFault>> {
  const [keyFile, certFile] = [path.join(folder, CA_KEY_FILE), path.join(folder, CA_FILE)];
  const [key, cert] = [await readIfThere(keyFile), await readIfThere(certFile)];
  if (!key.ok) return key;
  if (!cert.ok) return cert;
  if (key.value === null && cert.value !== null) return fail({ file: keyFile, reason: 'missing, although ca.pem is there' });
  if (key.value !== null) await narrow(keyFile, logger);
  const fault = key.value === null ? null : faultOf({ key: key.value, cert: cert.value });
  if (fault !== null) return fail({ file: fault === 'key' ? keyFile : certFile, reason: 'not the key and the certificate of a CA' });
  if (key.value !== null && cert.value !== null && !endsSoon(cert.value, nowWallMs)) {
    // Other computers get the certificate. The file may have more, such as the key.
    return ok({ key: key.value, cert: new X509Certificate(cert.value).toString() });
  }
  return create(folder, key.value, nowWallMs, logger);
}

async function create(
  folder: string,
  knownKey: string | null,
  nowWallMs: number,
  logger: Logger,
): Promise<Result<KeyAndCertificate, TrustFileFault>> {
  const keyFile = path.join(folder, CA_KEY_FILE);
  try {
    const key = knownKey ?? (await createAuthorityKey());
    if (knownKey === null) writeFileAtomic(keyFile, key, { onlyIfAbsent: true });
    const authority = await createAuthority(key, nowWallMs);
    writeFileAtomic(path.join(folder, CA_FILE), authority.cert);
    logger.log('info', 'pool_ca_created', { file: path.join(folder, CA_FILE), new_key: knownKey === null });
    return ok(authority);
  } catch (error) {
    return fail({ file: keyFile, reason: reasonOfError(error) });
  }
}

/** No certificate of the server outlives its CA. */
const endsSoon = (cert: string, nowWallMs: number): boolean =>
  isNearEnd(Date.parse(new X509Certificate(cert).validTo) - SERVER_VALIDITY_MS, nowWallMs);

function faultOf({ key, cert }: { readonly key: string; readonly cert: string | null }): 'key' | 'cert' | null {
  try {
    const isP256 = createPrivateKey(key).asymmetricKeyDetails?.namedCurve === 'prime256v1';
    if (!isP256) return 'key';
  } catch {
    return 'key';
  }
  try {
    const certificate = cert === null ? null : new X509Certificate(cert);
    const fits = certificate === null || (certificate.ca && certificate.publicKey.equals(createPublicKey(key)));
    return fits ? null : 'cert';
  } catch {
    return 'cert';
  }
}

async function readIfThere(file: string): Promise<Result<string | null, TrustFileFault>> {
  try {
    return ok(await readFile(file, 'utf8'));
  } catch (error) {
    return codeOfError(error) === 'ENOENT' ? ok(null) : fail({ file, reason: reasonOfError(error) });
  }
}

async function narrow(file: string, logger: Logger): Promise<void> {
  if (process.platform === 'win32') return;
  try {
    if (((await stat(file)).mode & OTHERS_MASK) === 0) return;
    await chmod(file, PRIVATE_MODE);
    logger.log('warn', 'token_file_was_readable_by_others', { role: 'ca', file });
  } catch (error) {
    logger.log('warn', 'token_file_was_readable_by_others', { role: 'ca', file, reason: reasonOfError(error) });
  }
}
