// Tries one node with the waiting jobs: first finds the groups that suit the node, then gives their jobs in queue order. The search can stop
// after any group and go on in a later turn of the event loop, so thousands of different jobs do not block it.
import type { JobRequirements } from '../dispatch/job-requirements';
import type { JobFacts } from './machine/job-record';
import { comesBefore, type WaitingGroup } from './machine/waiting-jobs';

/** Held jobs that one trial judges again at most. The others stay held. */
const MAX_JUDGED_AGAIN = 16;

interface Suiting {
  readonly group: WaitingGroup;
  readonly head: JobFacts;
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
  readonly #suiting: Suiting[] = [];
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
    for (let first = this.#suiting[0]; first !== undefined; first = this.#suiting[0]) {
      const head = this.#firstOf(first.group);
      if (head === first.head && this.#suits(first.group.requirements)) return head;
      this.#suiting.shift();
      if (head !== null && head !== first.head) this.#insert({ group: first.group, head });
    }
    return null;
  }

  /** The job waits for another node. */
  skip({ jobId }: JobFacts): void {
    this.#skipped.add(jobId);
  }

  #firstOf({ jobs }: WaitingGroup): JobFacts | null {
    const staysHeld = (jobId: string): boolean => this.#skipped.size >= MAX_JUDGED_AGAIN && this.#isHeld(jobId);
    for (const job of jobs) if (!this.#skipped.has(job.jobId) && !staysHeld(job.jobId)) return job;
    return null;
  }

  #judge(group: WaitingGroup): void {
    const head = this.#firstOf(group);
    if (head !== null && this.#suits(group.requirements)) this.#suiting.push({ group, head });
  }

  #end(): void {
    this.#hasEnded = true;
    this.#suiting.sort((a, b) => (comesBefore(a.head, b.head) ? -1 : 1));
  }

  #insert(suiting: Suiting): void {
    let low = 0;
    let high = this.#suiting.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#suiting[middle];
      if (other !== undefined && comesBefore(other.head, suiting.head)) low = middle + 1;
      else high = middle;
    }
    this.#suiting.splice(low, 0, suiting);
  }
}
