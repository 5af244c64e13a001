// The bus over any transport: subjects of the pool, frames with the epoch, the gate for old epochs, requests and their answers.
import { randomUUID } from 'node:crypto';
import { reasonOfError } from '../../../../shared/errors';
import { fail, type Result } from '../../../../shared/result';
import type { Clock } from '../../../platform/clock';
import type { Bus, BusCounts, BusMessage, BusStatus, RequestFailure, SendOptions } from './bus';
import type { BusLink, LinkMessage, Sending } from './bus-link';
import { judgeEpoch } from './core/epoch-gate';
import { decodeFrame, encodeFrame, isEpoch } from './core/frame';
import { isPattern, isSubject, prefixOf } from './core/subjects';
import { PendingRequests } from './pending-requests';

const INBOXES = 'inbox.';

type Handler = (message: BusMessage) => void;

export class FramedBus implements Bus {
  readonly #link: BusLink;
  readonly #prefix: string;
  readonly #pending: PendingRequests;
  readonly #listeners = new Set<(status: BusStatus) => void>();
  readonly #inbox = `${INBOXES}${randomUUID().replaceAll('-', '')}`;
  #epoch = 0;
  #stale = 0;
  #malformed = 0;
  #unsent = 0;

  constructor(link: BusLink, poolId: string, clock: Clock) {
    this.#link = link;
    this.#prefix = prefixOf(poolId);
    this.#pending = new PendingRequests(clock);
    link.onStatus((status) => this.#onStatus(status));
    link.listen(`${this.#prefix}${this.#inbox}.*`, (message) => this.#onAnswer(message));
  }

  get isConnected(): boolean {
    return this.#link.isConnected;
  }

  get epoch(): number {
    return this.#epoch;
  }

  get counts(): BusCounts {
    return { stale: this.#stale, malformed: this.#malformed, unsent: this.#unsent };
  }

  raiseEpoch(epoch: number): void {
    if (!isEpoch(epoch)) throw new RangeError(`not an epoch: ${String(epoch)}`);
    if (judgeEpoch(this.#epoch, epoch) !== 'newer') return;
    this.#epoch = epoch;
    this.#notify({ type: 'epoch_raised', epoch });
  }

  publish(subject: string, body: Uint8Array, options: SendOptions = {}): boolean {
    return this.#send(this.#absolute(subject), body, options, null) === 'sent';
  }

  subscribe(pattern: string, handler: Handler): () => void {
    if (!isPattern(pattern)) throw new RangeError(`not a pattern of subjects: ${pattern}`);
    return this.#link.listen(this.#prefix + pattern, (message) => this.#onMessage(message, handler));
  }

  async request(
    subject: string,
    body: Uint8Array,
    timeoutMs: number,
    options: SendOptions = {},
  ): Promise<Result<Uint8Array, RequestFailure>> {
    const absolute = this.#absolute(subject);
    const { id, answer } = this.#pending.open(subject, timeoutMs);
    const sending = this.#send(absolute, body, options, `${this.#prefix}${this.#inbox}.${id}`);
    if (sending !== 'sent') this.#pending.end(id, fail(sending === 'full' ? 'overloaded' : 'disconnected'));
    return answer;
  }

  onStatus(listener: (status: BusStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  flush(): Promise<boolean> {
    return this.#link.flush();
  }

  async close(): Promise<void> {
    await this.#link.close();
    this.#pending.endAll('disconnected');
  }

  #absolute(subject: string): string {
    if (!isSubject(subject)) throw new RangeError(`not a subject: ${subject}`);
    return this.#prefix + subject;
  }

  #send(absolute: string, body: Uint8Array, { epoch = this.#epoch }: SendOptions, replyTo: string | null): Sending {
    const sending = this.#link.send(absolute, encodeFrame({ epoch, body }), replyTo);
    if (sending !== 'sent') this.#unsent += 1;
    return sending;
  }

  /** The frame of a message of a current epoch, or null. */
  #opened({ bytes }: LinkMessage): { readonly epoch: number; readonly body: Uint8Array } | null {
    const frame = decodeFrame(bytes);
    if (frame === null) {
      this.#malformed += 1;
      return null;
    }
    if (judgeEpoch(this.#epoch, frame.epoch) === 'stale') {
      this.#stale += 1;
      return null;
    }
    this.raiseEpoch(frame.epoch);
    return frame;
  }

  #onMessage(message: LinkMessage, handler: Handler): void {
    const frame = this.#opened(message);
    if (frame === null) return;
    // Answers go to inboxes only, whatever a message asks for.
    const replyTo = message.replyTo?.startsWith(`${this.#prefix}${INBOXES}`) === true ? message.replyTo : null;
    const subject = message.subject.slice(this.#prefix.length);
    const reply = (body: Uint8Array, options: SendOptions = {}): boolean =>
      replyTo !== null && this.#send(replyTo, body, options, null) === 'sent';
    try {
      handler({ subject, ...frame, reply });
    } catch (cause) {
      // An exception would end the reading of the whole connection.
      this.#notify({ type: 'fault', fault: { type: 'handler', subject, reason: reasonOfError(cause) } });
    }
  }

  #onAnswer(message: LinkMessage): void {
    const id = message.subject.slice(message.subject.lastIndexOf('.') + 1);
    if (message.isNoResponder) {
      this.#pending.end(id, fail('no_responder'));
      return;
    }
    // The request waits on for the answer of a member that knows the epoch.
    const frame = this.#opened(message);
    if (frame !== null) this.#pending.answer(id, frame.body);
  }

  #onStatus(status: BusStatus): void {
    if (status.type === 'disconnected') this.#pending.endAll('disconnected');
    if (status.type !== 'fault' || status.fault.type !== 'permission') {
      this.#notify(status);
      return;
    }
    const { operation } = status.fault;
    const subject = status.fault.subject.slice(this.#prefix.length);
    if (operation === 'publish') this.#pending.endAll('refused', subject);
    this.#notify({ type: 'fault', fault: { type: 'permission', operation, subject } });
  }

  #notify(status: BusStatus): void {
    for (const listener of [...this.#listeners]) listener(status);
  }
}
