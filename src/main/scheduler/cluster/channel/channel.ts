// The connection between the leader and one replica for one epoch: records in both directions, each once and in order. It ends as a whole:
// what belongs to it begins again on the next one.
import { assertNever } from '../../../../shared/assert-never';
import type { Clock } from '../../../platform/clock';
import type { Bus } from '../bus/bus';
import { StreamReceiver } from '../bus/stream-receiver';
import { StreamSender } from '../bus/stream-sender';
import { decodeRecord, encodeRecord, NO_BODY, splitRecords } from './core/record';

/** What waits behind the window of the stream. The other side does not read: the channel ends. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;
/** Small records of one turn of the event loop travel together: a message of the bus costs more than they do. */
const MAX_TOGETHER_BYTES = 64 * 1024;
/** The largest record: a result of a node, with its head. */
const MAX_RECORD_BYTES = 48 * 1024 * 1024;

/** A promise: the next record waits for it. */
export type RecordHandler = (head: unknown, body: Uint8Array) => void | Promise<void>;

export interface ChannelIds {
  /** The stream that this side sends. */
  readonly out: string;
  readonly in: string;
}

export class Channel {
  readonly epoch: number;
  /** The token of the replica, on both sides. */
  readonly replica: string;
  /** Why it ended, as a code. */
  readonly ended: Promise<string>;
  readonly #sender: StreamSender;
  readonly #receiver: StreamReceiver;
  readonly #handlers = new Map<string, RecordHandler>();
  /** True: records wait until the stream takes more. */
  #isDraining = false;
  #waiting: Uint8Array[] = [];
  /** Records of this turn. */
  #together: Uint8Array[] = [];
  #togetherBytes = 0;
  #waitingBytes = 0;
  #drained: (() => void)[] = [];
  #end: string | null = null;
  #resolveEnd: (code: string) => void = () => undefined;

  constructor(bus: Bus, clock: Clock, ids: ChannelIds, about: { readonly epoch: number; readonly replica: string }) {
    this.epoch = about.epoch;
    this.replica = about.replica;
    this.#receiver = new StreamReceiver(bus, clock, ids.in);
    this.#sender = new StreamSender(bus, clock, ids.out);
    this.ended = new Promise((resolve) => {
      this.#resolveEnd = resolve;
    });
    void this.#sender.ended.then((end) => this.#finish('code' in end ? end.code : 'ended'));
  }

  get isOpen(): boolean {
    return this.#end === null;
  }

  /** More waits than the other side takes: senders of much wait for `whenDrained`. */
  get isFull(): boolean {
    return this.#isDraining;
  }

  /** Bytes that the other side has not acknowledged. */
  get unsentBytes(): number {
    return this.#waitingBytes + this.#togetherBytes + this.#sender.heldBytes;
  }

  /** One handler for each type. Records of a type without a handler are dropped: a newer version may send them. */
  on(type: string, handler: RecordHandler): void {
    this.#handlers.set(type, handler);
  }

  /** Begins to read, after the handlers are set. */
  start(): void {
    void this.#read();
  }

  /** Never blocks. `body` is changed no more by the caller. After the end, records are dropped. */
  send(type: string, head: unknown, body: Uint8Array = NO_BODY): void {
    if (this.#end !== null) return;
    const bytes = encodeRecord({ type, head, body });
    // A large record is not copied.
    if (bytes.length >= MAX_TOGETHER_BYTES) this.#flush();
    if (this.#isDraining) {
      this.#waiting.push(bytes);
      this.#waitingBytes += bytes.length;
      if (this.#waitingBytes > MAX_WAITING_BYTES) this.close('overflow');
      return;
    }
    if (this.#together.length === 0) setImmediate(() => this.#flush());
    this.#together.push(bytes);
    this.#togetherBytes += bytes.length;
    if (this.#togetherBytes >= MAX_TOGETHER_BYTES) this.#flush();
  }

  /** Resolves when nothing waits, or the channel has ended. */
  whenDrained(): Promise<void> {
    if (!this.isFull || this.#end !== null) return Promise.resolve();
    return new Promise((resolve) => {
      this.#drained.push(resolve);
    });
  }

  close(code: string): void {
    if (this.#end !== null) return;
    this.#flush();
    this.#sender.abort(code);
    this.#receiver.stop(code);
    this.#finish(code);
  }

  #flush(): void {
    if (this.#together.length === 0 || this.#end !== null) return;
    const bytes = joined(this.#together, this.#togetherBytes);
    this.#together = [];
    this.#togetherBytes = 0;
    if (!this.#sender.write(bytes)) void this.#drain();
  }

  async #drain(): Promise<void> {
    this.#isDraining = true;
    for (;;) {
      await this.#sender.whenDrained();
      const next = this.#takeWaiting();
      if (next === null) break;
      this.#waitingBytes -= next.length;
      this.#sender.write(next);
    }
    this.#isDraining = false;
    for (const resolve of this.#drained.splice(0)) resolve();
  }

  /** Small records together. Null: none waits. */
  #takeWaiting(): Uint8Array | null {
    let size = 0;
    let count = 0;
    for (const { length } of this.#waiting) {
      if (count > 0 && size + length > MAX_TOGETHER_BYTES) break;
      size += length;
      count++;
    }
    return count === 0 ? null : joined(this.#waiting.splice(0, count), size);
  }

  async #read(): Promise<void> {
    let pieces: Uint8Array[] = [];
    let size = 0;
    for (;;) {
      const item = await this.#receiver.read();
      switch (item.type) {
        case 'piece':
          pieces.push(item.bytes);
          size += item.bytes.length;
          if (size > MAX_RECORD_BYTES) {
            this.close('malformed');
            return;
          }
          if (!item.isLast) break;
          if (!(await this.#handleAll(joined(pieces, size)))) return;
          pieces = [];
          size = 0;
          break;
        case 'end':
          this.close('ended');
          return;
        case 'failed':
          this.close(item.code);
          return;
        default:
          assertNever(item);
      }
    }
  }

  /** False: the channel has ended. */
  async #handleAll(bytes: Uint8Array): Promise<boolean> {
    const records = splitRecords(bytes);
    if (records === null) this.close('malformed');
    else for (const record of records) if (!(await this.#handle(record))) return false;
    return this.isOpen;
  }

  /** False: the channel has ended. */
  async #handle(bytes: Uint8Array): Promise<boolean> {
    if (this.#end !== null) return false;
    const record = decodeRecord(bytes);
    if (record === null) {
      this.close('malformed');
      return false;
    }
    try {
      const work = this.#handlers.get(record.type)?.(record.head, record.body);
      // Only then: a promise costs a turn of the microtasks.
      if (work !== undefined) await work;
    } catch {
      this.close('handler_failed');
    }
    return this.isOpen;
  }

  #finish(code: string): void {
    if (this.#end !== null) return;
    this.#end = code;
    this.#receiver.stop(code);
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#together = [];
    this.#togetherBytes = 0;
    this.#isDraining = false;
    for (const resolve of this.#drained.splice(0)) resolve();
    this.#resolveEnd(code);
  }
}

function joined(pieces: readonly Uint8Array[], size: number): Uint8Array {
  const [first] = pieces;
  if (first !== undefined && pieces.length === 1) return first;
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
