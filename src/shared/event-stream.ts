// Keeps an event stream open: connects, decodes events, and reconnects after a loss or silence. The scheduler client and the renderer
// both use it. Each provides its connection, timers and randomness, so this file stays pure.
import type { BackoffPolicy } from './backoff';
import {
  afterDenial,
  afterEvent,
  afterInvalidEvent,
  afterLoss,
  afterStableConnection,
  type EventStreamState,
  NEW_STREAM,
  resumeHeaders,
} from './event-stream-state';
import type { DecodeError } from './protocol/decode';
import type { Result } from './result';
import { SseParser } from './sse-parser';

/** The longest silence of a connection. Servers send a comment every 15 s. After sleep, a computer notices a lost connection by this. */
export const MAX_SILENCE_MS = 60_000;

export interface EventConnection {
  /** The body of the response in pieces. Rejects when the server cannot be reached or refuses; with `AccessDenied`, there is no retry. */
  readonly body: Promise<AsyncIterable<string>>;
  /** Ends the request. */
  close(): void;
}

/** `unauthorized`: the token is missing or not valid. `forbidden`: the token is valid, and does not allow the stream. */
export type Denial = 'unauthorized' | 'forbidden';

/** The server requires another token. */
export class AccessDenied extends Error {
  override readonly name = 'AccessDenied';

  constructor(readonly denial: Denial) {
    super(denial);
  }
}

export type ConnectionChange =
  | { readonly state: 'connecting' | 'open' | Denial }
  /** `cause`: an error, `ended` or `silent`. */
  | { readonly state: 'lost'; readonly cause: unknown; readonly retryMs: number };

export interface EventStreamOptions<Event> {
  readonly connect: (headers: Readonly<Record<string, string>>) => EventConnection;
  readonly decode: (data: string) => Result<Event, DecodeError>;
  readonly onEvent: (event: Event) => void;
  readonly onConnection: (change: ConnectionChange) => void;
  readonly setTimer: (delayMs: number, callback: () => void) => { cancel(): void };
  readonly backoff: BackoffPolicy;
  /** Random numbers in [0, 1), for jitter. */
  readonly random: () => number;
}

export class EventStream<Event> {
  readonly #options: EventStreamOptions<Event>;
  #state: EventStreamState = NEW_STREAM;
  /** The current connection. Whatever an earlier one still delivers is ignored. */
  #connection: EventConnection | null = null;
  /** Limits the silence of the connection, or delays the next one. */
  #timer: { cancel(): void } | null = null;
  /** Ends when the connection has lasted for the longest delay between connections. */
  #stabilityTimer: { cancel(): void } | null = null;

  constructor(options: EventStreamOptions<Event>) {
    this.#options = options;
  }

  /** Connects now, instead of a present connection or a pending retry. */
  open(): void {
    this.close();
    const connection = this.#options.connect(resumeHeaders(this.#state));
    this.#connection = connection;
    if (this.#state.failures === 0) this.#options.onConnection({ state: 'connecting' });
    void this.#run(connection);
  }

  close(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#stabilityTimer?.cancel();
    this.#stabilityTimer = null;
    const connection = this.#connection;
    this.#connection = null;
    connection?.close();
  }

  /** Closes until `open`: without another token, a retry would fail. */
  denyAccess(denial: Denial): void {
    this.close();
    this.#state = afterDenial(this.#state);
    this.#options.onConnection({ state: denial });
  }

  async #run(connection: EventConnection): Promise<void> {
    let cause: unknown = 'ended';
    try {
      this.#limitSilence(connection);
      await this.#read(connection);
    } catch (error) {
      cause = error;
    }
    this.#lose(connection, cause);
  }

  async #read(connection: EventConnection): Promise<void> {
    const body = await connection.body;
    if (this.#connection !== connection) return;
    this.#options.onConnection({ state: 'open' });
    this.#stabilityTimer = this.#options.setTimer(this.#options.backoff.maxMs, () => {
      this.#state = afterStableConnection(this.#state);
    });
    const parser = new SseParser();
    for await (const piece of body) {
      if (this.#connection !== connection) return;
      this.#limitSilence(connection);
      for (const { id, name, data } of parser.push(piece)) {
        // The last event of a stream that the server ends. A retry resumes, or is refused with the reason.
        if (name === 'error') throw new Error(`the server ended the stream: ${data.slice(0, 256)}`);
        this.#take(connection, id, data);
      }
    }
  }

  #take(connection: EventConnection, id: string | null, data: string): void {
    if (this.#connection !== connection) return;
    const event = this.#options.decode(data);
    if (!event.ok) {
      this.#state = afterInvalidEvent(this.#state);
      throw new Error(`invalid event: ${event.error.field} ${event.error.reason}`);
    }
    this.#state = afterEvent(this.#state, id);
    this.#options.onEvent(event.value);
  }

  #limitSilence(connection: EventConnection): void {
    this.#timer?.cancel();
    this.#timer = this.#options.setTimer(MAX_SILENCE_MS, () => {
      this.#lose(connection, 'silent');
    });
  }

  #lose(connection: EventConnection, cause: unknown): void {
    if (this.#connection !== connection) return;
    if (cause instanceof AccessDenied) {
      this.denyAccess(cause.denial);
      return;
    }
    this.close();
    const { backoff, random, setTimer, onConnection } = this.#options;
    const [state, retryMs] = afterLoss(this.#state, backoff, random());
    this.#state = state;
    this.#timer = setTimer(retryMs, () => {
      this.open();
    });
    onConnection({ state: 'lost', cause, retryMs });
  }
}
