// One WebSocket to a scheduler: it sends and receives frames, measures latency with its own pings, and reports activity and the
// cause of its end. After `close` or `terminate` it reports nothing more. The session interprets the events.
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import {
  DEFAULT_MAX_MESSAGE_BYTES,
  ERROR_CODE_HEADER,
  JOIN_NONCE_HEADER,
  NODE_ID_HEADER,
  NODE_SOCKET_PATH,
  NODE_TOKEN_HEADER,
  PING_INTERVAL_MS,
} from '../../shared/protocol/limits';
import type { Clock, Timer } from '../platform/clock';
import { pinnedAgent } from '../trust/first-contact';
import { toEndpointText } from '../trust/proof';
import { errorCodeIn, OpenSocketAgent, ProofError, ProvenAgent } from '../trust/proven-agent';
import { causeOfClose, causeOfError, causeOfHttpStatus } from './core/disconnect-cause';
import { parseRetryAfterSeconds } from '../../shared/backoff';
import type { Identity } from './session/session-state';

export interface ConnectFailure {
  readonly cause: string;
  readonly httpStatus: number | null;
  readonly errorCode: string | null;
  readonly retryAfterMs: number | null;
}

export interface NodeSocketListener {
  /**
   * `peer`: address and port of the other end. `withholdsToken`: the scheduler did not prove to know the token of this node, so no message
   * may have it.
   */
  onOpened(peer: string, withholdsToken?: boolean): void;
  onFailed(failure: ConnectFailure): void;
  onText(text: string): void;
  onBinary(): void;
  /** A frame, a ping or a pong arrived. */
  onActivity(): void;
  onLatency(ms: number): void;
  readonly pingIntervalMs?: () => number;
  onClosed(code: number, cause: string, reason: string): void;
}

export interface NodeSocket {
  /** `mayWait`: the frame is written with the next one, at the latest after 20 ms. False when the socket is not open: nothing was sent. */
  send(text: string, mayWait?: boolean): boolean;
  /**
   * Sends what is queued, then closes with this code, 1000 by default. If the peer does not answer within a second, the socket is terminated.
   * Resolves when the socket is closed.
   */
  close(code?: number): Promise<void>;
  terminate(): void;
  /** Of this end. Null: not connected. */
  localAddress(): string | null;
}

/** Beyond this the peer does not read fast enough, and another message would only grow the heap. */
const MAX_BUFFERED_BYTES = DEFAULT_MAX_MESSAGE_BYTES;
/** How long a frame that may wait is kept. */
const MAX_WAIT_MS = 20;
const CLOSE_TIMEOUT_MS = 1000;
const MAX_REASON_CHARACTERS = 256;

/** What the agent shows at the upgrade. */
export interface UpgradeCredentials {
  /** The bearer: the credential of the member, the key of an invitation, or the owner key. */
  readonly secret: string | null;
  /** Beside the key of an invitation. Null: the secret is another one. */
  readonly joinNonce: string | null;
  /** Of the last registration with this scheduler, so that the scheduler lets a known node in before strangers. Null: none is stored. */
  readonly identity: Identity | null;
}

const headersOf = ({ secret, joinNonce, identity }: UpgradeCredentials): Record<string, string> => ({
  ...(secret === null ? {} : { Authorization: `Bearer ${secret}` }),
  ...(joinNonce === null ? {} : { [JOIN_NONCE_HEADER]: joinNonce }),
  ...(identity === null ? {} : { [NODE_ID_HEADER]: identity.nodeId, [NODE_TOKEN_HEADER]: identity.nodeToken }),
});

/** How the scheduler is known. Without both, its certificate must be signed by one of the CAs of this system. */
export interface Via {
  /** The CA that must have signed the certificate. */
  readonly ca?: string;
  /** A plain connection whose scheduler has proven to know what the upgrade shows. */
  readonly proven?: Socket;
}

