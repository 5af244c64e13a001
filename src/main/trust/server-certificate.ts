// The certificate of a scheduler that is open to the network, from the CA of the pool or from the files of the owner. It is watched:
// when the names, the files or the time require it, `onRenewed` gets the next one.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { messageOfError, reasonOfError } from '../../shared/errors';
import { fail, ok, type Result } from '../../shared/result';
import type { Clock, Timer } from '../platform/clock';
import type { Logger } from '../platform/logger';
import { openAuthority, type TrustFileFault } from './authority-store';
import { createServerCertificate, type IssuedServerCertificate, type KeyAndCertificate } from './certificates';
import { certificateNames, type NameSources, renewalReason } from './core/certificate-plan';
import { pinOf } from './verify-chain';

/** Interval of the check for changed names and files. */
const WATCH_INTERVAL_MS = 5000;

export interface ServerCertificateOptions {
  /** Where the CA of the pool is kept. */
  readonly folder: string;
  /** The certificate and the key of the owner instead. */
  readonly ownFiles: { readonly certFile: string; readonly keyFile: string } | null;
  readonly names: () => NameSources;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface ServerCertificate {
  /** Null: a certificate of the owner. Clients verify it as browsers do. */
  readonly pin: string | null;
  /** The CA of the pool, PEM. Null with a certificate of the owner. */
  readonly ca: string | null;
  /** The name for links, with a certificate of the owner. */
  readonly publicName: string | null;
  readonly current: KeyAndCertificate;
  /** Calls back with every later certificate until the returned function is called. */
  watch(onRenewed: (next: KeyAndCertificate) => void): () => void;
}

/** A certificate that replaces the current one, and why. Null: the current one stays. */
interface Renewal {
  readonly next: KeyAndCertificate;
  readonly reason: string;
}
type CheckRenewal = () => Promise<Renewal | null>;

export async function openServerCertificate(options: ServerCertificateOptions): Promise<Result<ServerCertificate, TrustFileFault>> {
  return options.ownFiles === null ? fromPoolAuthority(options) : fromOwnFiles(options, options.ownFiles);
}

async function fromPoolAuthority(options: ServerCertificateOptions): Promise<Result<ServerCertificate, TrustFileFault>> {
  const { folder, names, clock, logger } = options;
  const authority = await openAuthority(folder, clock.wallMs(), logger);
  if (!authority.ok) return authority;
  const issue = (): Promise<IssuedServerCertificate> => createServerCertificate(authority.value, certificateNames(names()), clock.wallMs());
  let issued = await issue();
  const first = issued;
  const renew: CheckRenewal = async () => {
    const reason = renewalReason(issued, certificateNames(names()), clock.wallMs());
    if (reason === null) return null;
    issued = await issue();
    return { next: issued, reason };
  };
  const { cert: ca } = authority.value;
  return ok({ pin: pinOf(ca), ca, publicName: null, current: first, watch: watcher(options, renew) });
}

async function fromOwnFiles(
  options: ServerCertificateOptions,
  files: NonNullable<ServerCertificateOptions['ownFiles']>,
): Promise<Result<ServerCertificate, TrustFileFault>> {
  const read = await readOwn(files);
  if (!read.ok) return read;
  let current = read.value;
  const renew: CheckRenewal = async () => {
    const next = await readOwn(files);
    // While a tool replaces the files, they do not fit for a moment. The next check reads them again.
    if (!next.ok || (next.value.cert === current.cert && next.value.key === current.key)) return null;
    current = next.value;
    return { next: current, reason: 'files' };
  };
  return ok({ pin: null, ca: null, publicName: nameIn(current.cert), current: read.value, watch: watcher(options, renew) });
}

async function readOwn({ certFile, keyFile }: { certFile: string; keyFile: string }): Promise<Result<KeyAndCertificate, TrustFileFault>> {
  const texts: string[] = [];
  for (const file of [certFile, keyFile]) {
    try {
      texts.push(await readFile(file, 'utf8'));
    } catch (error) {
      return fail({ file, reason: reasonOfError(error) });
    }
  }
  const [cert = '', key = ''] = texts;
  try {
    createPrivateKey(key);
  } catch {
    return fail({ file: keyFile, reason: 'not a private key in PEM without a passphrase' });
  }
  try {
    createSecureContext({ cert, key });
    new X509Certificate(cert);
  } catch (error) {
    return fail({ file: certFile, reason: messageOfError(error) });
  }
  return ok({ cert, key });
}

/** The first name that is not a wildcard. */
const nameIn = (cert: string): string | null =>
  /(?:^|, )DNS:([a-z0-9.-]+)(?:,|$)/i.exec(new X509Certificate(cert).subjectAltName ?? '')?.[1] ?? null;

const watcher =
  ({ clock, logger }: ServerCertificateOptions, renew: CheckRenewal): ServerCertificate['watch'] =>
  (onRenewed) => {
    let timer: Timer | null = null;
    let isStopped = false;
    const check = async (): Promise<void> => {
      try {
        const renewal = await renew();
        if (isStopped) return;
        if (renewal !== null) {
          onRenewed(renewal.next);
          logger.log('info', 'certificate_renewed', { reason: renewal.reason });
        }
      } catch (error) {
        logger.log('error', 'certificate_not_renewed', { reason: messageOfError(error) });
      }
      schedule();
    };
    const schedule = (): void => {
      if (!isStopped) timer = clock.setTimer(WATCH_INTERVAL_MS, () => void check());
    };
    schedule();
    return () => {
      isStopped = true;
      timer?.cancel();
    };
  };
