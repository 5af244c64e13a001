// Records whose body is JSON. A large one is written and read in turns of the event loop of its own, and waits until the channel takes more:
// many of them at once would end the channel, and again on each next one.
import { isLarge, jsonOf, LARGE_BYTES } from '../../../platform/json-in-turns';
import { ownTurn } from '../../../platform/own-turn';
import type { Channel } from './channel';
import { jsonBytes, jsonIn } from './core/record';
import { drained } from './drained';

/** Records about one thing, in order: later ones wait for a large one. */
export class JsonRecords {
  /** Of a large record, which later ones must not overtake. Null: none. */
  #sending: Promise<void> | null = null;

  /** `channel` null: there is none, and the record is dropped. `value` null: the record has no body. */
  send(channel: Channel | null, type: string, head: unknown, value: object | null = null): void {
    if (this.#sending === null && (value === null || !isLarge(value))) {
      channel?.send(type, head, value === null ? undefined : jsonBytes(value));
      return;
    }
    const sending = this.#sendInTurns(channel, type, head, value).then(() => {
      if (this.#sending === sending) this.#sending = null;
    });
    this.#sending = sending;
  }

  async #sendInTurns(channel: Channel | null, type: string, head: unknown, value: object | null): Promise<void> {
    await this.#sending;
    if (channel === null) return;
    await drained(channel);
    if (!channel.isOpen) return;
    const body = value === null ? undefined : Buffer.from(await jsonOf(value));
    // Not `drained`: another sender could fill the channel before its promise resolves.
    while (channel.isFull) await channel.whenDrained();
    channel.send(type, head, body);
  }
}

/** Calls `take` with the value, undefined where the body is not JSON. That has a turn of its own for a large body. */
export async function readJson<Taken>(body: Uint8Array, take: (value: unknown) => Taken): Promise<Taken> {
  if (body.length <= LARGE_BYTES) return take(jsonIn(body));
  await ownTurn();
  const taken = take(jsonIn(body));
  await ownTurn();
  return taken;
}
