// Puts the copies of responses that arrive on one channel together, and gives them to the memory of this member.
import { memoryOf } from '../../../shared/value-size';
import { KEPT_LIMITS } from '../api/client-apis/core/responses/kept-responses';
import type { ResponseMemory } from '../api/client-apis/response-memory';
import { readJson } from '../cluster/channel/json-records';
import type { KeptCopy, RunsCopy } from './core/copy-records';
import { keptOf, runningOf } from './core/copy-values';

interface Incoming {
  readonly copy: KeptCopy | RunsCopy;
  readonly values: unknown[];
  /** In memory. */
  size: number;
}

export class CopyReceiver {
  readonly #memory: ResponseMemory;
  /** The copies of this source are not sent back. */
  readonly #source: object;
  readonly #side: 'leader' | 'member';
  /** Null: none, or one that is left out. */
  #incoming: Incoming | null = null;

  constructor(memory: ResponseMemory, source: object, side: 'leader' | 'member') {
    this.#side = side;
    this.#memory = memory;
    this.#source = source;
  }

  /** Resolves to the id of a request that runs, where the memory has it now. */
  async take(copy: KeptCopy | RunsCopy | null, isLast: boolean, body: Uint8Array): Promise<string | null> {
    if (copy !== null) this.#incoming = { copy, values: [], size: 0 };
    const incoming = this.#incoming;
    if (incoming === null) return null;
    const isRead = body.length <= KEPT_LIMITS.sizePerKey && (await readJson(body, (values) => this.#add(incoming, values)));
    if (isRead && !isLast) return null;
    this.#incoming = null;
    return isRead ? this.#keep(incoming) : null;
  }

  /** False: it is not a list, or the copy is larger than a key may have. */
  #add(incoming: Incoming, values: unknown): boolean {
    if (!Array.isArray(values)) return false;
    incoming.size += memoryOf(values, KEPT_LIMITS.sizePerKey);
    if (incoming.size > KEPT_LIMITS.sizePerKey) return false;
    for (const value of values as readonly unknown[]) incoming.values.push(value);
    return true;
  }

  #keep({ copy, values, size }: Incoming): string | null {
    const { id, holder } = copy;
    if (copy.kind === 'kept') {
      const kept = keptOf(copy, values);
      if (kept !== null) this.#memory.keep(holder, id, kept, { ageMs: copy.age_ms, size, from: this.#source });
      return null;
    }
    const request = runningOf(copy, values);
    if (request === null) return null;
    if (this.#memory.running(id) !== null) {
      // The leader knows better.
      if (this.#side === 'member') this.#memory.runsAs(request, this.#source);
    } else {
      const release = this.#memory.reserve(request);
      if (typeof release !== 'function') return null;
      this.#memory.runs(request, release, this.#source);
    }
    return id;
  }
}
