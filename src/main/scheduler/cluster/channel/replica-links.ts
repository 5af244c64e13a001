// The leader's side, for one term: announces the leader, and keeps a channel to each replica. Ends with the epoch.
import { randomUUID } from 'node:crypto';
import type { Clock, Timer } from '../../../platform/clock';
import type { Bus } from '../bus/bus';
import { Channel } from './channel';
import type { ChannelListener } from './leader-link';
import { decodeJson, encodeJson, HELLO_INTERVAL_MS, HELLO_SUBJECT, OPEN_SUBJECT, openingSchema } from './core/hello';

export interface ReplicaLinksOptions {
  readonly bus: Bus;
  readonly clock: Clock;
  /** Of the lease. */
  readonly epoch: number;
  /** By its own clock: whether this member still leads. */
  readonly leads: () => boolean;
  readonly onChannel: ChannelListener;
}

export class ReplicaLinks {
  readonly #options: ReplicaLinksOptions;
  /** Of this term. */
  readonly #leader = randomUUID().replaceAll('-', '');
  readonly #channels = new Map<string, Channel>();
  #stops: (() => void)[] = [];
  #timer: Timer | null = null;

  constructor(options: ReplicaLinksOptions) {
    this.#options = options;
  }

  /** Of the replicas with a channel. */
  get count(): number {
    return this.#channels.size;
  }

  channelOf(replica: string): Channel | null {
    return this.#channels.get(replica) ?? null;
  }

  start(): void {
    const { bus, epoch } = this.#options;
    bus.raiseEpoch(epoch);
    this.#stops = [
      bus.subscribe(OPEN_SUBJECT, (message) => {
        if (this.#open(message.body)) message.reply(encodeJson({ epoch }), { epoch });
      }),
      bus.onStatus((status) => {
        if (status.type === 'epoch_raised' && status.epoch > epoch) this.stop('epoch_ended');
      }),
    ];
    this.#announce();
  }

  stop(code = 'term_ended'): void {
    this.#timer?.cancel();
    for (const stop of this.#stops.splice(0)) stop();
    for (const channel of [...this.#channels.values()]) channel.close(code);
  }

  #announce(): void {
    const { bus, clock, epoch, leads } = this.#options;
    if (leads()) bus.publish(HELLO_SUBJECT, encodeJson({ epoch, leader: this.#leader }), { epoch });
    this.#timer = clock.setTimer(HELLO_INTERVAL_MS, () => this.#announce());
  }

  /** False: the request is not for this leader. */
  #open(body: Uint8Array): boolean {
    const { bus, clock, epoch, leads, onChannel } = this.#options;
    const opening = decodeJson(openingSchema, body);
    if (opening === null || opening.epoch !== epoch || !leads()) return false;
    const { replica, leader, up, down } = opening;
    if (leader !== undefined && leader !== this.#leader) return false;
    this.#channels.get(replica)?.close('replaced');
    const channel = new Channel(bus, clock, { out: down, in: up }, { epoch, replica });
    this.#channels.set(replica, channel);
    void channel.ended.then(() => {
      if (this.#channels.get(replica) === channel) this.#channels.delete(replica);
    });
    onChannel(channel);
    channel.start();
    return true;
  }
}
