// AppApi over HTTP: operations as POST, events as a streamed fetch (EventSource cannot send an Authorization header).
// A stream that ends is opened again, with backoff, and begins with a snapshot: it cannot be resumed.
import type { AppApi, AppListener, ConnectionState } from '../../shared/api/app-api';
import { errorBodySchema } from '../../shared/api/node-view';
import { validate } from '../../shared/protocol/decode';
import { fail } from '../../shared/result';
import { SseParser } from '../../shared/sse-parser';
import { decodeEvents, decodeResult } from './decode';

/** Storage of the access token, for this tab only. */
export interface TokenStore {
  get(): string | null;
  set(token: string): void;
}

export interface HttpApiOptions {
  /** Ends with a slash: `http://host:7080/api/v1/app/`. */
  readonly baseUrl: string;
  readonly token: TokenStore;
  readonly fetch: typeof fetch;
  /** 0 to below 1. */
  readonly random: () => number;
}

export interface HttpApi extends AppApi {
  /** Keeps the token and tries again at once. */
  setToken(token: string): void;
}

export const FIRST_RETRY_MS = 500;
export const LONGEST_RETRY_MS = 15_000;
/** A stream that was silent for this long is reopened: after sleep, a laptop does not notice a lost connection otherwise. */
export const SILENCE_MS = 60_000;

export function httpApi(options: HttpApiOptions): HttpApi {
  const streams = new Set<EventStream>();
  const headers = (): Record<string, string> => {
    const token = options.token.get();
    return token === null ? {} : { authorization: `Bearer ${token}` };
  };
  return {
    async call(name, params) {
      try {
        const response = await options.fetch(new URL(name, options.baseUrl), {
          method: 'POST',
          headers: { ...headers(), 'content-type': 'application/json' },
          body: JSON.stringify(params),
        });
        if (isRefusal(response)) for (const stream of streams) stream.refused();
        const body: unknown = await response.json();
        if (response.ok) return decodeResult(name, (body as { value?: unknown } | null)?.value);
        const decoded = validate(body, errorBodySchema);
        return fail(decoded.ok ? decoded.value.error : { code: `HTTP_${String(response.status)}`, message: '', details: null });
      } catch (error) {
        return fail({ code: 'DISCONNECTED', message: String(error), details: null });
      }
    },
    subscribe(listener) {
      const stream = new EventStream(options, headers, listener);
      streams.add(stream);
      stream.open();
      return () => {
        streams.delete(stream);
        stream.close();
      };
    },
    setToken(token) {
      options.token.set(token);
      for (const stream of streams) stream.open();
    },
  };
}

/** One subscription: open, read, and open again until closed. */
class EventStream {
  readonly #options: HttpApiOptions;
  readonly #headers: () => Record<string, string>;
  readonly #listener: AppListener;
  #attempt = 0;
  #abort: AbortController | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(options: HttpApiOptions, headers: () => Record<string, string>, listener: AppListener) {
    this.#options = options;
    this.#headers = headers;
    this.#listener = listener;
  }

  open(): void {
    this.close();
    const abort = new AbortController();
    this.#abort = abort;
    if (this.#attempt === 0) this.#report(abort, 'connecting');
    void this.#run(abort);
  }

  close(): void {
    clearTimeout(this.#retry);
    this.#abort?.abort();
    this.#abort = null;
  }

  /** The program requires a token: a retry without one would fail. */
  refused(): void {
    this.close();
    this.#listener.onConnection('unauthorized');
  }

  async #run(abort: AbortController): Promise<void> {
    let silence: ReturnType<typeof setTimeout> | undefined;
    const onBytes = (): void => {
      clearTimeout(silence);
      silence = setTimeout(() => abort.abort(), SILENCE_MS);
    };
    try {
      onBytes();
      const response = await this.#options.fetch(new URL('events', this.#options.baseUrl), {
        headers: { ...this.#headers(), accept: 'text/event-stream' },
        signal: abort.signal,
        cache: 'no-store',
      });
      if (this.#abort !== abort) return;
      if (isRefusal(response)) {
        this.refused();
        return;
      }
      if (!response.ok || response.body === null) throw new Error(`HTTP ${String(response.status)}`);
      this.#attempt = 0;
      this.#report(abort, 'open');
      await this.#read(response.body, abort, onBytes);
    } catch {
      // Every failure of the connection is handled in the same way: reported below, then retried.
    } finally {
      clearTimeout(silence);
    }
    if (this.#abort !== abort) return;
    this.#report(abort, 'lost');
    this.#retry = setTimeout(() => this.open(), this.#backoffMs());
  }

  async #read(body: ReadableStream<Uint8Array>, abort: AbortController, onBytes: () => void): Promise<void> {
    const parser = new SseParser();
    const decoder = new TextDecoder();
    const reader = body.getReader();
    abort.signal.addEventListener('abort', () => void reader.cancel().catch(() => undefined));
    for (;;) {
      const { done, value } = await reader.read();
      if (done || this.#abort !== abort) return;
      onBytes();
      for (const message of parser.push(decoder.decode(value, { stream: true }))) {
        const events = decodeEvents(JSON.parse(message.data));
        if (!events.ok) throw new Error(`unreadable events: ${events.error.field}`);
        this.#listener.onEvents(events.value);
      }
    }
  }

  /** Doubling, with full jitter above the first step, so that many dashboards do not reconnect at the same time. */
  #backoffMs(): number {
    const ceiling = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#attempt++);
    return FIRST_RETRY_MS / 2 + this.#options.random() * (ceiling - FIRST_RETRY_MS / 2);
  }

  #report(abort: AbortController, state: ConnectionState): void {
    if (this.#abort === abort) this.#listener.onConnection(state);
  }
}

/** No token, a wrong token, or the submit token. */
const isRefusal = ({ status }: Response): boolean => status === 401 || status === 403;
