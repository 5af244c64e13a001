// A newcomer that joins by digits: a TLS connection whose certificate a CA signed, the messages of core/joiner-machine.ts on it, and the
// person who compares. Nothing is kept and no name is sent before the certificate was checked.
import { connect, type TLSSocket } from 'node:tls';
import { isIP } from 'node:net';
import { X509Certificate } from 'node:crypto';
import { WebSocket } from 'ws';
import { reasonOfError } from '../../shared/errors';
import { fail, ok, type Result } from '../../shared/result';
import type { Clock } from '../platform/clock';
import { peerChainOf, pinOf, verifyChain } from '../trust/verify-chain';
import { JOIN_SOCKET_PATH, JOIN_TIMEOUT_MS, type JoinClaims, MAX_JOIN_BYTES, parseHostMessage } from './core/join-messages';
import { JOINER_START, type JoinerContext, type JoinerEvent, type JoinerOutcome, stepJoiner } from './core/joiner-machine';
import { exporterOf, freshNonce, joinerKey } from './join-crypto';

const CONNECT_TIMEOUT_MS = 10_000;

export interface JoinTarget {
  /** Without brackets, with a zone where the address has one. */
  readonly host: string;
  readonly port: number;
}

export interface JoinClientOptions {
  readonly claims: JoinClaims;
  readonly clock: Clock;
  /** Whether this is the pin of the pool that was announced or named. */
  readonly isExpected: (pin: string) => boolean;
  /** Asks the person whether the host shows the same digits. The signal aborts when the attempt has ended. */
  readonly isSame: (digits: string, signal: AbortSignal) => Promise<boolean>;
  /** Ends the attempt: as `failed` before the digits, else as `closed`. */
  readonly signal?: AbortSignal;
}

/** `port`: no connection. `tls`: a connection, and no TLS on it. `cause` is the code of the system or of OpenSSL. */
export interface ConnectFault {
  readonly code: 'failed';
  readonly step: 'port' | 'tls';
  readonly cause: string;
}

/** `no_ca`: the server has no CA of a pool. */
export type JoinFault = ConnectFault | { readonly code: 'no_ca' | 'not_the_pool' };

export interface JoinEnd {
  readonly pin: string;
  readonly outcome: JoinerOutcome;
}

/** Resolves when the attempt has ended. */
export async function joinByDigits(target: JoinTarget, options: JoinClientOptions): Promise<Result<JoinEnd, JoinFault>> {
  const socket = await openTls(target, options.signal);
  if (!socket.ok) return socket;
  const pin = checkedPin(socket.value);
  if (pin === null || !options.isExpected(pin)) {
    socket.value.destroy();
    return fail({ code: pin === null ? 'no_ca' : 'not_the_pool' });
  }
  return ok({ pin, outcome: await attempt(target, socket.value, pin, options) });
}

function openTls({ host, port }: JoinTarget, signal: AbortSignal | undefined): Promise<Result<TLSSocket, JoinFault>> {
  return new Promise((resolve) => {
    const aborted = (): void => {
      failed('aborted');
    };
    const socket = connect({ host, port, rejectUnauthorized: false, minVersion: 'TLSv1.3', servername: '' });
    let step: ConnectFault['step'] = 'port';
    const failed = (cause: string): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', aborted);
      socket.destroy();
      resolve(fail({ code: 'failed', step, cause }));
    };
    const timer = setTimeout(() => {
      failed('timeout');
    }, CONNECT_TIMEOUT_MS);
    socket.once('connect', () => {
      step = 'tls';
    });
    socket.on('error', (error) => {
      failed(reasonOfError(error));
    });
    socket.once('close', () => {
      failed('ECONNRESET');
    });
    socket.once('secureConnect', () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', aborted);
      resolve(ok(socket));
    });
    if (signal?.aborted === true) aborted();
    else signal?.addEventListener('abort', aborted);
  });
}

/** The pin of the CA that signed the certificate of this connection. Null: there is none. */
function checkedPin(socket: TLSSocket): string | null {
  const chain = peerChainOf(socket);
  const ca = chain[1];
  if (ca === undefined) return null;
  try {
    const pin = pinOf(new X509Certificate(ca));
    return verifyChain(pin, chain, Date.now()).ok ? pin : null;
  } catch {
    // A key or certificate of a stranger that OpenSSL does not support.
    return null;
  }
}

function attempt(target: JoinTarget, socket: TLSSocket, pin: string, options: JoinClientOptions): Promise<JoinerOutcome> {
  const { claims, clock, isSame, signal } = options;
  const { key, crypto } = joinerKey();
  const context: JoinerContext = { pin, exporter: exporterOf(socket), key, nonce: freshNonce(), claims };
  const ended = new AbortController();
  // The connection is encrypted already: the WebSocket gets its socket.
  const ws = new WebSocket(`ws://${authorityOf(target)}${JOIN_SOCKET_PATH}`, {
    createConnection: () => socket,
    perMessageDeflate: false,
    maxPayload: MAX_JOIN_BYTES,
    handshakeTimeout: CONNECT_TIMEOUT_MS,
  });
  return new Promise((resolve) => {
    let [state, bytes] = [JOINER_START, 0];
    const timer = clock.setTimer(JOIN_TIMEOUT_MS, () => {
      handle({ type: 'expired' });
    });
    const handle = (event: JoinerEvent): void => {
      const [next, effects] = stepJoiner(state, event, context, crypto);
      state = next;
      for (const effect of effects) {
        if (effect.type === 'send') ws.send(JSON.stringify(effect.message));
        else if (effect.type === 'compare') compare(effect.digits);
        else end(effect.outcome);
      }
    };
    const compare = (digits: string): void => {
      void isSame(digits, ended.signal)
        .catch(() => false)
        .then((isConfirmed) => {
          handle({ type: 'answered', isSame: isConfirmed });
        });
    };
    const cancel = (): void => {
      handle({ type: 'closed' });
    };
    signal?.addEventListener('abort', cancel);
    const end = (outcome: JoinerOutcome): void => {
      timer.cancel();
      signal?.removeEventListener('abort', cancel);
      ended.abort();
      ws.close();
      resolve(outcome);
    };
    ws.on('open', () => {
      handle({ type: 'opened' });
    });
    ws.on('message', (data, isBinary) => {
      const text = isBinary ? '' : (data as Buffer).toString('utf8');
      bytes += text.length;
      handle({ type: 'message', message: bytes > MAX_JOIN_BYTES ? null : parseHostMessage(text) });
    });
    ws.on('error', () => {
      ws.terminate();
    });
    ws.on('close', () => {
      handle({ type: 'closed' });
    });
  });
}

/** A zone is known to this computer only, so the `Host` header has none. */
function authorityOf({ host, port }: JoinTarget): string {
  const plain = host.replace(/%.*$/, '');
  return `${isIP(plain) === 6 ? `[${plain}]` : plain}:${String(port)}`;
}
