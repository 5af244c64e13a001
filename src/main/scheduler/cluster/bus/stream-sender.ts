// The sending end of a stream of chunks from one member to one other. Nothing is lost, doubled or out of order while both members live and
// the bus comes back within the idle time. Sender and receiver can open in any order.
import { assertNever } from '../../../../shared/assert-never';
import type { Clock } from '../../../platform/clock';
import type { Bus, BusMessage } from './bus';
import { type StreamLimits, STREAM_LIMITS } from './core/stream-limits';
import { decodeReceiverMessage, encodeSenderMessage } from './core/stream-messages';
import { type SenderCommand, type SenderEnd, type SenderEvent, SenderMachine } from './core/stream-sender-machine';
import { isToken } from './core/subjects';
import { DueTimer } from './due-timer';

/** `id`: a token that no other stream of the pool has or had. */
export const streamSubjects = (id: string): { readonly chunks: string; readonly acks: string } => {
  if (!isToken(id)) throw new RangeError(`no id of a stream: ${id}`);
  return { chunks: `stream.${id}`, acks: `stream.${id}.acks` };
};

export class StreamSender {
  /** How the stream ended. */
  readonly ended: Promise<SenderEnd>;
  readonly #bus: Bus;
  readonly #clock: Clock;
  readonly #machine: SenderMachine;
  readonly #timer: DueTimer;
  readonly #chunks: string;
  readonly #stops: readonly (() => void)[];
  #resolveEnd: (end: SenderEnd) => void = () => undefined;
  #drained: (() => void)[] = [];

  constructor(bus: Bus, clock: Clock, id: string, limits: StreamLimits = STREAM_LIMITS) {
    const { chunks, acks } = streamSubjects(id);
    this.#bus = bus;
    this.#clock = clock;
    this.#chunks = chunks;
    this.#machine = new SenderMachine(limits, clock.monotonicMs());
    this.ended = new Promise((resolve) => {
      this.#resolveEnd = resolve;
    });
    this.#timer = new DueTimer(clock, () => this.#step({ type: 'time' }));
    this.#stops = [
      bus.subscribe(acks, (message) => this.#onMessage(message)),
      bus.onStatus(({ type }) => {
        if (type === 'reconnected' || type === 'epoch_raised') this.#step({ type: 'renewed' });
      }),
    ];
    this.#step({ type: 'open' });
  }

  /** What is written and not acknowledged, with an overhead for each piece. */
  get heldBytes(): number {
    return this.#machine.heldCost;
  }

  /**
   * Takes the payload, which the caller changes no more. A large one is cut. Returns false when the writer must wait for `whenDrained` before
   * the next one; a stream whose writer does not wait ends with `overflow`. After the end of the stream the payload is dropped.
   */
  write(payload: Uint8Array): boolean {
    this.#step({ type: 'write', payload });
    return !this.#machine.mustWait;
  }

  /** Resolves when the writer may go on, or the stream has ended. */
  whenDrained(): Promise<void> {
    if (!this.#machine.mustWait) return Promise.resolve();
    return new Promise((resolve) => {
      this.#drained.push(resolve);
    });
  }

  end(): void {
    this.#step({ type: 'end', code: null });
  }

  /** Ends the stream with an error, after all that was written. */
  fail(code: string): void {
    this.#step({ type: 'end', code });
  }

  /** Leaves the stream without sending the rest. */
  abort(code: string): void {
    this.#step({ type: 'abort', code });
  }

  #onMessage({ body }: BusMessage): void {
    const message = decodeReceiverMessage(body);
    if (message !== null) this.#step({ type: 'message', message });
  }

  #step(event: SenderEvent): void {
    for (const command of this.#machine.step(event, this.#clock.monotonicMs())) this.#act(command);
    this.#timer.set(this.#machine.dueMonotonicMs);
  }

  #act(command: SenderCommand): void {
    switch (command.type) {
      case 'send':
        // A message that is not sent is as one that is lost.
        this.#bus.publish(this.#chunks, encodeSenderMessage(command.message));
        return;
      case 'drained':
        for (const resolve of this.#drained.splice(0)) resolve();
        return;
      case 'ended':
        for (const stop of this.#stops) stop();
        this.#resolveEnd(command.end);
        return;
      default:
        assertNever(command);
    }
  }
}
