// The receiving end of a stream of chunks: see stream-sender.ts.
import { assertNever } from '../../../../shared/assert-never';
import type { Clock } from '../../../platform/clock';
import type { Bus, BusMessage } from './bus';
import { type StreamLimits, STREAM_LIMITS } from './core/stream-limits';
import { costOf, decodeSenderMessage, encodeReceiverMessage } from './core/stream-messages';
import { type ReceiverCommand, type ReceiverEvent, ReceiverMachine, type StreamItem } from './core/stream-receiver-machine';
import { DueTimer } from './due-timer';
import { streamSubjects } from './stream-sender';

/** A small piece would keep the whole block alive in which it came from the network. */
const MIN_SHARE_OF_BLOCK = 1 / 4;

export class StreamReceiver {
  readonly #bus: Bus;
  readonly #clock: Clock;
  readonly #machine: ReceiverMachine;
  readonly #timer: DueTimer;
  readonly #acks: string;
  readonly #stops: readonly (() => void)[];
  #queue: StreamItem[] = [];
  #waiting: ((item: StreamItem) => void)[] = [];
  #last: StreamItem | null = null;

  constructor(bus: Bus, clock: Clock, id: string, limits: StreamLimits = STREAM_LIMITS) {
    const { chunks, acks } = streamSubjects(id);
    this.#bus = bus;
    this.#clock = clock;
    this.#acks = acks;
    this.#machine = new ReceiverMachine(limits, clock.monotonicMs());
    this.#timer = new DueTimer(clock, () => this.#step({ type: 'time' }));
    this.#stops = [
      bus.subscribe(chunks, (message) => this.#onMessage(message)),
      bus.onStatus(({ type }) => {
        if (type === 'reconnected' || type === 'epoch_raised') this.#step({ type: 'renewed' });
      }),
    ];
    this.#step({ type: 'open' });
  }

  /** What has arrived and was not read, with an overhead for each piece: at most the window and one piece. */
  get heldBytes(): number {
    return this.#machine.heldCost;
  }

  /** The next piece, or how the stream ended. The end stays: later reads return it again. */
  read(): Promise<StreamItem> {
    const item = this.#queue.shift();
    if (item !== undefined) return Promise.resolve(this.#taken(item));
    if (this.#last !== null) return Promise.resolve(this.#last);
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  /** The reader wants no more: the sender ends. Reads return `failed` with this code. */
  stop(code: string): void {
    if (this.#last !== null) return;
    this.#queue = [];
    this.#step({ type: 'stop', code });
    this.#deliver({ type: 'failed', code });
  }

  #taken(item: StreamItem): StreamItem {
    if (item.type === 'piece') this.#step({ type: 'consumed', cost: costOf(item) });
    return item;
  }

  #onMessage({ body }: BusMessage): void {
    const message = decodeSenderMessage(body);
    if (message !== null) this.#step({ type: 'message', message });
  }

  #step(event: ReceiverEvent): void {
    for (const command of this.#machine.step(event, this.#clock.monotonicMs())) this.#act(command);
    this.#timer.set(this.#machine.dueMonotonicMs);
  }

  #act(command: ReceiverCommand): void {
    switch (command.type) {
      case 'send':
        this.#bus.publish(this.#acks, encodeReceiverMessage(command.message));
        return;
      case 'deliver':
        this.#deliver(command.item);
        return;
      case 'closed':
        for (const stop of this.#stops) stop();
        return;
      default:
        assertNever(command);
    }
  }

  #deliver(item: StreamItem): void {
    const [first, ...others] = this.#waiting;
    if (item.type !== 'piece') {
      this.#last = item;
      this.#waiting = [];
      if (this.#queue.length > 0) this.#queue.push(item);
      for (const resolve of first === undefined ? [] : [first, ...others]) resolve(item);
    } else if (first === undefined) {
      const { bytes } = item;
      const isSmall = bytes.length < bytes.buffer.byteLength * MIN_SHARE_OF_BLOCK;
      this.#queue.push(isSmall ? { ...item, bytes: bytes.slice() } : item);
    } else {
      this.#waiting = others;
      first(this.#taken(item));
    }
  }
}
