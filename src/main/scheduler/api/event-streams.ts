// Streams of server-sent events: headers, keep-alive comments, and the disconnection of slow consumers. The caller decides the events.
import type { ServerResponse } from 'node:http';
import type { Clock, Timer } from '../../platform/clock';
import { flushed } from './responses';
import { SECURITY_HEADERS } from './security-headers';

const KEEP_ALIVE_MS = 15_000;
/** A slow consumer is disconnected when more bytes than this are unsent. The bytes of the first snapshot do not count. */
const MAX_UNREAD_BYTES = 1024 * 1024;
const RETRY_MS = 2000;

/** Sends one event. `id` null: the client cannot resume after this event. */
export type SendEvent = (id: number | null, json: string) => void;

interface Stream {
  readonly response: ServerResponse;
  /** The credential of the client. Null: none. */
  readonly holder: string | null;
  /** The number of bytes that may be unsent now. */
  allowedBytes: number;
}

export class EventStreams {
  readonly #clock: Clock;
  readonly #maxStreams: number;
  readonly #streams = new Set<Stream>();
  #timer: Timer | null = null;

  constructor(clock: Clock, maxStreams: number) {
    this.#clock = clock;
    this.#maxStreams = maxStreams;
  }

  get count(): number {
    return this.#streams.size;
  }

  /**
   * `subscribe` may send at once (a snapshot), may end the stream after its last event, and returns the function that unsubscribes.
   * False: too many streams are open. `holder`: the credential of the client, for `closeOf`.
   */
  open(response: ServerResponse, subscribe: (send: SendEvent, end: () => void) => () => void, holder: string | null = null): boolean {
    if (this.#streams.size >= this.#maxStreams) return false;
    if (response.destroyed) return true;
    response.writeHead(200, { ...SECURITY_HEADERS, 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
    const stream: Stream = { response, holder, allowedBytes: Infinity };
    this.#streams.add(stream);
    response.write(`retry: ${String(RETRY_MS)}\n\n`);
    const send: SendEvent = (id, json) => {
      write(stream, `${id === null ? '' : `id: ${String(id)}\n`}data: ${json}\n\n`);
    };
    const unsubscribe = subscribe(send, () => {
      response.end();
    });
    stream.allowedBytes = MAX_UNREAD_BYTES + response.writableLength;
    response.on('drain', () => {
      stream.allowedBytes = MAX_UNREAD_BYTES;
    });
    response.on('error', () => undefined);
    response.on('close', () => {
      this.#streams.delete(stream);
      unsubscribe();
    });
    this.#timer ??= this.#clock.setTimer(KEEP_ALIVE_MS, () => {
      this.#keepAlive();
    });
    return true;
  }

  /** Disconnects the streams of a credential that was revoked. */
  closeOf(holder: string): void {
    for (const stream of [...this.#streams]) if (stream.holder === holder) stream.response.destroy();
  }

  /** Ends all streams. Resolves when their last events are sent. */
  async stop(): Promise<void> {
    this.#timer?.cancel();
    for (const { response } of this.#streams) response.end();
    await flushed(
      Array.from(this.#streams, ({ response }) => response),
      this.#clock,
    );
  }

  /** A comment line, so that proxies keep the connection open and a lost client is noticed. */
  #keepAlive(): void {
    for (const stream of [...this.#streams]) write(stream, ': keep-alive\n\n');
    this.#timer =
      this.#streams.size === 0
        ? null
        : this.#clock.setTimer(KEEP_ALIVE_MS, () => {
            this.#keepAlive();
          });
  }
}

function write({ response, allowedBytes }: Stream, text: string): void {
  if (response.destroyed) return;
  if (response.writableLength > allowedBytes) response.destroy();
  else response.write(text);
}
