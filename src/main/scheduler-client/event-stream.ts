// Reads event streams of a scheduler: one connection (`openEventStream`), or a stream that reconnects and resumes (`EventStream`). The
// decisions are in src/shared/event-stream-state.ts.
import type { BackoffPolicy } from '../../shared/backoff';
import {
  afterEvent,
  afterInvalidEvent,
  afterLoss,
  type EventStreamState,
  NEW_STREAM,
  resumeHeaders,
} from '../../shared/event-stream-state';
import { type DecodeError, parseJsonObject } from '../../shared/protocol/decode';
import type { Result } from '../../shared/result';
import type { Clock, Timer } from '../platform/clock';
import type { Logger } from '../platform/logger';
import { serverEvents } from '../platform/server-events';
import { causeOf, type HttpClient } from './http-client';

/** Requests the events at this path. Rejects when the connection fails. */
export function openEventStream(
  client: HttpClient,
  path: string,
  { headers, signal }: { readonly headers?: Readonly<Record<string, string>>; readonly signal?: AbortSignal } = {},
): Promise<Response> {
  return fetch(client.url(path), {
    headers: { ...client.headers(), ...headers, accept: 'text/event-stream' },
    redirect: 'error',
    ...(signal === undefined ? {} : { signal }),
  });
}

const RECONNECT: BackoffPolicy = { firstMs: 250, maxMs: 5000 };

export interface EventStreamOptions<Event> {
  readonly client: HttpClient;
  readonly path: string;
  readonly decode: (value: object) => Result<Event, DecodeError>;
  readonly onEvent: (event: Event) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Keeps a stream open until `close`. After a lost connection the server sends the events after the last id, or a snapshot. */
export class EventStream<Event> {
  readonly #options: EventStreamOptions<Event>;
  readonly #closed = new AbortController();
  #state: EventStreamState = NEW_STREAM;
  #timer: Timer | null = null;

  constructor(options: EventStreamOptions<Event>) {
    this.#options = options;
    void this.#run();
  }

  close(): void {
    this.#closed.abort();
    this.#timer?.cancel();
  }

  async #run(): Promise<void> {
    const { client, path, clock, logger } = this.#options;
    let cause = 'ended';
    try {
      await this.#read();
    } catch (error) {
      cause = causeOf(error);
    }
    if (this.#closed.signal.aborted) return;
    const [state, delayMs] = afterLoss(this.#state, RECONNECT);
    this.#state = state;
    logger.log('debug', 'pool_stream_lost', { url: client.url(path), cause, retry_ms: delayMs });
    this.#timer = clock.setTimer(delayMs, () => void this.#run());
  }

  async #read(): Promise<void> {
    const { client, path } = this.#options;
    const response = await openEventStream(client, path, { headers: resumeHeaders(this.#state), signal: this.#closed.signal });
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      throw new Error(`HTTP ${String(response.status)}`);
    }
    for await (const { id, data } of serverEvents(response.body)) this.#take(id, data);
  }

  #take(id: string | null, data: string): void {
    if (this.#closed.signal.aborted) return;
    const parsed = parseJsonObject(data);
    const event = parsed.ok ? this.#options.decode(parsed.value) : parsed;
    if (!event.ok) {
      this.#state = afterInvalidEvent(this.#state);
      throw new Error(`invalid event: ${event.error.field} ${event.error.reason}`);
    }
    this.#state = afterEvent(this.#state, id);
    this.#options.onEvent(event.value);
  }
}
