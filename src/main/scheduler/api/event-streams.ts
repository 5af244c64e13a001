// Streams of server-sent events: headers, keep-alive comments, and the disconnection of slow consumers. The caller decides the events.
// A large event is made and written in pieces, a few in each turn of the event loop, and no faster than the client reads.
import type { ServerResponse } from 'node:http';
import type { ErrorCode } from '../../../shared/protocol/codes';
import type { Clock, Timer } from '../../platform/clock';
import { errorBody, type ErrorDetails } from '../access/error-response';
import { flushed } from './responses';
import { SECURITY_HEADERS } from './security-headers';
import { type StreamClient, type StreamHolder, streamToEnd } from './stream-admission';

const KEEP_ALIVE_MS = 15_000;
/** A slow consumer is disconnected when more bytes than this are unsent. */
const MAX_UNREAD_BYTES = 1024 * 1024;
/** The same for the characters of events that wait behind a large event. Other streams share their texts. */
const MAX_WAITING_CHARACTERS = 32 * 1024 * 1024;
/** Pieces of all streams that one turn of the event loop writes. A piece is about as long as one node. */
const PIECES_PER_TURN = 50;
const LINE_CHARACTERS = 256 * 1024;
const RETRY_MS = 2000;

/**
 * The JSON of one event: a text, or pieces of a text that are made when they are written. Between two pieces a line may break. A piece in
 * UTF-8 is written as it is, in the line of the text before.
 */
export type EventJson = string | Iterable<string | Uint8Array>;

/** Sends one event. `id` null: the client cannot resume after this event. */
export type SendEvent = (id: number | null, json: EventJson) => void;

/** May send at once (a snapshot), may end the stream after its last event, and returns the function that unsubscribes. */
export type Subscribe = (send: SendEvent, end: () => void) => () => void;

interface Stream {
  readonly response: ServerResponse;
  readonly client: StreamClient;
  unsubscribe: () => void;
  /** The events that are not written yet, in order. The first is an event in pieces that is being written. Mostly empty. */
  readonly waiting: (string | Iterator<string | Uint8Array>)[];
  /** The response ends after these events. */
  isEnding: boolean;
  waitingCharacters: number;
}

export class EventStreams {
  readonly #clock: Clock;
  readonly #maxStreams: number;
  readonly #streams = new Set<Stream>();
  /** Streams with a large event whose client reads: they take turns. */
  readonly #writable = new Set<Stream>();
  #isTurnDue = false;
  #timer: Timer | null = null;

  constructor(clock: Clock, maxStreams: number) {
    this.#clock = clock;
    this.#maxStreams = maxStreams;
  }

  get count(): number {
    return this.#streams.size;
  }