/**
 * Opens `url` (ws:// or wss://, without the path). Never throws: an invalid URL fails with the cause `invalid_url`. A plain connection
 * carries the secret after the scheduler has proven to know it.
 */
export function openNodeSocket(
  url: string,
  credentials: UpgradeCredentials,
  clock: Clock,
  listener: NodeSocketListener,
  via: Via = {},
): NodeSocket {
  let ws: WebSocket;
  try {
    ws = new WebSocket(new URL(NODE_SOCKET_PATH, url), {
      perMessageDeflate: false,
      maxPayload: DEFAULT_MAX_MESSAGE_BYTES,
      ...agentOf(url, credentials, via),
      headers: headersOf(credentials),
    });
  } catch {
    return failedSocket('invalid_url', clock, listener);
  }
  return new ClientSocket(ws, clock, listener);
}

function agentOf(url: string, { secret }: UpgradeCredentials, { ca, proven }: Via) {
  if (ca !== undefined) return { agent: pinnedAgent(ca) };
  if (proven !== undefined) return { agent: new OpenSocketAgent(proven) };
  return secret !== null && /^ws:/i.test(url) ? { agent: new ProvenAgent({ secret }) } : {};
}

const NO_ANSWER = { httpStatus: null, errorCode: null, retryAfterMs: null } as const;

function refusalOf(status: number, retryAfter: string | undefined): ConnectFailure {
  const seconds = parseRetryAfterSeconds(retryAfter);
  return { cause: causeOfHttpStatus(status), httpStatus: status, errorCode: null, retryAfterMs: seconds === null ? null : seconds * 1000 };
}

/** A scheduler that refuses to prove its knowledge of a secret refuses the upgrade. */
export function failureOf(error: unknown): ConnectFailure {
  const refusal = error instanceof ProofError ? error.refusal : null;
  if (refusal === null) return { ...NO_ANSWER, cause: causeOfError(error) };
  return { ...refusalOf(refusal.status, refusal.retryAfter ?? undefined), errorCode: errorCodeIn(refusal) };
}

/** Fails on the next turn, as a connection would. */
export function failedSocket(cause: string, clock: Clock, listener: NodeSocketListener): NodeSocket {
  const timer = clock.setTimer(0, () => {
    listener.onFailed({ ...NO_ANSWER, cause });
  });
  const close = (): Promise<void> => {
    timer.cancel();
    return Promise.resolve();
  };
  return { send: () => false, close, terminate: () => void close(), localAddress: () => null };
}

class ClientSocket implements NodeSocket {
  readonly #ws: WebSocket;
  readonly #clock: Clock;
  readonly #listener: NodeSocketListener;
  /** Under `ws`. Null before the upgrade. */
  #stream: Socket | null = null;
  /** Frames wait in the stream until `#write`. */
  #isCorked = false;
  #isWriteDue = false;
  #lateWrite: NodeJS.Timeout | undefined;
  #isAttached = true;
  #isOpened = false;
  #lastError: Error | null = null;
  #pingTimer: Timer | null = null;
  #pingedAtMonotonicMs: number | null = null;

