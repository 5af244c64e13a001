// Opens the socket to a scheduler by its address: plain on this computer, else verified by the pin of the pool. The CA is taken from the
// first contact and kept, so that OpenSSL verifies every later connection.
import { endpointOf, isLoopbackHost } from '../../shared/loopback';
import type { Clock } from '../platform/clock';
import { requestAuthority } from '../trust/first-contact';
import { openProvenSocket, ProofError } from '../trust/proven-agent';
import { causeOfContact } from './core/disconnect-cause';
import { failedSocket, failureOf, type NodeSocket, type NodeSocketListener, openNodeSocket, type UpgradeCredentials } from './node-socket';
import type { Identity } from './session/session-state';

/** The CAs of the pools that this node joined. */
export interface Authorities {
  /** PEM. Null: no contact with this pin yet. */
  authority(url: string, pin: string): string | null;
  saveAuthority(url: string, pin: string, ca: string): void;
  forgetAuthority(url: string): void;
}

/** A scheduler, and what this node shows there. */
export interface Contact extends UpgradeCredentials {
  readonly url: string;
  /** The first address of the pool: its CA is kept for it, and is the same at every address. */
  readonly poolUrl: string;
  /** The pin of the CA of the pool. Null: on this computer plain, else a certificate that this system trusts. */
  readonly pin: string | null;
}

/** Fails with `pin_missing` instead of sending a secret in plain text to another computer. */
export function openSchedulerSocket(
  { url, poolUrl, pin, ...credentials }: Contact,
  authorities: Authorities,
  clock: Clock,
  listener: NodeSocketListener,
): NodeSocket {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null) return openNodeSocket(url, credentials, clock, listener);
  const opening: Opening = { url: parsed, credentials, clock, listener };
  if (pin === null) return openWithoutPin(opening);
  const ca = authorities.authority(poolUrl, pin);
  if (ca === null) return new LaterSocket((signal) => afterFirstContact(opening, { url, poolUrl, pin, authorities }, signal));
  return openNodeSocket(url, credentials, clock, forgetfulListener(poolUrl, authorities, listener), { ca });
}

interface Opening {
  readonly url: URL;
  readonly credentials: UpgradeCredentials;
  readonly clock: Clock;
  readonly listener: NodeSocketListener;
}

function openWithoutPin(opening: Opening): NodeSocket {
  const { url, credentials, clock, listener } = opening;
  const isPlain = url.protocol === 'ws:';
  if (isPlain && !isLoopbackHost(url.hostname)) return failedSocket('pin_missing', clock, listener);
  const { secret, identity } = credentials;
  // A scheduler that proves the secret has proven itself for the token too.
  if (!isPlain || secret !== null || identity === null || identity.provesToken === false)
    return openNodeSocket(url.href, credentials, clock, listener);
  return new LaterSocket((signal) => afterTokenProof(opening, identity, signal));
}

/** A CA that does not fit is forgotten: the next contact has the pin alone, and its result is the exact cause. */
const forgetfulListener = (poolUrl: string, authorities: Authorities, listener: NodeSocketListener): NodeSocketListener => ({
  ...listener,
  onFailed: (failure) => {
    if (failure.cause === 'tls') authorities.forgetAuthority(poolUrl);
    listener.onFailed(failure);
  },
});

/** What follows an exchange with the scheduler: opens the socket, or reports the failure. Null: the failure was reported. */
type Continuation = () => NodeSocket | null;

interface Pinned {
  readonly url: string;
  readonly poolUrl: string;
  readonly pin: string;
  readonly authorities: Authorities;
}

async function afterFirstContact(opening: Opening, { url, poolUrl, pin, authorities }: Pinned, signal: AbortSignal): Promise<Continuation> {
  const { credentials, clock, listener } = opening;
  const contact = { ...endpointOf(opening.url), pin };
  const ca = await requestAuthority(contact, { signal });
  return () => {
    if (!ca.ok) {
      listener.onFailed({ cause: causeOfContact(ca.error), httpStatus: null, errorCode: null, retryAfterMs: null });
      return null;
    }
    authorities.saveAuthority(poolUrl, pin, ca.value);
    return openNodeSocket(url, credentials, clock, listener, { ca: ca.value });
  };
}

/**
 * The token of a node without another secret goes to a scheduler that has proven to know the token (ADR 0023). A scheduler that does not
 * know the token gets the registration without the token.
 */
async function afterTokenProof(
  { url, credentials, clock, listener }: Opening,
  identity: Identity,
  signal: AbortSignal,
): Promise<Continuation> {
  try {
    const proven = await openProvenSocket(endpointOf(url), { secret: identity.nodeToken });
    if (signal.aborted) proven.destroy();
    return () => openNodeSocket(url.href, credentials, clock, listener, { proven });
  } catch (error) {
    return () => {
      if (!mayRegisterWithoutToken(error, identity)) {
        listener.onFailed(failureOf(error));
        return null;
      }
      const withholding: NodeSocketListener = {
        ...listener,
        onOpened: (peer) => {
          listener.onOpened(peer, true);
        },
      };
      return openNodeSocket(url.href, { ...credentials, identity: null }, clock, withholding);
    };
  }
}

/** The scheduler may have lost its data. One of an earlier version, or of another maker, cannot prove; then the issuer is unknown. */
function mayRegisterWithoutToken(error: unknown, { provesToken }: Identity): boolean {
  if (!(error instanceof ProofError)) return false;
  return error.refusal === null ? provesToken === undefined : UNKNOWN_SECRET.includes(error.refusal.status);
}

/** Of the answer to a fingerprint that the scheduler does not know: `UNAUTHORIZED`, or `TOO_MANY_ATTEMPTS` after many such answers. */
const UNKNOWN_SECRET: readonly number[] = [401, 429];

/** A socket that opens after an exchange with the scheduler. */
class LaterSocket implements NodeSocket {
  #socket: NodeSocket | null = null;
  readonly #ended = new AbortController();

  constructor(exchange: (signal: AbortSignal) => Promise<Continuation>) {
    void exchange(this.#ended.signal).then((next) => {
      if (!this.#ended.signal.aborted) this.#socket = next();
    });
  }

  send(text: string, mayWait?: boolean): boolean {
    return this.#socket?.send(text, mayWait) ?? false;
  }

  localAddress(): string | null {
    return this.#socket?.localAddress() ?? null;
  }

  async close(code?: number): Promise<void> {
    this.#ended.abort();
    await this.#socket?.close(code);
  }

  terminate(): void {
    this.#ended.abort();
    this.#socket?.terminate();
  }
}
