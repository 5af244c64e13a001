// Puts the copies of responses that arrive on one channel together, and gives them to the memory of this member.
import { parseJson } from '../../../shared/json';
import { structureFault } from '../../../shared/protocol/decode';
import { MAX_JSON_COST, MAX_JSON_DEPTH } from '../../../shared/protocol/limits';
import { memoryOf } from '../../../shared/value-size';
import { LARGE_BYTES } from '../../platform/json-in-turns';
import { ownTurn } from '../../platform/own-turn';
import { KEPT_LIMITS } from '../api/client-apis/core/responses/kept-responses';
import type { ResponseMemory } from '../api/client-apis/response-memory';
import type { KeptCopy, RunsCopy } from './core/copy-records';
import { keptOf, runningOf } from './core/copy-values';

/** Of one part. Members bound requests and results in the same way; here each value is in a list, and may be an item of one of them. */
const BOUNDS = { maxDepth: MAX_JSON_DEPTH + 2, maxCost: 2 * MAX_JSON_COST };

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

  /** Resolves to the id of a response in the background, where the memory has it now. */
  async take(copy: KeptCopy | RunsCopy | null, isLast: boolean, body: Uint8Array): Promise<string | null> {
    if (copy !== null) this.#incoming = { copy, values: [], size: 0 };
    const incoming = this.#incoming;
    if (incoming === null) return null;
    const isRead = this.#add(incoming, await valuesIn(body));
    if (isRead && !isLast) return null;
    this.#incoming = null;
    if (!isRead) return null;
    if (incoming.size > LARGE_BYTES) await ownTurn();
    return this.#keep(incoming);
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
      return kept?.response['background'] === true ? id : null;
    }
    const request = runningOf(copy, values);
    if (request === null) return null;
    if (this.#memory.running(id) !== null) {
      // The leader knows better.
      if (this.#side === 'member') this.#memory.runsAs(request, this.#source);
    } else {
      const release = this.#memory.reserve(request, size);
      if (typeof release !== 'function') return null;
      this.#memory.runs(request, release, this.#source);
    }
    return id;
  }
}

/** Each step for a large body in a turn of its own. Undefined: not JSON, or no member sends it. */
async function valuesIn(body: Uint8Array): Promise<unknown> {
  if (body.length > KEPT_LIMITS.sizePerKey) return undefined;
  const turn = body.length > LARGE_BYTES ? ownTurn : () => undefined;
  await turn();
  const text = new TextDecoder().decode(body);
  if (structureFault(text, BOUNDS) !== null) return undefined;
  await turn();
  const values = parseJson(text);
  await turn();
  return values;
}
