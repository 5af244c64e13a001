// What each key has used of the pool, so that waiting keys get equal shares of it: start-time fair queueing (ADR 0045). A key is charged the
// predicted time of each attempt when it starts, and the difference to the measured time when it ends. The waiting key with the least comes
// first. A key that begins to wait gets at least the account of the keys beside it, so an idle time gives no credit; and at most MAX_LEAD_MS
// more, so earlier use does not keep it away for long. In memory only: a restart begins with equal keys.
import { SortedSet } from '../../dispatch/sorted-set';
import type { JobFacts } from './job-record';

/** The waiting jobs of one key in one group. `place` sorts them in again. */
export interface PlacedLane {
  place(): void;
}

/** The account of a key. All callers without a key have one. */
export interface KeyAccount {
  /** The order of creation. */
  readonly id: number;
  /** All that was charged, ms of GPU. Only differences between accounts count. */
  usedMs: number;
  /** Where the account stood at least when the key began to wait: a correction does not lower it further. */
  baseMs: number;
  /** The number of the last attempt of the key that was charged. 0: none was. */
  turn: number;
  /** The key began to wait without a lead, and no attempt of it has started since: it goes first. */
  isNew: boolean;
  /** Attempts that run. */
  running: number;
  readonly lanes: Set<PlacedLane>;
}

interface Charge {
  readonly account: KeyAccount;
  readonly ms: number;
}

/** More than that, a key does not pay for use from before it waited, or on nodes that the others cannot use. Twice the usual job timeout. */
export const MAX_LEAD_MS = 600_000;
/** Until a job was measured. */
const FIRST_USUAL_MS = 10_000;
/** How much a measured job counts in the mean. */
const WEIGHT = 0.1;
/** A correction sorts so many lanes of a key again. Further ones keep their later place until they come first. */
const MAX_LANES_PLACED = 16;
const MIN_SWEEP = 1000;

export class KeyShares {
  readonly #accounts = new Map<string | null, KeyAccount>();
  /** The keys with waiting jobs. */
  readonly #waiting = new SortedSet<KeyAccount>(
    ({ usedMs }) => usedMs,
    (a, b) => a.id - b.id,
  );
  /** Job -> charge of its live attempt. */
  readonly #charges = new Map<string, Charge>();
  #usualMs: number | null = null;
  /** Where the last key stood that no other one waited with. It does not decrease. */
  #floorMs = 0;
  #turn = 0;
  #created = 0;
  #sweepAt = MIN_SWEEP;

  /** The mean time of an attempt lately, ms. */
  get usualMs(): number {
    return this.#usualMs ?? FIRST_USUAL_MS;
  }

  /** Null: none was measured. */
  get measuredUsualMs(): number | null {
    return this.#usualMs;
  }

  get size(): number {
    return this.#accounts.size;
  }

  accountOf(key: string | null): KeyAccount {
    let account = this.#accounts.get(key);
    if (account === undefined) {
      this.#sweep();
      account = { id: ++this.#created, usedMs: 0, baseMs: 0, turn: 0, isNew: false, running: 0, lanes: new Set() };
      this.#accounts.set(key, account);
    }
    return account;
  }

  /** The first lane of the key begins to wait. `besideMs`: the account of the key that is first where it waits. Null: no other waits there. */
  begin(account: KeyAccount, lane: PlacedLane, besideMs: number | null): void {
    if (account.lanes.size === 0) {
      const leastMs = besideMs ?? this.#waiting.first?.item.usedMs ?? this.#floorMs;
      account.isNew = account.usedMs <= leastMs;
      account.usedMs = Math.min(Math.max(account.usedMs, leastMs), leastMs + MAX_LEAD_MS);
      account.baseMs = leastMs;
      this.#waiting.add(account);
    }
    account.lanes.add(lane);
  }

  /** A lane of the key is empty. */
  end(account: KeyAccount, lane: PlacedLane): void {
    account.lanes.delete(lane);
    if (account.lanes.size === 0) this.#waiting.delete(account);
  }

  /** The job has a live attempt. Only the first call counts. `predictedMs`: null when nothing is known of its node. */
  charge({ jobId, submitter, timeoutMs }: JobFacts, predictedMs: number | null): void {
    if (this.#charges.has(jobId)) return;
    const account = this.accountOf(submitter);
    this.#floorMs = Math.max(this.#floorMs, Math.min(account.usedMs, this.#waiting.first?.item.usedMs ?? Infinity));
    const ms = Math.min(predictedMs ?? this.usualMs, timeoutMs);
    this.#charges.set(jobId, { account, ms });
    account.running++;
    account.isNew = false;
    account.turn = ++this.#turn;
    this.#use(account, account.usedMs + ms);
  }

  /** The live attempt of the job has ended after so long. Null: its time does not count, because the pool took the node away. */
  settle({ jobId, timeoutMs }: JobFacts, measuredMs: number | null): void {
    const charge = this.#charges.get(jobId);
    if (charge === undefined) return;
    this.#charges.delete(jobId);
    const { account, ms } = charge;
    account.running--;
    const usedMs = measuredMs === null ? 0 : Math.min(Math.max(0, measuredMs), timeoutMs);
    if (measuredMs !== null) this.#usualMs = this.#usualMs === null ? usedMs : this.#usualMs + WEIGHT * (usedMs - this.#usualMs);
    const correctedMs = account.usedMs + usedMs - ms;
    if (usedMs > ms) this.#use(account, correctedMs);
    else if (usedMs < ms) {
      this.#use(account, Math.max(account.baseMs, correctedMs));
      for (const lane of firstLanes(account)) lane.place();
    }
  }

  #use(account: KeyAccount, usedMs: number): void {
    const isWaiting = account.lanes.size > 0;
    if (isWaiting) this.#waiting.delete(account);
    account.usedMs = usedMs;
    if (isWaiting) this.#waiting.add(account);
  }

  /** Forgets the accounts that a new one would equal. Its cost is shared by the accounts that were added since. */
  #sweep(): void {
    if (this.#accounts.size < this.#sweepAt) return;
    for (const [key, { usedMs, running, lanes }] of this.#accounts)
      if (lanes.size === 0 && running === 0 && usedMs <= this.#floorMs) this.#accounts.delete(key);
    this.#sweepAt = 2 * this.#accounts.size + MIN_SWEEP;
  }
}

/** The next ones come first at the next correction. */
function firstLanes({ lanes }: KeyAccount): readonly PlacedLane[] {
  const first: PlacedLane[] = [];
  for (const lane of lanes) {
    if (first.length === MAX_LANES_PLACED) break;
    first.push(lane);
  }
  for (const lane of first) {
    lanes.delete(lane);
    lanes.add(lane);
  }
  return first;
}
