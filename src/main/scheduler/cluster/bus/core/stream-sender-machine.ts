// The sender of a stream decides: which pieces go out now, which go again, and when the writer must wait. Events in, commands out; the
// time is a parameter. It resends everything that has no acknowledgement (go-back-N), because a bus that loses a message usually loses all
// of a moment.
import { assertNever } from '../../../../../shared/assert-never';
import { costOf, MAX_PIECE_BYTES, type Piece, type ReceiverMessage, type SenderMessage } from './stream-messages';
import { MAX_RETRY_MS, QUARTER, RESEND_PAUSE_MS, RETRY_MS, type StreamLimits } from './stream-limits';

/** `overflow`: the writer ignored that it must wait. `idle`: the receiver was silent for too long. `aborted`: by this side. */
export type SenderEnd =
  | { readonly type: 'delivered' }
  | { readonly type: 'stopped'; readonly code: string }
  | { readonly type: 'lost'; readonly code: 'idle' | 'overflow' | 'aborted' };

export type SenderEvent =
  | { readonly type: 'open' }
  | { readonly type: 'write'; readonly payload: Uint8Array }
  /** `code`: null ends the stream well. */
  | { readonly type: 'end'; readonly code: string | null }
  | { readonly type: 'abort'; readonly code: string }
  | { readonly type: 'message'; readonly message: ReceiverMessage }
  /** The connection was lost and is here again, or the epoch rose: messages of before may be lost. */
  | { readonly type: 'renewed' }
  | { readonly type: 'time' };

export type SenderCommand =
  | { readonly type: 'send'; readonly message: SenderMessage }
  /** The writer may go on. */
  | { readonly type: 'drained' }
  | { readonly type: 'ended'; readonly end: SenderEnd };

type Slot = Piece | { readonly code: string | null };

/** The writer that does not wait ends the stream at this multiple of the window. */
const OVERFLOW = 4;

export class SenderMachine {
  readonly #limits: StreamLimits;
  /** Written and not acknowledged. The first `#sent` of them have been sent. */
  #slots: Slot[] = [];
  #sent = 0;
  /** The number of the first slot. */
  #base = 0;
  #heldCost = 0;
  #sentCost = 0;
  #upTo = 0;
  #isClosing = false;
  #end: SenderEnd | null = null;
  #isWriterWaiting = false;
  #heardMonotonicMs: number;
  #retryMs = RETRY_MS;
  #retryAtMonotonicMs: number;
  #resentAtMonotonicMs = -Infinity;

  constructor(limits: StreamLimits, nowMonotonicMs: number) {
    this.#limits = limits;
    this.#heardMonotonicMs = nowMonotonicMs;
    this.#retryAtMonotonicMs = nowMonotonicMs;
  }

  /** The cost of all that is written and not acknowledged. */
  get heldCost(): number {
    return this.#heldCost;
  }

  get mustWait(): boolean {
    return this.#isWriterWaiting;
  }

  /** When `time` is due. Null: the stream has ended. */
  get dueMonotonicMs(): number | null {
    return this.#end === null ? Math.min(this.#heardMonotonicMs + this.#limits.idleMs, this.#retryAtMonotonicMs) : null;
  }

