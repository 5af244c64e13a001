// How many waiting jobs should start before a job, if no job comes or leaves and each takes the usual time: own jobs by priority and age, and
// of each other key those that its share allows before.
import type { SortedSet } from '../../dispatch/sorted-set';
import type { JobFacts } from './job-record';
import type { KeyAccount, KeyShares } from './key-shares';
import type { WaitingGroup } from './waiting-group';

/** The waiting jobs of a key. */
interface KeyQueue {
  /** With a higher priority. */
  higher: number;
  /** With the same priority. */
  equal: number;
  rankMs: number;
  /** With the same priority. */
  readonly lanes: SortedSet<JobFacts>[];
  /** The sorted ages of these jobs. Null: not read yet. */
  seqs: Float64Array | null;
  places: number;
}

/** With more lanes, the ages of the jobs of a key are sorted once for all places of the key. */
const MAX_LANES_COUNTED = 16;

const emptyQueue = ({ usedMs }: KeyAccount): KeyQueue => ({ higher: 0, equal: 0, rankMs: usedMs, lanes: [], seqs: null, places: 0 });

/** The jobs that compete with those of one priority, as they wait when it is made. */
export class Competition {
  /** Lanes and jobs that were read, and keys for each place. */
  read = 0;
  readonly #shares: KeyShares;
  readonly #usualMs: number;
  readonly #queues = new Map<KeyAccount, KeyQueue>();

  constructor(priority: number, groups: Iterable<WaitingGroup>, shares: KeyShares) {
    this.#shares = shares;
    this.#usualMs = shares.usualMs;
    for (const group of groups) {
      for (const lane of group.lanes()) {
        this.read++;
        if (lane.priority < priority) continue;
        let queue = this.#queues.get(lane.account);
        if (queue === undefined) this.#queues.set(lane.account, (queue = emptyQueue(lane.account)));
        if (lane.priority > priority) queue.higher += lane.jobs.size;
        else {
          queue.equal += lane.jobs.size;
          queue.rankMs = Math.min(queue.rankMs, lane.rankMs);
          queue.lanes.push(lane.jobs);
        }
      }
    }
  }

  /** Of a job with this priority. */
  before(job: JobFacts): number {
    const account = this.#shares.accountOf(job.submitter);
    const own = this.#queues.get(account) ?? emptyQueue(account);
    const older = this.#olderThan(job, own);
    const ownBefore = own.higher + older;
    const startMs = own.rankMs + ownBefore * this.#usualMs;
    const isNext = account.isNew && ownBefore === 0;
    let before = ownBefore;
    this.read += this.#queues.size;
    for (const [key, { higher, equal, rankMs }] of this.#queues) {
      if (key === account) continue;
      before += higher;
      if (isNext) continue;
      const lead = (startMs - rankMs) / this.#usualMs - higher;
      // Of equal keys, the one that was served longest ago is first.
      const isFirstOfEqual = older > 0 ? lead === 0 || key.turn < account.turn : lead === 0 && key.turn < account.turn;
      before += Math.min(equal, startsBefore(lead, isFirstOfEqual));
    }
    return before;
  }

  #olderThan(job: JobFacts, own: KeyQueue): number {
    if (own.lanes.length > MAX_LANES_COUNTED && own.places++ > 0) return countBelow((own.seqs ??= this.#sortedSeqs(own)), job.seq);
    this.read += own.lanes.length;
    return own.lanes.reduce((sum, jobs) => sum + jobs.countBefore(job), 0);
  }

  #sortedSeqs({ equal, lanes }: KeyQueue): Float64Array {
    this.read += equal;
    return Float64Array.from(lanes.flatMap((jobs) => Array.from(jobs, ({ seq }) => seq))).sort();
  }
}

/** A key that is so many jobs behind starts as many before. */
function startsBefore(lead: number, isFirstOfEqual: boolean): number {
  if (lead < 0) return 0;
  return Math.ceil(lead) + (Number.isInteger(lead) && isFirstOfEqual ? 1 : 0);
}

function countBelow(sorted: Float64Array, seq: number): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((sorted[middle] ?? Infinity) < seq) from = middle + 1;
    else to = middle;
  }
  return from;
}
