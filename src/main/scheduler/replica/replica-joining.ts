// Newcomers at a replica: it has their connections, and the leader decides.
import type { JoinConnection, JoinLink } from '../../joining/join-host';
import type { Channel } from '../cluster/channel/channel';
import type { LeaderLink } from '../cluster/channel/leader-link';
import { onRecord } from '../cluster/channel/on-record';
import type { NewcomerHost } from '../join-socket/join-endpoint';
import { JOIN_CLOSE, JOIN_OPEN, JOIN_TEXT, joinSchema } from './core/join-records';

/** As the leader accepts in all. */
const MAX_CONNECTIONS = 16;

export class ReplicaJoining implements NewcomerHost {
  readonly #link: LeaderLink;
  readonly #open = new Map<number, JoinLink>();
  #lastId = 0;

  constructor(link: LeaderLink) {
    this.#link = link;
    link.onChannel((channel) => {
      this.#attach(channel);
    });
  }

  /** Null: too many connections are open, or no member leads. */
  open(link: JoinLink): JoinConnection | null {
    const { channel } = this.#link;
    if (channel === null || this.#open.size >= MAX_CONNECTIONS) return null;
    this.#lastId += 1;
    const id = this.#lastId;
    this.#open.set(id, link);
    channel.send(JOIN_OPEN, { id, address: link.address, exporter: link.exporter });
    return {
      received: (text) => {
        channel.send(JOIN_TEXT, { id }, new TextEncoder().encode(text));
      },
      closed: () => {
        if (this.#open.delete(id)) channel.send(JOIN_CLOSE, { id });
      },
    };
  }

  stop(): void {
    for (const id of [...this.#open.keys()]) this.#close(id);
  }

  #attach(channel: Channel): void {
    onRecord(channel, JOIN_TEXT, joinSchema, ({ id }, body) => {
      this.#open.get(id)?.send(new TextDecoder().decode(body));
    });
    onRecord(channel, JOIN_CLOSE, joinSchema, ({ id }) => {
      this.#close(id);
    });
    void channel.ended.then(() => {
      this.stop();
    });
  }

  #close(id: number): void {
    const link = this.#open.get(id);
    this.#open.delete(id);
    link?.close();
  }
}
