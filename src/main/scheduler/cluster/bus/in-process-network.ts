// The bus of one process. Messages arrive in a later turn of the event loop, as they do over a network. Tests give it faults: lost, late and
// repeated messages, lost connections, refused subjects.
import type { Clock } from '../../../platform/clock';
import type { BusStatus } from './bus';
import type { BusLink, LinkMessage, Sending } from './bus-link';
import { isMatch } from './core/subjects';
import { FramedBus } from './framed-bus';

/** The turns that each copy of a message is late. None: the message is lost. */
export type Delays = (subject: string) => readonly number[];
/** Whether the member may not use the subject or pattern. */
export type Refusal = (operation: 'publish' | 'subscribe', subject: string) => boolean;

type Handler = (message: LinkMessage) => void;
type Act = () => void;

export class InProcessNetwork {
  readonly #members = new Set<InProcessLink>();
  /** What happens in the next turn, in the turn after it, and so on. */
  #turns: Act[][] = [];
  #isScheduled = false;
  readonly #delays: Delays;

  constructor(delays: Delays = () => [0]) {
    this.#delays = delays;
  }

  /** A new member of the bus. */
  join(poolId: string, clock: Clock, isRefused: Refusal = () => false): InProcessMember {
    const link = new InProcessLink(this, isRefused);
    this.#members.add(link);
    return { bus: new FramedBus(link, poolId, clock), link };
  }

  leave(link: InProcessLink): void {
    this.#members.delete(link);
  }

  /** Acts of one turn happen in their order. */
  later(act: Act, turnsLate = 0): void {
    while (this.#turns.length <= turnsLate) this.#turns.push([]);
    this.#turns[turnsLate]?.push(act);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => this.#runTurn());
  }

  deliver(subject: string, bytes: Uint8Array, replyTo: string | null): void {
    for (const turnsLate of this.#delays(subject))
      this.later(() => {
        const handlers = [...this.#members].flatMap((member) => member.handlersOf(subject));
        for (const handler of handlers) handler({ subject, bytes, replyTo, isNoResponder: false });
        if (handlers.length === 0 && replyTo !== null) this.#refuse(replyTo);
      }, turnsLate);
  }

  #refuse(replyTo: string): void {
    for (const handler of [...this.#members].flatMap((member) => member.handlersOf(replyTo)))
      handler({ subject: replyTo, bytes: new Uint8Array(0), replyTo: null, isNoResponder: true });
  }

  #runTurn(): void {
    const acts = this.#turns.shift() ?? [];
    for (const act of acts) act();
    this.#isScheduled = this.#turns.length > 0;
    if (this.#isScheduled) setImmediate(() => this.#runTurn());
  }
}

export interface InProcessMember {
  readonly bus: FramedBus;
  readonly link: InProcessLink;
}

export class InProcessLink implements BusLink {
  readonly #network: InProcessNetwork;
  readonly #refusal: Refusal;
  readonly #bySubject = new Map<string, Set<Handler>>();
  readonly #byPattern = new Map<string, Set<Handler>>();
  readonly #listeners = new Set<(status: BusStatus) => void>();
  #isConnected = true;
  #isClosed = false;

  constructor(network: InProcessNetwork, isRefused: Refusal) {
    this.#network = network;
    this.#refusal = isRefused;
    network.later(() => {
      if (this.#isConnected) this.#notify({ type: 'connected', server: '' });
    });
  }

  get isConnected(): boolean {
    return this.#isConnected && !this.#isClosed;
  }

  /** The member loses its connection: what it sends is lost, and it receives nothing. */
  disconnect(): void {
    if (!this.#isConnected) return;
    this.#isConnected = false;
    this.#notify({ type: 'disconnected' });
  }

  reconnect(): void {
    if (this.#isConnected) return;
    this.#isConnected = true;
    this.#notify({ type: 'reconnected', server: '' });
  }

  handlersOf(subject: string): Handler[] {
    if (!this.#isConnected) return [];
    const matching = [...this.#byPattern].filter(([pattern]) => isMatch(pattern, subject)).flatMap(([, handlers]) => [...handlers]);
    return [...(this.#bySubject.get(subject) ?? []), ...matching];
  }

  send(subject: string, bytes: Uint8Array, replyTo: string | null): Sending {
    if (!this.isConnected) return 'unsent';
    if (this.#isRefused('publish', subject)) return 'sent';
    this.#network.deliver(subject, bytes, replyTo);
    return 'sent';
  }

  listen(pattern: string, handler: Handler): () => void {
    if (this.#isRefused('subscribe', pattern)) return () => undefined;
    const index = /[*>]/.test(pattern) ? this.#byPattern : this.#bySubject;
    // Each subscription is its own, also of one handler.
    const own: Handler = (message) => handler(message);
    const handlers = index.get(pattern) ?? new Set();
    index.set(pattern, handlers.add(own));
    return () => {
      handlers.delete(own);
      if (handlers.size === 0 && index.get(pattern) === handlers) index.delete(pattern);
    };
  }

  onStatus(listener: (status: BusStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  flush(): Promise<boolean> {
    return new Promise((resolve) => {
      this.#network.later(() => resolve(this.isConnected));
    });
  }

  async close(): Promise<void> {
    await this.flush();
    this.#isClosed = true;
    this.#network.leave(this);
  }

  #isRefused(operation: 'publish' | 'subscribe', subject: string): boolean {
    if (!this.#refusal(operation, subject)) return false;
    this.#network.later(() => this.#notify({ type: 'fault', fault: { type: 'permission', operation, subject } }));
    return true;
  }

  #notify(status: BusStatus): void {
    for (const listener of [...this.#listeners]) listener(status);
  }
}