  /** False: too many streams are open, and none ends for this client. */
  open(response: ServerResponse, subscribe: Subscribe, client: StreamClient): boolean {
    if (response.destroyed) return true;
    if (!this.#mayOpen(client.holder)) return false;
    response.writeHead(200, { ...SECURITY_HEADERS, 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
    const stream: Stream = { response, client, unsubscribe: () => undefined, waiting: [], isEnding: false, waitingCharacters: 0 };
    this.#streams.add(stream);
    response.write(`retry: ${String(RETRY_MS)}\n\n`);
    stream.unsubscribe = subscribe(
      (id, json) => {
        this.#send(stream, json, id === null ? '' : `id: ${String(id)}\n`);
      },
      () => {
        if (stream.waiting.length === 0) response.end();
        else stream.isEnding = true;
      },
    );
    response.on('drain', () => {
      this.#resume(stream);
    });
    response.on('error', () => undefined);
    response.on('close', () => {
      this.#forget(stream);
    });
    this.#timer ??= this.#clock.setTimer(KEEP_ALIVE_MS, () => {
      this.#keepAlive();
    });
    return true;
  }

  /** Ends the streams of a credential that has ended, with the reason as an error. */
  closeOf(holder: string): void {
    for (const stream of [...this.#streams]) {
      if (stream.client.holder.id !== holder) continue;
      const { code, details } = stream.client.accessFailure() ?? { code: 'REVOKED' as const, details: null };
      this.#endWith(stream, code, details);
    }
  }

  /** Ends the streams of a credential whose roles changed: its client opens them again, with what it may see now. */
  endOf(holder: string): void {
    for (const { client, response } of [...this.#streams]) if (client.holder.id === holder) response.end();
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

  #mayOpen(holder: StreamHolder): boolean {
    if (this.#streams.size < this.#maxStreams) return true;
    const ended = streamToEnd(this.#streams, holder);
    if (ended === null) return false;
    this.#endWith(ended, 'OVERLOADED', { limit: 'streams', max: this.#maxStreams });
    return true;
  }

  /** The stream ends at once for the server. Its client gets the error, if it reads. */
  #endWith(stream: Stream, code: ErrorCode, details: ErrorDetails): void {
    const { response, client } = stream;
    const isWhole = stream.waiting.length === 0 && !response.writableNeedDrain;
    this.#forget(stream);
    if (!isWhole) {
      response.destroy();
      return;
    }
    response.end(`event: error\ndata: ${JSON.stringify(errorBody(code, details, client.language))}\n\n`);
    void flushed([response], this.#clock).then(() => {
      if (!response.writableFinished) response.destroy();
    });
  }

  #forget(stream: Stream): void {
    this.#streams.delete(stream);
    this.#writable.delete(stream);
    stream.waiting.length = 0;
    stream.unsubscribe();
    stream.unsubscribe = () => undefined;
  }

  /**
   * A comment line, so that proxies keep the connection open and a lost client is noticed. Inside a large event none is needed. A stream
   * ends here when the credential of its client has ended.
   */
  #keepAlive(): void {
    for (const stream of [...this.#streams]) {
      const failure = stream.client.accessFailure();
      if (failure !== null) this.#endWith(stream, failure.code, failure.details);
      else if (stream.waiting.length === 0) write(stream, ': keep-alive\n\n');
    }
    this.#timer =
      this.#streams.size === 0
        ? null
        : this.#clock.setTimer(KEEP_ALIVE_MS, () => {
            this.#keepAlive();
          });
  }

  #send(stream: Stream, json: EventJson, head: string): void {
    const event = typeof json === 'string' ? `${head}data: ${json}\n\n` : linesOf(json, head);
    if (typeof event === 'string' && stream.waiting.length === 0) {
      write(stream, event);
      return;
    }
    stream.waiting.push(event);
    if (typeof event === 'string') stream.waitingCharacters += event.length;
    if (stream.waitingCharacters > MAX_WAITING_CHARACTERS) stream.response.destroy();
    else this.#resume(stream);
  }

  #resume(stream: Stream): void {
    if (stream.waiting.length === 0 || stream.response.destroyed) return;
    this.#writable.add(stream);
    if (this.#isTurnDue) return;
    this.#isTurnDue = true;
    setImmediate(() => {
      this.#isTurnDue = false;
      this.#turn();
    });
  }

  /** Writes one piece of each stream by turns. A stream whose client does not read waits for `drain`. */
  #turn(): void {
    let left = PIECES_PER_TURN;
    while (left > 0 && this.#writable.size > 0) {
      for (const stream of [...this.#writable]) {
        if (left-- === 0) break;
        const text = nextText(stream);
        if (text !== null) stream.response.write(text);
        else if (stream.isEnding) stream.response.end();
        if (text === null || stream.response.destroyed || stream.response.writableNeedDrain) this.#writable.delete(stream);
      }
    }
    for (const stream of this.#writable) {
      this.#resume(stream);
      return;
    }
  }
}

/** Clients parse a line at a time, so a long text has several lines. A client joins them, and JSON may break between its parts. */
function* linesOf(pieces: Iterable<string | Uint8Array>, head: string): IterableIterator<string | Uint8Array> {
  let start = `${head}data: `;
  let characters = 0;
  for (const piece of pieces) {
    if (typeof piece !== 'string') {
      yield piece;
      continue;
    }
    yield `${start}${piece}`;
    characters += piece.length;
    start = characters > LINE_CHARACTERS ? '\ndata: ' : '';
    if (characters > LINE_CHARACTERS) characters = 0;
  }
  yield '\n\n';
}

/** Null: nothing waits. */
function nextText(stream: Stream): string | Uint8Array | null {
  for (;;) {
    const [first] = stream.waiting;
    if (first === undefined) return null;
    if (typeof first === 'string') {
      stream.waiting.shift();
      stream.waitingCharacters -= first.length;
      return first;
    }
    const step = first.next();
    if (step.done !== true) return step.value;
    stream.waiting.shift();
  }
}

function write({ response }: Stream, text: string): void {
  if (response.destroyed) return;
  if (response.writableLength > MAX_UNREAD_BYTES) response.destroy();
  else response.write(text);
}
