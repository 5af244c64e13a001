// The receiver of a stream decides: which pieces the reader gets (each once, in order), and what the sender hears. Events in, commands out;
// the time is a parameter. Pieces behind a gap are dropped: the sender sends them again (go-back-N).
import { assertNever } from '../../../../../shared/assert-never';
import { costOf, type Piece, type ReceiverMessage, type SenderMessage } from './stream-messages';
import { ACK_DELAY_MS, QUARTER, RESEND_PAUSE_MS, type StreamLimits } from './stream-limits';

/** `failed`: the sender ended the stream with an error or left it, or it was silent for too long (`idle`). */
export type StreamItem =
  | ({ readonly type: 'piece' } & Piece)
  | { readonly type: 'end' }
  | { readonly type: 'failed'; readonly code: string };

export type ReceiverEvent =
  | { readonly type: 'open' }
  | { readonly type: 'message'; readonly message: SenderMessage }
  /** The reader took pieces of this cost. */
  | { readonly type: 'consumed'; readonly cost: number }
  /** The reader wants no more. */
  | { readonly type: 'stop'; readonly code: string }
  /** The connection was lost and is here again, or the epoch rose: messages of before may be lost. */
  | { readonly type: 'renewed' }
  | { readonly type: 'time' };

export type ReceiverCommand =
  | { readonly type: 'send'; readonly message: ReceiverMessage }
  | { readonly type: 'deliver'; readonly item: StreamItem }
  /** The sender knows the end of the stream, or will never learn it: the receiver listens no more. */
  | { readonly type: 'closed' };

type Numbered = Extract<SenderMessage, { readonly seq: number }>;

/** `over`: the end has arrived, the sender may not know it yet. `stopped`: the sender may not know it yet. */
type Phase = 'open' | 'over' | 'stopped' | 'closed';

export class ReceiverMachine {
  readonly #limits: StreamLimits;
  #phase: Phase = 'open';
  #stopCode = '';
  #next = 0;
  #receivedCost = 0;
  #consumedCost = 0;
  #granted = 0;
  /** `#receivedCost` at the last acknowledgement. */
  #acknowledgedCost = 0;
  #ackAtMonotonicMs: number | null = null;
  #sentAtMonotonicMs = -Infinity;
  #gap = -1;
  #askedAtMonotonicMs = -Infinity;
  /** Silence, or the end of the wait for a sender that may not know the end. */
  #giveUpAtMonotonicMs: number;

  constructor(limits: StreamLimits, nowMonotonicMs: number) {
    this.#limits = limits;
    this.#giveUpAtMonotonicMs = nowMonotonicMs + limits.idleMs;
  }

  /** The cost of all that has arrived and was not read. */
  get heldCost(): number {
    return this.#receivedCost - this.#consumedCost;
  }

  /** When `time` is due. Null: the receiver is closed. */
  get dueMonotonicMs(): number | null {
    return this.#phase === 'closed' ? null : Math.min(this.#giveUpAtMonotonicMs, this.#ackAtMonotonicMs ?? Infinity);
  }

