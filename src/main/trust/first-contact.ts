// The first contact with a pool of which only the pin is known: a TLS connection that sends nothing. It checks the certificate by hand
// and takes the CA from the handshake. Requests then verify against this CA. Neither https.request nor a WebSocket can do this check,
// because they send their headers first.
import { Agent } from 'node:https';
import { connect, type SecureContextOptions } from 'node:tls';
import { reasonOfError } from '../../shared/errors';
import { fail, ok, type Result } from '../../shared/result';
import { type ChainFault, peerChainOf, verifyChain } from './verify-chain';

export interface Contact {
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
  readonly pin: string;
}

/** `failed`: no TLS connection. `cause` is the code of the system or of OpenSSL, such as ECONNREFUSED. */
export type ContactFault = { readonly code: ChainFault | 'timeout' } | { readonly code: 'failed'; readonly cause: string };

export interface ContactOptions {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** The certificate of the CA as PEM, when the server proves to be the pool with this pin. */
export function requestAuthority(
  { host, port, pin }: Contact,
  { timeoutMs = 10_000, signal }: ContactOptions = {},
): Promise<Result<string, ContactFault>> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, rejectUnauthorized: false, minVersion: 'TLSv1.3', servername: '' });
    const end = (outcome: Result<string, ContactFault>): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      socket.destroy();
      resolve(outcome);
    };
    const timer = setTimeout(() => {
      end(fail({ code: 'timeout' }));
    }, timeoutMs);
    const abort = (): void => {
      end(fail({ code: 'failed', cause: 'aborted' }));
    };
    signal?.addEventListener('abort', abort);
    socket.once('secureConnect', () => {
      const checked = verifyChain(pin, peerChainOf(socket), Date.now());
      end(checked.ok ? ok(checked.value) : fail({ code: checked.error }));
    });
    socket.on('error', (error) => {
      end(fail({ code: 'failed', cause: reasonOfError(error) }));
    });
    socket.once('close', () => {
      end(fail({ code: 'failed', cause: 'ECONNRESET' }));
    });
  });
}

/**
 * Options for tls, https and ws: the server must have a certificate of this CA. Its names are not checked, because the CA signs nothing
 * but the certificates of this pool, and the addresses of a pool change.
 */
export const pinnedTls = (ca: string): SecureContextOptions & { readonly checkServerIdentity: () => undefined } => ({
  ca: [ca],
  minVersion: 'TLSv1.3',
  checkServerIdentity: () => undefined,
});

/** For https and ws. A resumed session would keep the verdict of an earlier verification, so no session is kept. */
export const pinnedAgent = (ca: string): Agent => new Agent({ ...pinnedTls(ca), maxCachedSessions: 0, keepAlive: true });