  step(event: SenderEvent, nowMonotonicMs: number): readonly SenderCommand[] {
    if (this.#end !== null) return [];
    switch (event.type) {
      case 'open':
        return this.#probe(nowMonotonicMs);
      case 'write':
        return this.#write(event.payload, nowMonotonicMs);
      case 'end':
        return this.#close(event.code, nowMonotonicMs);
      case 'abort':
        return this.#leave({ type: 'lost', code: 'aborted' }, event.code);
      case 'message':
        return this.#onMessage(event.message, nowMonotonicMs);
      case 'renewed':
        return this.#again(nowMonotonicMs);
      case 'time':
        return this.#onTime(nowMonotonicMs);
      default:
        return assertNever(event);
    }
  }

  #write(payload: Uint8Array, nowMonotonicMs: number): readonly SenderCommand[] {
    if (this.#isClosing) throw new Error('a stream takes no payload after its end');
    if (this.#isWriterWaiting && this.#heldCost > OVERFLOW * this.#limits.windowBytes)
      return this.#leave({ type: 'lost', code: 'overflow' }, 'overflow');
    let from = 0;
    do {
      const bytes = payload.subarray(from, from + MAX_PIECE_BYTES);
      from += bytes.length;
      const piece = { bytes, isLast: from >= payload.length };
      this.#slots.push(piece);
      this.#heldCost += costOf(piece);
    } while (from < payload.length);
    if (this.#heldCost >= this.#limits.windowBytes) this.#isWriterWaiting = true;
    return this.#pump(nowMonotonicMs);
  }

  #close(code: string | null, nowMonotonicMs: number): readonly SenderCommand[] {
    if (this.#isClosing) return [];
    this.#isClosing = true;
    this.#slots.push({ code });
    return this.#pump(nowMonotonicMs);
  }

  #onMessage(message: ReceiverMessage, nowMonotonicMs: number): readonly SenderCommand[] {
    if (message.type === 'stop') {
      this.#end = { type: 'stopped', code: message.code };
      return [{ type: 'send', message: { type: 'closed' } }, ...this.#finish()];
    }
    // No receiver acknowledges what was never sent.
    if (message.next > this.#base + this.#sent) return [];
    this.#heardMonotonicMs = nowMonotonicMs;
    if (message.upTo > this.#upTo) this.#retryMs = RETRY_MS;
    this.#upTo = Math.max(this.#upTo, message.upTo);
    this.#release(message.next - this.#base, nowMonotonicMs);
    if (this.#isClosing && this.#slots.length === 0) {
      this.#end = { type: 'delivered' };
      return [{ type: 'send', message: { type: 'closed' } }, ...this.#finish()];
    }
    const isDrained = this.#isWriterWaiting && this.#heldCost <= this.#limits.windowBytes / 2;
    if (isDrained) this.#isWriterWaiting = false;
    const isResendDue = message.isAgain && this.#sent > 0 && nowMonotonicMs - this.#resentAtMonotonicMs >= RESEND_PAUSE_MS;
    return [
      ...(isResendDue ? this.#resend(nowMonotonicMs) : []),
      ...this.#pump(nowMonotonicMs),
      ...(isDrained ? [{ type: 'drained' } as const] : []),
    ];
  }

  #release(count: number, nowMonotonicMs: number): void {
    if (count <= 0) return;
    for (const slot of this.#slots.splice(0, count)) if ('bytes' in slot) this.#heldCost -= costOf(slot);
    this.#base += count;
    this.#sent -= count;
    this.#retryMs = RETRY_MS;
    this.#retryAtMonotonicMs = nowMonotonicMs + this.#pauseMs();
  }

  /** Sends the new pieces for which there is credit. The end needs none. */
  #pump(nowMonotonicMs: number): readonly SenderCommand[] {
    const commands: SenderCommand[] = [];
    const hadNoneOnTheWay = this.#sent === 0;
    for (let slot = this.#slots[this.#sent]; slot !== undefined; slot = this.#slots[this.#sent]) {
      if ('bytes' in slot) {
        if (this.#sentCost >= this.#upTo) break;
        this.#sentCost += costOf(slot);
      }
      commands.push(this.#sending(this.#sent));
      this.#sent += 1;
    }
    if (hadNoneOnTheWay && this.#sent > 0) this.#retryAtMonotonicMs = nowMonotonicMs + this.#retryMs;
    // Later writes must not delay the probe for credit.
    else if (this.#sent === 0 && this.#slots.length > 0)
      this.#retryAtMonotonicMs = Math.min(this.#retryAtMonotonicMs, nowMonotonicMs + this.#retryMs);
    return commands;
  }

  #sending(index: number): SenderCommand {
    const slot = this.#slots[index];
    if (slot === undefined) throw new RangeError(`no piece ${String(index)}`);
    const seq = this.#base + index;
    if ('bytes' in slot) return { type: 'send', message: { type: 'piece', seq, bytes: slot.bytes, isLast: slot.isLast } };
    return { type: 'send', message: slot.code === null ? { type: 'end', seq } : { type: 'error', seq, code: slot.code } };
  }

  #onTime(nowMonotonicMs: number): readonly SenderCommand[] {
    if (nowMonotonicMs - this.#heardMonotonicMs >= this.#limits.idleMs) return this.#leave({ type: 'lost', code: 'idle' }, 'idle');
    if (nowMonotonicMs < this.#retryAtMonotonicMs) return [];
    const commands = this.#again(nowMonotonicMs);
    if (this.#isAnswerMissing()) this.#retryMs = Math.min(this.#retryMs * 2, MAX_RETRY_MS);
    return commands;
  }

  #again(nowMonotonicMs: number): readonly SenderCommand[] {
    return this.#sent > 0 ? this.#resend(nowMonotonicMs) : this.#probe(nowMonotonicMs);
  }

  #resend(nowMonotonicMs: number): readonly SenderCommand[] {
    this.#resentAtMonotonicMs = nowMonotonicMs;
    this.#retryAtMonotonicMs = nowMonotonicMs + this.#retryMs;
    return Array.from({ length: this.#sent }, (_, index) => this.#sending(index));
  }

  #probe(nowMonotonicMs: number): readonly SenderCommand[] {
    this.#retryAtMonotonicMs = nowMonotonicMs + this.#pauseMs();
    return [{ type: 'send', message: { type: 'probe' } }];
  }

  /** Nothing to send: only now and then a sign of life. */
  #pauseMs(): number {
    return this.#isAnswerMissing() ? this.#retryMs : this.#limits.idleMs / QUARTER;
  }

  /** The receiver has not been heard yet, or pieces wait for credit or an acknowledgement: a message may be lost. */
  #isAnswerMissing(): boolean {
    return this.#slots.length > 0 || this.#upTo === 0;
  }

  #leave(end: SenderEnd, code: string): readonly SenderCommand[] {
    this.#end = end;
    return [{ type: 'send', message: { type: 'abort', code } }, ...this.#finish()];
  }

  #finish(): readonly SenderCommand[] {
    const end = this.#end;
    if (end === null) return [];
    this.#slots = [];
    this.#heldCost = 0;
    const wasWaiting = this.#isWriterWaiting;
    this.#isWriterWaiting = false;
    return [...(wasWaiting ? [{ type: 'drained' } as const] : []), { type: 'ended', end }];
  }
}
