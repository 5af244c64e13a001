// The replica's side: finds the leader by its hello, and keeps one channel to it. Each leader, and each loss, means a new channel.
import { randomUUID } from 'node:crypto';
import type { Clock, Timer } from '../../../platform/clock';
import type { Bus } from '../bus/bus';
import { Channel } from './channel';
import { decodeJson, encodeJson, type Hello, HELLO_SUBJECT, HELLO_INTERVAL_MS, helloSchema, OPEN_SUBJECT } from './core/hello';

const OPEN_TIMEOUT_MS = 2000;
/** A leader that was not heard for so long may be gone. What is sent to it may be lost. */
const SILENT_AFTER_MS = 4 * HELLO_INTERVAL_MS;
/** Longer than a take-over, in which requests wait here. A member without a leader for so long is cut off from the bus, or the pool stands. */
const UNREACHED_AFTER_MS = 10_000;

/** Sets its handlers on a new channel, before records are read. */
export type ChannelListener = (channel: Channel) => void;

export class LeaderLink {
  /** Of this run of the member. */
  readonly replica = randomUUID().replaceAll('-', '');
  readonly #bus: Bus;
  readonly #clock: Clock;
  readonly #listeners = new Set<ChannelListener>();
  readonly #waiters = new Set<(channel: Channel | null) => void>();
  #channel: Channel | null = null;
  /** The last hello of the leader with a channel. */
  #heardAtMonotonicMs = -Infinity;
  #isOpening = false;
  #opened = 0;
  #isStopped = false;
  #stop: () => void = () => undefined;

  constructor(bus: Bus, clock: Clock) {
    this.#bus = bus;
    this.#clock = clock;
  }

  /** Null: no leader is known. */
  get channel(): Channel | null {
    return this.#channel;
  }

  /** Whether there is a channel, to a leader that announces itself. */
  get isLed(): boolean {
    // Who waited for a channel that has ended asks before `#channel` is reset.
    return this.#channel?.isOpen === true && this.#silentMs() < SILENT_AFTER_MS;
  }

  /** Whether a request is answered soon: there is a leader, or one may follow in a moment. */
  get isReady(): boolean {
    return this.#channel !== null && this.#silentMs() < UNREACHED_AFTER_MS;
  }

  /** Called for each channel. The listener learns its end by `channel.ended`. */
  onChannel(listener: ChannelListener): void {
    this.#listeners.add(listener);
  }

  start(): void {
    this.#stop = this.#bus.subscribe(HELLO_SUBJECT, ({ body }) => {
      const hello = decodeJson(helloSchema, body);
      if (hello !== null) void this.#onHello(hello);
    });
  }

  stop(): void {
    this.#isStopped = true;
    this.#stop();
    this.#channel?.close('replica_stopped');
    for (const done of [...this.#waiters]) done(null);
  }

  /** The channel to a leader that announces itself. Null: there is none within this time, or before the caller has left. */
  async whenLed(timeoutMs: number, left: Promise<void> | null = null): Promise<Channel | null> {
    if (this.isLed) return this.#channel;
    return new Promise((resolve) => {
      let timer: Timer | null = null;
      const done = (channel: Channel | null): void => {
        timer?.cancel();
        this.#waiters.delete(done);
        resolve(channel);
      };
      timer = this.#clock.setTimer(timeoutMs, () => done(null));
      this.#waiters.add(done);
      void left?.then(() => done(null));
    });
  }

  async #onHello({ epoch, leader }: Hello): Promise<void> {
    if (this.#channel !== null && this.#channel.epoch < epoch) this.#channel.close('epoch_ended');
    if (this.#channel?.epoch === epoch) this.#heard(this.#channel);
    if (this.#channel !== null || this.#isOpening) return;
    this.#isOpening = true;
    const { replica } = this;
    const id = `${replica}-${String(epoch)}-${String(++this.#opened)}`;
    const [up, down] = [`${id}-up`, `${id}-dn`];
    const channel = new Channel(this.#bus, this.#clock, { out: up, in: down }, { epoch, replica });
    const opened = await this.#bus.request(OPEN_SUBJECT, encodeJson({ epoch, leader, replica, up, down }), OPEN_TIMEOUT_MS);
    this.#isOpening = false;
    if (opened.ok && !this.#isStopped) this.#use(channel);
    else channel.close('not_opened');
  }

  #use(channel: Channel): void {
    this.#channel = channel;
    void channel.ended.then(() => {
      if (this.#channel === channel) this.#channel = null;
    });
    for (const listener of this.#listeners) listener(channel);
    channel.start();
    this.#heard(channel);
  }

  #silentMs(): number {
    return this.#clock.monotonicMs() - this.#heardAtMonotonicMs;
  }

  #heard(channel: Channel): void {
    this.#heardAtMonotonicMs = this.#clock.monotonicMs();
    for (const done of [...this.#waiters]) done(channel);
  }
}
