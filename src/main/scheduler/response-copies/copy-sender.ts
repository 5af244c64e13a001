// Sends copies of responses on one channel, one after the other: what waits are their ids. Large ones go in parts, in turns of the event loop,
// and no faster than the channel takes them.
import { isLarge, jsonInTurns } from '../../platform/json-in-turns';
import { ownTurn } from '../../platform/own-turn';
import { memoryOf } from '../../../shared/value-size';
import type { ResponseMemory } from '../api/client-apis/response-memory';
import type { Channel } from '../cluster/channel/channel';
import { jsonBytes } from '../cluster/channel/core/record';
import { drained } from '../cluster/channel/drained';
import { type KeptCopy, RESPONSES_COPY, RESPONSES_DELETED, type RunsCopy } from './core/copy-records';
import { type Copy, copyOfKept, copyOfRunning } from './core/copy-values';

/** What one part has, and what one turn of the event loop sends, in bytes of memory. */
const PART_BYTES = 128 * 1024;
/** A copy costs a turn as much as this many bytes. */
const COPY_COST = 4 * 1024;

type AnyCopy = Copy<KeptCopy | RunsCopy>;

export class CopySender {
  readonly #channel: Channel;
  readonly #memory: ResponseMemory;
  /** In the order in which they are sent. */
  readonly #pending = new Set<string>();
  #isSending = false;
  /** In this turn. */
  #cost = 0;

  constructor(channel: Channel, memory: ResponseMemory) {
    this.#channel = channel;
    this.#memory = memory;
  }

  /** Sends the response as it is then. */
  add(id: string): void {
    this.#pending.add(id);
    if (!this.#isSending) void this.#sendAll();
  }

  async #sendAll(): Promise<void> {
    this.#isSending = true;
    for (const id of this.#pending) {
      this.#pending.delete(id);
      await this.#spend(COPY_COST);
      const copy = this.#copyOf(id);
      // The other side may have it as one that runs.
      if (copy === null) await this.#sendGone(id);
      // A value that cannot be written is left out: the others are sent.
      else await this.#send(copy).catch(() => undefined);
      if (!this.#channel.isOpen) break;
    }
    this.#isSending = false;
  }

  /** Null: it has gone meanwhile, such as at a limit. */
  #copyOf(id: string): AnyCopy | null {
    const kept = this.#memory.entry(id);
    if (kept !== null) return copyOfKept(kept.entry, kept.ageMs);
    const running = this.#memory.running(id);
    return running === null ? null : copyOfRunning(running);
  }

  async #send({ head, values }: AnyCopy): Promise<void> {
    let copy: AnyCopy['head'] | null = head;
    for (let at = 0; at < values.length;) {
      const { end, size } = partOf(values, at);
      const part = values.slice(at, end);
      at = end;
      await this.#spend(size);
      const body = isLarge(part) ? Buffer.from(await jsonInTurns(part)) : jsonBytes(part);
      await drained(this.#channel);
      this.#channel.send(RESPONSES_COPY, { copy, is_last: at >= values.length }, body);
      copy = null;
    }
  }

  async #sendGone(id: string): Promise<void> {
    await drained(this.#channel);
    this.#channel.send(RESPONSES_DELETED, { ids: [id] });
  }

  async #spend(cost: number): Promise<void> {
    if (this.#cost > PART_BYTES) {
      await ownTurn();
      this.#cost = 0;
    }
    this.#cost += cost;
  }
}

/** At least one value. */
function partOf(values: readonly unknown[], begin: number): { readonly end: number; readonly size: number } {
  let [end, size] = [begin, 0];
  do size += memoryOf(values[end++]);
  while (end < values.length && size < PART_BYTES);
  return { end, size };
}
