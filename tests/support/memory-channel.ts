// The channel of a replica in memory. What the leader sends arrives in the same turn; what the replica sends, in a microtask, so that the
// leader is not in the middle of a change.
import type { Channel, RecordHandler } from '../../src/main/scheduler/cluster/channel/channel';
import { NO_BODY } from '../../src/main/scheduler/cluster/channel/core/record';

type FromLeader = (type: string, head: unknown, body: Uint8Array) => void;

export class MemoryChannel {
  isOpen = true;
  readonly isFull = false;
  readonly ended: Promise<string>;
  readonly replica: string;
  readonly #handlers = new Map<string, RecordHandler>();
  readonly #onRecord: FromLeader;
  #end: (code: string) => void = () => undefined;

  constructor(replica: string, onRecord: FromLeader) {
    this.replica = replica;
    this.#onRecord = onRecord;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  /** The end of the leader. */
  get ofLeader(): Channel {
    return this as unknown as Channel;
  }

  on(type: string, handler: RecordHandler): void {
    this.#handlers.set(type, handler);
  }

  /** From the leader. */
  send(type: string, head: unknown, body: Uint8Array = NO_BODY): void {
    if (this.isOpen) this.#onRecord(type, head, body);
  }

  /** To the leader. */
  tell(type: string, head: unknown): void {
    queueMicrotask(() => void this.deliver(type, head));
  }

  /** To the leader, now. Resolves when it has handled the record: a channel hands over the next one then. */
  async deliver(type: string, head: unknown): Promise<void> {
    if (this.isOpen) await this.#handlers.get(type)?.(head, NO_BODY);
  }

  /** The leader has died. */
  die(): void {
    this.isOpen = false;
  }

  /** The leader lives, and notices it. */
  cut(): void {
    this.isOpen = false;
    this.#end('cut');
  }
}

/** Ends of what a leader does for the replica of a channel, with their titles. */
export const CHANNEL_ENDS: readonly (readonly [string, (channel: MemoryChannel, leader: { stop(): void }) => void])[] = [
  [
    'the channel ends',
    (channel) => {
      channel.cut();
    },
  ],
  [
    'the leader stops',
    (_channel, leader) => {
      leader.stop();
    },
  ],
];