  constructor(ws: WebSocket, clock: Clock, listener: NodeSocketListener) {
    this.#ws = ws;
    this.#clock = clock;
    this.#listener = listener;
    ws.on('upgrade', ({ socket }) => {
      this.#stream = socket;
    });
    ws.on('open', () => {
      this.#isOpened = true;
      const { remoteAddress: address = '', remotePort: port = 0 } = this.#stream ?? {};
      listener.onOpened(toEndpointText({ address, port }));
      if (this.#isAttached) this.#ping();
    });
    ws.on('unexpected-response', (request, response) => {
      this.#onHttpAnswer(request, response);
    });
    ws.on('error', (error) => {
      this.#lastError = error;
      if (!this.#isOpened) this.#fail(failureOf(error));
    });
    ws.on('message', (data, isBinary) => {
      listener.onActivity();
      if (!this.#isAttached) return;
      if (isBinary) listener.onBinary();
      // The library delivers text as one buffer unless `binaryType` is set.
      else listener.onText((data as Buffer).toString('utf8'));
    });
    ws.on('ping', () => {
      listener.onActivity();
    });
    ws.on('pong', () => {
      this.#onPong();
    });
    ws.on('close', (code, reason) => {
      this.#onClose(code, reason);
    });
  }

  send(text: string, mayWait = false): boolean {
    if (this.#ws.readyState !== WebSocket.OPEN || this.#ws.bufferedAmount > MAX_BUFFERED_BYTES) return false;
    this.#collectFrames(mayWait);
    this.#ws.send(text);
    return true;
  }

  /** Frames of one turn of the event loop are written together. Writes are the largest cost of a short request and of many streams. */
  #collectFrames(mayWait: boolean): void {
    if (!this.#isCorked) {
      this.#isCorked = true;
      this.#stream?.cork();
    }
    if (this.#isWriteDue) return;
    if (mayWait) {
      this.#lateWrite ??= setTimeout(this.#write, MAX_WAIT_MS);
      return;
    }
    this.#isWriteDue = true;
    setImmediate(this.#write);
  }

  readonly #write = (): void => {
    clearTimeout(this.#lateWrite);
    this.#lateWrite = undefined;
    this.#isWriteDue = false;
    this.#isCorked = false;
    this.#stream?.uncork();
  };

  close(code = 1000): Promise<void> {
    this.#detach();
    return new Promise((resolve) => {
      const timeout = this.#clock.setTimer(CLOSE_TIMEOUT_MS, () => {
        this.#ws.terminate();
      });
      this.#ws.once('close', () => {
        timeout.cancel();
        resolve();
      });
      this.#ws.close(code);
    });
  }

  terminate(): void {
    this.#detach();
    this.#ws.terminate();
  }

  localAddress(): string | null {
    return this.#stream?.localAddress ?? null;
  }

  #detach(): void {
    if (!this.#isAttached) return;
    this.#isAttached = false;
    this.#pingTimer?.cancel();
    this.#ws.removeAllListeners();
    // The library throws error events without a listener. Errors of a detached socket have no meaning.
    this.#ws.on('error', () => undefined);
  }

  #ping(): void {
    this.#pingedAtMonotonicMs = this.#clock.monotonicMs();
    this.#collectFrames(false);
    this.#ws.ping();
    const delayMs = this.#listener.pingIntervalMs?.() ?? PING_INTERVAL_MS;
    this.#pingTimer = this.#clock.setTimer(delayMs, this.#ping.bind(this));
  }

  #onPong(): void {
    const pingedAtMonotonicMs = this.#pingedAtMonotonicMs;
    this.#pingedAtMonotonicMs = null;
    if (pingedAtMonotonicMs !== null) this.#listener.onLatency(Math.max(0, Math.round(this.#clock.monotonicMs() - pingedAtMonotonicMs)));
    if (this.#isAttached) this.#listener.onActivity();
  }

  /** The scheduler answered the upgrade with an HTTP status. */
  #onHttpAnswer(request: ClientRequest, response: IncomingMessage): void {
    const status = response.statusCode ?? 0;
    request.destroy();
    const code = response.headers[ERROR_CODE_HEADER.toLowerCase()];
    this.#fail({ ...refusalOf(status, response.headers['retry-after']), errorCode: typeof code === 'string' ? code : null });
  }

  #onClose(code: number, reason: Buffer): void {
    const cause = code === 1006 && this.#lastError !== null ? causeOfError(this.#lastError) : causeOfClose(code);
    if (!this.#isOpened) {
      this.#fail({ ...NO_ANSWER, cause });
      return;
    }
    this.#detach();
    this.#listener.onClosed(code, cause, reason.toString('utf8').slice(0, MAX_REASON_CHARACTERS));
  }

  #fail(failure: ConnectFailure): void {
    this.#detach();
    this.#listener.onFailed(failure);
  }
}
