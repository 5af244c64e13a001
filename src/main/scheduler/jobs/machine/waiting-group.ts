// Waiting jobs with equal requirements, in the order in which nodes take them: by priority, then by what their keys have used (ADR 0045),
// then the key that was served longest ago; the jobs of one key by age. The jobs of a key and a priority are a lane. A charge to a key does
// not sort its lanes: a lane that comes first and was charged since is sorted in again.
import type { JobRequirements } from '../../dispatch/job-requirements';
import { SortedSet } from '../../dispatch/sorted-set';
import type { JobFacts } from './job-record';
import { type KeyAccount, type KeyShares, MAX_LEAD_MS, type PlacedLane } from './key-shares';

/** The first job of a group, and its place among those of other groups. */
export interface Head {
  readonly job: JobFacts;
  readonly account: KeyAccount;
  readonly isNew: boolean;
  readonly rankMs: number;
  readonly turn: number;
}

/** Negative: `a` goes first. */
export const compareHeads = (a: Head, b: Head): number =>
  b.job.priority - a.job.priority || Number(b.isNew) - Number(a.isNew) || a.rankMs - b.rankMs || a.turn - b.turn || a.job.seq - b.job.seq;

class Lane implements PlacedLane {
  readonly level: Level;
  readonly account: KeyAccount;
  readonly jobs = new SortedSet<JobFacts>(
    ({ seq }) => seq,
    () => 0,
  );
  /** These four do not change while the lane is sorted in. */
  isNew = false;
  rankMs = 0;
  turn = 0;
  seq = 0;
  /**
   * The rank is at most this until the next turn of the lane, so that it gets one although its key has used much on other nodes, or gets all of
   * its turns there. The more lanes a key has, the later: else it would gain from many models.
   */
  capMs = Infinity;

  constructor(level: Level, account: KeyAccount) {
    this.level = level;
    this.account = account;
  }

  get presentRankMs(): number {
    return Math.min(this.account.usedMs, this.capMs);
  }

  get isStale(): boolean {
    return this.turn !== this.account.turn || this.isNew !== this.account.isNew || this.rankMs !== this.presentRankMs;
  }

  place(): void {
    this.level.place(this);
  }
}

/** The lanes of one priority. */
class Level {
  readonly priority: number;
  readonly lanes = new Map<KeyAccount, Lane>();
  readonly #order = new SortedSet<Lane>(
    ({ isNew, rankMs }) => (isNew ? -Infinity : rankMs),
    (a, b) => a.turn - b.turn || a.seq - b.seq || a.account.id - b.account.id,
  );

  constructor(priority: number) {
    this.priority = priority;
  }

  get front(): Lane | null {
    let front = this.#order.first?.item ?? null;
    if (front?.isStale !== true) return front;
    const moved: Lane[] = [];
    for (; front?.isStale === true; front = this.#order.first?.item ?? null) {
      this.#sortIn(front);
      moved.push(front);
    }
    if (front !== null) for (const lane of moved) this.limit(lane, front.rankMs + MAX_LEAD_MS);
    return front;
  }

  place(lane: Lane): void {
    this.#sortIn(lane);
    const { front } = this;
    if (front === null) return;
    lane.capMs = Math.min(lane.capMs, front.rankMs + MAX_LEAD_MS * lane.account.lanes.size);
    // Each lane is the second one before its turn.
    const [, second = front] = this.#order;
    for (const behind of [lane, second]) this.limit(behind, front.rankMs + MAX_LEAD_MS);
  }

  limit(lane: Lane, capMs: number): void {
    if (lane.rankMs <= capMs) return;
    lane.capMs = capMs;
    this.#sortIn(lane);
  }

  #sortIn(lane: Lane): void {
    this.#order.delete(lane);
    const first = lane.jobs.first?.item;
    if (first === undefined) return;
    lane.isNew = lane.account.isNew;
    lane.rankMs = lane.presentRankMs;
    lane.turn = lane.account.turn;
    lane.seq = first.seq;
    this.#order.add(lane);
  }

  /** The first job that passes, and its lane. */
  first(accepts: (job: JobFacts) => boolean): readonly [JobFacts, Lane] | null {
    const passed: Lane[] = [];
    let found: readonly [JobFacts, Lane] | null = null;
    for (let lane = this.front; lane !== null && found === null;) {
      const job = firstOf(lane.jobs, accepts);
      if (job !== null) found = [job, lane];
      else {
        this.#order.delete(lane);
        passed.push(lane);
        lane = this.front;
      }
    }
    for (const lane of passed) this.#order.add(lane);
    return found;
  }
}

