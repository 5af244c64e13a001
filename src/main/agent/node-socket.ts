// One WebSocket to a scheduler: frames in and out, signs of life, latency by our own pings, and how it ended.
// After `close` or `terminate` it tells nothing more. What any of it means is the session's.
import { WebSocket } from 'ws';
import { DEFAULT_MAX_MESSAGE_BYTES, NODE_SOCKET_PATH, PING_INTERVAL_MS } from '../../shared/protocol/limits';
import type { Clock, Timer } from '../platform/clock';
import { causeOfClose, causeOfError, causeOfHttpStatus } from './core/disconnect-cause';
import { parseRetryAfterSeconds } from '../../shared/backoff';

export interface NodeSocketListener {
  onOpened(): void;
  onFailed(failure: { readonly cause: string; readonly httpStatus: number | null; readonly retryAfterMs: number | null }): void;
  onText(text: string): void;
  onBinary(): void;
  /** A frame, a ping or a pong arrived. */
  onHeard(): void;
  onLatency(ms: number): void;
  onClosed(code: number, cause: string, reason: string): void;
}

export interface NodeSocket {
  /** False when the socket is not open: nothing was sent. */
  send(text: string): boolean;
  /** Sends what is queued, then closes with 1000; a peer that does not answer is cut after a second. */
  close(): void;
  terminate(): void;
}

/** What is queued beyond this is not flowing: a message more would only grow the heap. */
const MAX_BUFFERED_BYTES = DEFAULT_MAX_MESSAGE_BYTES;
const CLOSE_TIMEOUT_MS = 1000;

/** Opens `url` (ws:// or wss://, without the path). Throws nothing: a URL that is none fails with `invalid_url`. */
export function openNodeSocket(url: string, joinToken: string | null, clock: Clock, listener: NodeSocketListener): NodeSocket {
  let ws: WebSocket;
  try {
    ws = new WebSocket(new URL(NODE_SOCKET_PATH, url), {
      perMessageDeflate: false,
      maxPayload: DEFAULT_MAX_MESSAGE_BYTES,
      ...(joinToken === null ? {} : { headers: { Authorization: `Bearer ${joinToken}` } }),
    });
  } catch {
    const timer = clock.setTimer(0, () => {
      listener.onFailed({ cause: 'invalid_url', httpStatus: null, retryAfterMs: null });
    });
    return {
      send: () => false,
      close: () => {
        timer.cancel();
      },
      terminate: () => {
        timer.cancel();
      },
    };
  }

  const attached = new AbortController();
  let opened = false;
  let lastError: unknown = null;
  let pingTimer: Timer | null = null;
  let pingedAtMs: number | null = null;

  const detach = (): void => {
    attached.abort();
    pingTimer?.cancel();
  };
  const on = <Args extends unknown[]>(event: string, act: (...args: Args) => void): void => {
    ws.on(event, (...args: Args) => {
      if (!attached.signal.aborted) act(...args);
    });
  };
  const fail = (cause: string, httpStatus: number | null, retry: number | null): void => {
    detach();
    listener.onFailed({ cause, httpStatus, retryAfterMs: retry });
  };
  const ping = (): void => {
    pingedAtMs = clock.monotonicMs();
    ws.ping();
    pingTimer = clock.setTimer(PING_INTERVAL_MS, ping);
  };

  on('open', () => {
    opened = true;
    listener.onOpened();
    if (!attached.signal.aborted) ping();
  });
  on(
    'unexpected-response',
    (request: { destroy(): void }, response: { statusCode?: number; headers: Record<string, string | undefined> }) => {
      const status = response.statusCode ?? 0;
      request.destroy();
      const seconds = parseRetryAfterSeconds(response.headers['retry-after']);
      fail(causeOfHttpStatus(status), status, seconds === null ? null : seconds * 1000);
    },
  );
  on('error', (error: Error) => {
    lastError = error;
    if (!opened) fail(causeOfError(error), null, null);
  });
  on('message', (data: Buffer, isBinary: boolean) => {
    listener.onHeard();
    if (isBinary) listener.onBinary();
    else listener.onText(data.toString('utf8'));
  });
  on('ping', () => {
    listener.onHeard();
  });
  on('pong', () => {
    if (pingedAtMs !== null) listener.onLatency(Math.max(0, Math.round(clock.monotonicMs() - pingedAtMs)));
    pingedAtMs = null;
    listener.onHeard();
  });
  on('close', (code: number, reason: Buffer) => {
    detach();
    const cause = code === 1006 && lastError !== null ? causeOfError(lastError) : causeOfClose(code);
    if (opened) listener.onClosed(code, cause, reason.toString('utf8').slice(0, 256));
    else listener.onFailed({ cause, httpStatus: null, retryAfterMs: null });
  });
  // The library throws an error event that nobody listens to; a detached socket's last words are no news.
  ws.on('error', () => undefined);

  return {
    send(text) {
      if (ws.readyState !== WebSocket.OPEN || ws.bufferedAmount > MAX_BUFFERED_BYTES) return false;
      ws.send(text);
      return true;
    },
    close() {
      detach();
      ws.close(1000);
      const cut = clock.setTimer(CLOSE_TIMEOUT_MS, () => {
        ws.terminate();
      });
      ws.once('close', () => {
        cut.cancel();
      });
    },
    terminate() {
      detach();
      ws.terminate();
    },
  };
}
