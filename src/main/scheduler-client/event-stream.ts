// The connections for event streams of a scheduler: `openEventStream` for one connection, `keepEventStream` for a stream that reconnects
// and resumes (src/shared/event-stream.ts).
import type { BackoffPolicy } from '../../shared/backoff';
import { type EventConnection, EventStream } from '../../shared/event-stream';
import { type DecodeError, parseJsonObject } from '../../shared/protocol/decode';
import type { Result } from '../../shared/result';
import type { Clock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import { textOf } from '../platform/server-events';
import { causeOf } from './bounded-answer';
import type { HttpClient } from './http-client';

interface Request {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Requests the events at this path. Rejects when the connection fails, or with `AnswerRefused`. */
export function openEventStream(client: HttpClient, path: string, { headers, signal }: Request = {}): Promise<Response> {
  return client.fetch(client.url(path), {
    headers: { ...client.headers(), ...headers, accept: 'text/event-stream' },
    ...(signal === undefined ? {} : { signal }),
  });
}

const RECONNECT: BackoffPolicy = { firstMs: 250, maxMs: 5000 };

export interface KeptStream<Event> {
  readonly client: HttpClient;
  readonly path: string;
  readonly decode: (value: object) => Result<Event, DecodeError>;
  readonly onEvent: (event: Event) => void;
  readonly onConnection?: ((isConnected: boolean) => void) | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Keeps a stream open until the returned function is called. After a lost connection the server sends the events after the last id, or a
 * snapshot.
 */
export function keepEventStream<Event>({ client, path, decode, onEvent, onConnection, clock, logger }: KeptStream<Event>): () => void {
  const stream = new EventStream<Event>({
    connect: (headers) => connect(client, path, headers),
    decode: (data) => {
      const parsed = parseJsonObject(data);
      return parsed.ok ? decode(parsed.value) : parsed;
    },
    onEvent,
    onConnection: (change) => {
      if (change.state === 'open') onConnection?.(true);
      if (change.state !== 'lost') return;
      onConnection?.(false);
      logger.log('debug', 'pool_stream_lost', {
        url: client.url(path),
        cause: causeOf(change.cause),
        retry_ms: Math.round(change.retryMs),
      });
    },
    setTimer: (delayMs, callback) => clock.setTimer(delayMs, callback),
    backoff: RECONNECT,
    random: Math.random,
  });
  stream.open();
  return () => {
    stream.close();
  };
}

function connect(client: HttpClient, path: string, headers: Readonly<Record<string, string>>): EventConnection {
  const closed = new AbortController();
  const body = openEventStream(client, path, { headers, signal: closed.signal }).then((response) => {
    if (!response.ok || response.body === null) throw new Error(`HTTP ${String(response.status)}`);
    return textOf(response.body);
  });
  return {
    body,
    close: () => {
      closed.abort();
    },
  };
}