/** What waits of one key, in one group and at one priority. */
export interface LaneView {
  readonly account: KeyAccount;
  readonly priority: number;
  readonly rankMs: number;
  readonly jobs: SortedSet<JobFacts>;
}

export class WaitingGroup {
  readonly key: string;
  readonly requirements: JobRequirements;
  readonly #shares: KeyShares;
  readonly #levels = new SortedSet<Level>(
    ({ priority }) => -priority,
    () => 0,
  );
  readonly #byPriority = new Map<number, Level>();
  #size = 0;
  #laneCount = 0;

  constructor(key: string, requirements: JobRequirements, shares: KeyShares) {
    this.key = key;
    this.requirements = requirements;
    this.#shares = shares;
  }

  get size(): number {
    return this.#size;
  }

  /** Whether all jobs are of one key and one priority. */
  get isOneLane(): boolean {
    return this.#laneCount === 1;
  }

  add(job: JobFacts): void {
    const level = this.#levelOf(job.priority);
    const account = this.#shares.accountOf(job.submitter);
    let lane = level.lanes.get(account);
    if (lane === undefined) {
      lane = new Lane(level, account);
      this.#shares.begin(account, lane, level.front?.rankMs ?? null);
      level.lanes.set(account, lane);
      this.#laneCount++;
    }
    const before = lane.jobs.size;
    lane.jobs.add(job);
    this.#size += lane.jobs.size - before;
    if (lane.jobs.first?.item === job) lane.place();
  }

  /** Does nothing when the group does not have the job. `isServed`: a node takes it. */
  delete(job: JobFacts, isServed: boolean): void {
    const level = this.#byPriority.get(job.priority);
    const lane = level?.lanes.get(this.#shares.accountOf(job.submitter));
    if (level === undefined || lane === undefined) return;
    const [before, first] = [lane.jobs.size, lane.jobs.first?.item];
    lane.jobs.delete(job);
    this.#size += lane.jobs.size - before;
    if (isServed) lane.capMs = Infinity;
    if (isServed || lane.jobs.first?.item !== first) lane.place();
    if (lane.jobs.size > 0) return;
    level.lanes.delete(lane.account);
    this.#laneCount--;
    this.#shares.end(lane.account, lane);
    if (level.lanes.size > 0) return;
    this.#levels.delete(level);
    this.#byPriority.delete(level.priority);
  }

  first(): Head | null {
    const lane = this.#levels.first?.item.front;
    const job = lane?.jobs.first?.item;
    return lane === undefined || lane === null || job === undefined ? null : headOf(job, lane);
  }

  /** The first job of those that pass. */
  firstOf(accepts: (job: JobFacts) => boolean): Head | null {
    for (const level of this.#levels) {
      const found = level.first(accepts);
      if (found !== null) return headOf(...found);
    }
    return null;
  }

  /** The lane of this head comes first when the others have used so much, at the latest. */
  cap({ job, account }: Head, rankMs: number): void {
    const level = this.#byPriority.get(job.priority);
    const lane = level?.lanes.get(account);
    if (lane !== undefined) level?.limit(lane, rankMs);
  }

  *lanes(): Generator<LaneView, undefined> {
    for (const { priority, lanes } of this.#levels)
      for (const { account, presentRankMs: rankMs, jobs } of lanes.values()) yield { account, priority, rankMs, jobs };
  }

  #levelOf(priority: number): Level {
    let level = this.#byPriority.get(priority);
    if (level === undefined) {
      level = new Level(priority);
      this.#byPriority.set(priority, level);
      this.#levels.add(level);
    }
    return level;
  }
}

const headOf = (job: JobFacts, { account, isNew, rankMs, turn }: Lane): Head => ({ job, account, isNew, rankMs, turn });

function firstOf(jobs: Iterable<JobFacts>, accepts: (job: JobFacts) => boolean): JobFacts | null {
  for (const job of jobs) if (accepts(job)) return job;
  return null;
}
