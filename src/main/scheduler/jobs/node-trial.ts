// Tries one node with the waiting jobs: first finds the groups that suit the node, then gives their jobs in queue order. The search can stop
// after any group and go on in a later turn of the event loop, so thousands of different jobs do not block it.
import type { JobRequirements } from '../dispatch/job-requirements';
import type { JobFacts } from './machine/job-record';
import { type KeyAccount, MAX_LEAD_MS } from './machine/key-shares';
import { compareHeads, type Head, type WaitingGroup } from './machine/waiting-group';

/** Held jobs that one trial judges again at most. The others stay held. */
const MAX_JUDGED_AGAIN = 16;

interface Suiting {
  readonly group: WaitingGroup;
  readonly head: Head;
}

/**
 * Groups that move together when their key is charged, the oldest job first: those with jobs of one key and priority alone. Else one group. So
 * an assignment does not sort thousands of groups again.
 */
interface Batch {
  /** Of the first group. */
  head: Head;
  readonly groups: Suiting[];
}

export interface NodeTrialOptions {
  readonly nodeId: string;
  readonly groups: Iterable<WaitingGroup>;
  /** Whether the node can get a job with these requirements now. */
  readonly suits: (requirements: JobRequirements) => boolean;
  /** Whether the job waits for a full node. */
  readonly isHeld: (jobId: string) => boolean;
}

export class NodeTrial {
  readonly nodeId: string;
  readonly #groups: Iterator<WaitingGroup>;
  readonly #suits: (requirements: JobRequirements) => boolean;
  readonly #isHeld: (jobId: string) => boolean;
  /** In queue order when the search has ended. */
  #batches: Batch[] = [];
  readonly #ofKeys = new Map<KeyAccount, Map<number, Batch>>();
  readonly #skipped = new Set<string>();
  #hasEnded = false;

  constructor({ nodeId, groups, suits, isHeld }: NodeTrialOptions) {
    this.nodeId = nodeId;
    this.#groups = groups[Symbol.iterator]();
    this.#suits = suits;
    this.#isHeld = isHeld;
  }

  /** Searches on. `mayGoOn` is called before each group. Returns whether the search has ended. */
  search(mayGoOn: () => boolean): boolean {
    while (!this.#hasEnded) {
      if (!mayGoOn()) return false;
      const next = this.#groups.next();
      if (next.done === true) this.#end();
      else this.#judge(next.value);
    }
    return true;
  }

  /** After the search: the first job that suits the node now. The caller assigns it, or makes no further call. */
  next(): JobFacts | null {
    for (let batch = this.#batches[0]; batch !== undefined; batch = this.#batches[0]) {
      const [known] = batch.groups;
      const head = known === undefined ? null : this.#firstOf(known.group);
      const isSame = head !== null && head.job === known?.head.job && compareHeads(head, batch.head) === 0;
      if (isSame && this.#suits(known.group.requirements)) return head.job;
      this.#batches.shift();
      batch.groups.shift();
      if (known !== undefined && head !== null && !isSame) this.#fileAgain(batch, known, head);
      this.#insertRest(batch);
    }
    return null;
  }

  /** The job waits for another node. */
  skip({ jobId }: JobFacts): void {
    this.#skipped.add(jobId);
  }

  #firstOf(group: WaitingGroup): Head | null {
    if (this.#skipped.size === 0) return group.first();
    const staysHeld = (jobId: string): boolean => this.#skipped.size >= MAX_JUDGED_AGAIN && this.#isHeld(jobId);
    return group.firstOf(({ jobId }) => !this.#skipped.has(jobId) && !staysHeld(jobId));
  }

  #judge(group: WaitingGroup): void {
    const head = this.#firstOf(group);
    if (head === null || !this.#suits(group.requirements)) return;
    const known = group.isOneLane ? this.#ofKeys.get(head.account)?.get(head.job.priority) : undefined;
    if (known !== undefined) {
      known.groups.push({ group, head });
      return;
    }
    const batch = { head, groups: [{ group, head }] };
    this.#batches.push(batch);
    if (!group.isOneLane) return;
    const ofKey = this.#ofKeys.get(head.account) ?? new Map<number, Batch>();
    this.#ofKeys.set(head.account, ofKey.set(head.job.priority, batch));
  }

  #end(): void {
    this.#hasEnded = true;
    for (const batch of this.#batches) {
      if (batch.groups.length > 1) batch.groups.sort((a, b) => a.head.job.seq - b.head.job.seq);
      batch.head = batch.groups[0]?.head ?? batch.head;
    }
    this.#limitLeads();
    this.#batches.sort((a, b) => compareHeads(a.head, b.head));
  }

  /** A key that used much more on other nodes gets a turn here too. */
  #limitLeads(): void {
    const capsMs = new Map<number, number>();
    for (const { head } of this.#batches) {
      const { priority } = head.job;
      capsMs.set(priority, Math.min(capsMs.get(priority) ?? Infinity, head.rankMs + MAX_LEAD_MS));
    }
    for (const batch of this.#batches) {
      const { head, groups } = batch;
      const capMs = capsMs.get(head.job.priority) ?? Infinity;
      if (head.rankMs <= capMs) continue;
      groups[0]?.group.cap(head, capMs);
      batch.head = { ...head, rankMs: capMs };
    }
  }

  #fileAgain(batch: Batch, { group, head: before }: Suiting, head: Head): void {
    const movesWithIt = group.isOneLane && head.account === before.account && head.job.priority === before.job.priority;
    if (!movesWithIt) {
      this.#insert({ head, groups: [{ group, head }] });
      return;
    }
    const { groups } = batch;
    groups.splice(
      placeIn(groups, (other) => other.head.job.seq < head.job.seq),
      0,
      { group, head },
    );
  }

  /** The key may have been charged, and the first group may have other jobs. */
  #insertRest(batch: Batch): void {
    for (let first = batch.groups[0]; first !== undefined; first = batch.groups[0]) {
      const head = this.#firstOf(first.group);
      if (head !== null) {
        batch.groups[0] = { group: first.group, head };
        batch.head = head;
        this.#insert(batch);
        return;
      }
      batch.groups.shift();
    }
  }

  #insert(batch: Batch): void {
    this.#batches.splice(
      placeIn(this.#batches, (other) => compareHeads(other.head, batch.head) < 0),
      0,
      batch,
    );
  }
}

/** The first place whose item `isBefore` rejects. */
function placeIn<Item>(items: readonly Item[], isBefore: (item: Item) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(items[middle] as Item)) low = middle + 1;
    else high = middle;
  }
  return low;
}
