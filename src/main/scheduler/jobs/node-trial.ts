// Tries one node with the waiting jobs: first finds the groups that suit the node, then gives their jobs in queue order. The search can stop
// after any group and go on in a later turn of the event loop, so thousands of different jobs do not block it.
import type { JobRequirements } from '../dispatch/job-requirements';
import type { JobFacts } from './machine/job-record';
import { comesBefore, firstOf, type WaitingGroup } from './machine/waiting-jobs';

interface Suiting {
  readonly group: WaitingGroup;
  readonly head: JobFacts;
}

export class NodeTrial {
  readonly nodeId: string;
  readonly #groups: Iterator<WaitingGroup>;
  readonly #suits: (requirements: JobRequirements) => boolean;
  /** In queue order when the search has ended. */
  readonly #suiting: Suiting[] = [];
  #hasEnded = false;

  constructor(nodeId: string, groups: Iterable<WaitingGroup>, suits: (requirements: JobRequirements) => boolean) {
    this.nodeId = nodeId;
    this.#groups = groups[Symbol.iterator]();
    this.#suits = suits;
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
      const head = firstOf(first.group);
      if (head === first.head && this.#suits(first.group.requirements)) return head;
      this.#suiting.shift();
      if (head !== null && head !== first.head) this.#insert({ group: first.group, head });
    }
    return null;
  }

  #judge(group: WaitingGroup): void {
    const head = firstOf(group);
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