  step(event: ReceiverEvent, nowMonotonicMs: number): readonly ReceiverCommand[] {
    if (this.#phase === 'closed') return [];
    switch (event.type) {
      case 'open':
        return this.#answer(nowMonotonicMs, false);
      case 'renewed':
        return this.#answer(nowMonotonicMs, this.#phase === 'open');
      case 'message':
        return this.#onMessage(event.message, nowMonotonicMs);
      case 'consumed':
        return this.#onConsumed(event.cost, nowMonotonicMs);
      case 'stop':
        return this.#stop(event.code, nowMonotonicMs);
      case 'time':
        return this.#onTime(nowMonotonicMs);
      default:
        return assertNever(event);
    }
  }

  #onMessage(message: SenderMessage, nowMonotonicMs: number): readonly ReceiverCommand[] {
    if (message.type === 'abort') return this.#onAbort(message.code);
    if (this.#phase !== 'open') return message.type === 'closed' ? this.#closed() : this.#repeat(message, nowMonotonicMs);
    this.#giveUpAtMonotonicMs = nowMonotonicMs + this.#limits.idleMs;
    switch (message.type) {
      case 'probe':
        return this.#answer(nowMonotonicMs, false);
      case 'closed':
        return [];
      case 'piece':
      case 'end':
      case 'error':
        if (message.seq < this.#next) return this.#repeat(message, nowMonotonicMs);
        return message.seq > this.#next ? this.#onGap(nowMonotonicMs) : this.#take(message, nowMonotonicMs);
      default:
        return assertNever(message);
    }
  }

  #take(message: Numbered, nowMonotonicMs: number): readonly ReceiverCommand[] {
    this.#next += 1;
    if (message.type === 'piece') {
      const { bytes, isLast } = message;
      this.#receivedCost += costOf(message);
      const deliver = { type: 'deliver', item: { type: 'piece', bytes, isLast } } as const;
      if (this.#receivedCost - this.#acknowledgedCost >= this.#limits.windowBytes / QUARTER)
        return [deliver, ...this.#answer(nowMonotonicMs, false)];
      this.#ackAtMonotonicMs ??= nowMonotonicMs + ACK_DELAY_MS;
      return [deliver];
    }
    this.#phase = 'over';
    this.#giveUpAtMonotonicMs = nowMonotonicMs + this.#limits.idleMs;
    const item: StreamItem = message.type === 'end' ? { type: 'end' } : { type: 'failed', code: message.code };
    return [{ type: 'deliver', item }, ...this.#answer(nowMonotonicMs, false)];
  }

  #onGap(nowMonotonicMs: number): readonly ReceiverCommand[] {
    if (this.#gap === this.#next && nowMonotonicMs - this.#askedAtMonotonicMs < RESEND_PAUSE_MS) return [];
    this.#gap = this.#next;
    this.#askedAtMonotonicMs = nowMonotonicMs;
    return this.#answer(nowMonotonicMs, true);
  }

  /** The sender repeats what has arrived, so it has not got the answer. A whole window may come again: one answer is enough. */
  #repeat(message: SenderMessage, nowMonotonicMs: number): readonly ReceiverCommand[] {
    if (message.type === 'probe' || nowMonotonicMs - this.#sentAtMonotonicMs >= ACK_DELAY_MS) return this.#answer(nowMonotonicMs, false);
    this.#ackAtMonotonicMs ??= nowMonotonicMs + ACK_DELAY_MS;
    return [];
  }

  #onConsumed(cost: number, nowMonotonicMs: number): readonly ReceiverCommand[] {
    this.#consumedCost += cost;
    const more = this.#consumedCost + this.#limits.windowBytes - this.#granted;
    return this.#phase === 'open' && more >= this.#limits.windowBytes / QUARTER ? this.#answer(nowMonotonicMs, false) : [];
  }

  #stop(code: string, nowMonotonicMs: number): readonly ReceiverCommand[] {
    if (this.#phase !== 'open') return [];
    this.#phase = 'stopped';
    this.#stopCode = code;
    this.#giveUpAtMonotonicMs = nowMonotonicMs + this.#limits.idleMs;
    return this.#answer(nowMonotonicMs, false);
  }

  #onAbort(code: string): readonly ReceiverCommand[] {
    const wasOpen = this.#phase === 'open';
    return [...(wasOpen ? [{ type: 'deliver', item: { type: 'failed', code } } as const] : []), ...this.#closed()];
  }

  #onTime(nowMonotonicMs: number): readonly ReceiverCommand[] {
    if (nowMonotonicMs >= this.#giveUpAtMonotonicMs) return this.#onAbort('idle');
    return this.#ackAtMonotonicMs !== null && nowMonotonicMs >= this.#ackAtMonotonicMs ? this.#answer(nowMonotonicMs, false) : [];
  }

  #answer(nowMonotonicMs: number, isAgain: boolean): readonly ReceiverCommand[] {
    this.#ackAtMonotonicMs = null;
    this.#sentAtMonotonicMs = nowMonotonicMs;
    if (this.#phase === 'stopped') return [{ type: 'send', message: { type: 'stop', code: this.#stopCode } }];
    this.#acknowledgedCost = this.#receivedCost;
    this.#granted = this.#consumedCost + this.#limits.windowBytes;
    return [{ type: 'send', message: { type: 'ack', next: this.#next, upTo: this.#granted, isAgain } }];
  }

  #closed(): readonly ReceiverCommand[] {
    this.#phase = 'closed';
    return [{ type: 'closed' }];
  }
}
