// Gives the responses that a member has in memory to the other members of a cluster, over their channels to the leader, and takes theirs. In
// memory only: prompts and answers are not stored (ADR 0050). Each side names what it has when a channel begins, and sends what the other one
// lacks; then each change. So any member can lead and has the responses.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock, Timer } from '../../platform/clock';
import type { KnownIds, ResponseChange, ResponseMemory } from '../api/client-apis/response-memory';
import type { Channel } from '../cluster/channel/channel';
import { drained } from '../cluster/channel/drained';
import { onRecord } from '../cluster/channel/on-record';
import { CopyReceiver } from './copy-receiver';
import { CopySender } from './copy-sender';
import * as records from './core/copy-records';

/** How long the answer to a request waits for the first copy of it. */
export const COPY_WAIT_MS = 2000;
/** More than a member can have. */
const MAX_KNOWN = 300_000;
/** In one turn of the event loop. */
const ADDED_AT_ONCE = 10_000;

export class ResponseCopies {
  readonly memory: ResponseMemory;
  readonly #clock: Clock;
  /** The token of this member. */
  readonly #own: string;
  /** Those whose other side has said what it has. */
  readonly #senders = new Map<Channel, CopySender>();
  /** Requests that wait until another member has them. */
  readonly #waiting = new Map<string, () => void>();

  constructor(memory: ResponseMemory, clock: Clock, own: string) {
    this.memory = memory;
    this.#clock = clock;
    this.#own = own;
    memory.onChange((change) => {
      this.#pass(change);
    });
  }

  /** Either side of a channel, before its records are read. */
  attach(channel: Channel, side: 'leader' | 'member'): void {
    // A leader and its own replica have the same memory.
    if (side === 'leader' && channel.replica === this.#own) return;
    const receiver = new CopyReceiver(this.memory, channel, side);
    /** The last job of each response, where it runs. */
    const theirs = new Map<string, string | null>();
    onRecord(channel, records.RESPONSES_HAVE, records.haveSchema, ({ kept, runs, deleted, is_all: isAll }) => {
      const note = (id: string, jobId: string | null): unknown => theirs.size < MAX_KNOWN && theirs.set(id, jobId);
      for (const id of kept) note(id, null);
      for (const { id, job_id: jobId } of runs) note(id, jobId);
      for (const { id, age_ms: ageMs } of deleted) this.memory.delete(id, channel, ageMs);
      // Thousands of ids are not held as long as the channel is open.
      if (isAll) void this.#begin(channel, side, theirs).then(() => theirs.clear());
    });
    onRecord(channel, records.RESPONSES_COPY, records.copySchema, async ({ copy, is_last: isLast }, body) => {
      const id = await receiver.take(copy, isLast, body);
      if (id !== null) channel.send(records.RESPONSES_HELD, { id });
    });
    onRecord(channel, records.RESPONSES_HELD, records.heldSchema, ({ id }) => this.#waiting.get(id)?.());
    onRecord(channel, records.RESPONSES_DELETED, records.deletedSchema, ({ ids }) => {
      for (const id of ids) this.memory.delete(id, channel);
    });
    void channel.ended.then(() => this.#senders.delete(channel));
    void this.#name(channel);
  }

  /** Resolves when another member has the request, or after `COPY_WAIT_MS`. At once where there is none. */
  async whenCopied(id: string): Promise<void> {
    if (this.#senders.size === 0) return;
    let timer: Timer | null = null;
    await new Promise<void>((resolve) => {
      timer = this.#clock.setTimer(COPY_WAIT_MS, resolve);
      this.#waiting.set(id, resolve);
    });
    (timer as Timer | null)?.cancel();
    this.#waiting.delete(id);
  }

  async #name(channel: Channel): Promise<void> {
    for (const page of pagesOf(this.memory.known())) {
      await drained(channel);
      channel.send(records.RESPONSES_HAVE, page);
      await nextTurn();
    }
  }

  /** The other side has said all. */
  async #begin(channel: Channel, side: 'leader' | 'member', theirs: ReadonlyMap<string, string | null>): Promise<void> {
    if (this.#senders.has(channel) || !channel.isOpen) return;
    const sender = new CopySender(channel, this.memory);
    this.#senders.set(channel, sender);
    const { kept, runs } = this.memory.known();
    for (const [id, jobId] of runs) {
      const their = theirs.get(id);
      // The leader knows the last job.
      if (their === undefined || (side === 'leader' && their !== null && their !== jobId)) sender.add(id);
    }
    let count = 0;
    for (const id of kept) {
      if (++count % ADDED_AT_ONCE === 0) await nextTurn();
      if (theirs.get(id) !== null) sender.add(id);
    }
  }

  #pass({ type, id, from }: ResponseChange): void {
    for (const [channel, sender] of this.#senders) {
      if (channel === from) continue;
      if (type === 'deleted') channel.send(records.RESPONSES_DELETED, { ids: [id] });
      else sender.add(id);
    }
  }
}

/** At least one. What is known may change between them. */
function* pagesOf(known: KnownIds): Generator<records.HavePage> {
  let [page, count] = [emptyPage(), 0];
  for (const add of namesOf(known)) {
    if (count === records.MAX_NAMED) {
      yield page;
      [page, count] = [emptyPage(), 0];
    }
    add(page);
    count++;
  }
  yield { ...page, is_all: true };
}

const emptyPage = (): records.HavePage => ({ kept: [], runs: [], deleted: [], is_all: false });

function* namesOf({ kept, runs, deleted }: KnownIds): Generator<(page: records.HavePage) => void> {
  for (const id of kept) yield (page) => void page.kept.push(id);
  for (const [id, jobId] of runs) yield (page) => void page.runs.push({ id, job_id: jobId });
  for (const [id, ageMs] of deleted) yield (page) => void page.deleted.push({ id, age_ms: ageMs });
}
