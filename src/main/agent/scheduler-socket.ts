// Opens the socket to a scheduler by its address: plain on this computer, else verified by the pin of the pool. The CA is taken from the
// first contact and kept, so that OpenSSL verifies every later connection.
import { isLoopbackHost } from '../../shared/loopback';
import type { Clock } from '../platform/clock';
import { requestAuthority } from '../trust/first-contact';
import { causeOfContact } from './core/disconnect-cause';
import { failedSocket, type NodeSocket, type NodeSocketListener, openNodeSocket, type UpgradeCredentials } from './node-socket';

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
  /** The pin of the CA of the pool. Null: on this computer plain, else a certificate that this system trusts. */
  readonly pin: string | null;
}

/** Fails with `pin_missing` instead of sending a secret in plain text to another computer. */
export function openSchedulerSocket(
  { url, pin, ...credentials }: Contact,
  authorities: Authorities,
  clock: Clock,
  listener: NodeSocketListener,
): NodeSocket {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (pin === null || parsed === null) {
    const isOpenPlain = parsed !== null && parsed.protocol === 'ws:' && !isLoopbackHost(parsed.hostname);
    return isOpenPlain ? failedSocket('pin_missing', clock, listener) : openNodeSocket(url, credentials, clock, listener);
  }
  const ca = authorities.authority(url, pin);
  if (ca === null) return new FirstContactSocket(parsed, { url, credentials, pin }, authorities, clock, listener);
  return openNodeSocket(url, credentials, clock, forgetfulListener(url, authorities, listener), ca);
}

/** A CA that does not fit is forgotten: the next contact has the pin alone, and its result is the exact cause. */
const forgetfulListener = (url: string, authorities: Authorities, listener: NodeSocketListener): NodeSocketListener => ({
  ...listener,
  onFailed: (failure) => {
    if (failure.cause === 'tls') authorities.forgetAuthority(url);
    listener.onFailed(failure);
  },
});

class FirstContactSocket implements NodeSocket {
  #socket: NodeSocket | null = null;
  readonly #ended = new AbortController();

  constructor(
    { hostname, port }: URL,
    { url, credentials, pin }: { readonly url: string; readonly credentials: UpgradeCredentials; readonly pin: string },
    authorities: Authorities,
    clock: Clock,
    listener: NodeSocketListener,
  ) {
    const contact = { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? 443 : Number(port), pin };
    void requestAuthority(contact, { signal: this.#ended.signal }).then((ca) => {
      if (this.#ended.signal.aborted) return;
      if (!ca.ok) {
        listener.onFailed({ cause: causeOfContact(ca.error), httpStatus: null, errorCode: null, retryAfterMs: null });
        return;
      }
      authorities.saveAuthority(url, pin, ca.value);
      this.#socket = openNodeSocket(url, credentials, clock, listener, ca.value);
    });
  }

  send(text: string, mayWait?: boolean): boolean {
    return this.#socket?.send(text, mayWait) ?? false;
  }

  close(code?: number): void {
    this.#ended.abort();
    this.#socket?.close(code);
  }

  terminate(): void {
    this.#ended.abort();
    this.#socket?.terminate();
  }
}
