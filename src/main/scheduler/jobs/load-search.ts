// Finds the loads that waiting jobs need, in small steps: a queue can have thousands of groups, a pool thousands of nodes, and a node a
// thousand models. Each step yields its work, so that the caller can end its turn of the event loop and go on later.
import {
  betterLoad,
  checkWorkOf,
  type LoadFacts,
  loadOn,
  loadWorkOf,
  type ModelLoad,
  modelToLoad,
  type PossibleLoad,
  type Serving,
  servingOf,
} from '../dispatch/model-loads';
import type { JobRequirements } from '../dispatch/job-requirements';
import type { NodeRecord } from '../lifecycle/node-record';
import type { JobFacts } from './machine/job-record';
import type { WaitingGroup } from './machine/waiting-group';
import type { JobTable } from './job-table';
import type { NodePool } from './node-pool';

export interface LoadSearchOptions {
  readonly table: Pick<JobTable, 'waiting'>;
  readonly pool: Pick<NodePool, 'record' | 'records' | 'now' | 'dispatcher'>;
  readonly facts: LoadFacts;
  readonly onFound: (load: ModelLoad) => void;
}

/** In the unit of `checkWorkOf`. */
const GROUP_WORK = 100;
const SORT_WORK_PER_JOB = 300;
/** Jobs of one model that are judged in a cycle: the first job of each sender, and one more in turn. */
const MAX_JOBS_PER_MODEL = 16;
/** The next cycle continues with the next model. */
const MAX_JOBS_PER_CYCLE = 1024;

/** How long jobs wait while only busy nodes serve their model, before another node loads it. The owner's load is often short. */
const MIN_SHORTAGE_MS = 30_000;
/** A longer time without such a job ends it. */
const MAX_SHORTAGE_GAP_MS = 30_000;
const MAX_SHORTAGES = 1000;

/** Jobs of a model wait, and the nodes that serve it are busy with other work than that of this scheduler. */
interface Shortage {
  readonly sinceMonotonicMs: number;
  readonly lastMonotonicMs: number;
}

export class LoadSearch {
  readonly #options: LoadSearchOptions;
  /** The rest of the models that wait. */
  #groupSets: IterableIterator<ReadonlySet<WaitingGroup>> | null = null;
  /** By model. The one that was seen longest ago comes first. */
  readonly #shortages = new Map<string, Shortage>();
  #cycles = 0;

  constructor(options: LoadSearchOptions) {
    this.#options = options;
  }

  /** Judges waiting jobs in their order, each with all nodes. Yields the work of each step. */
  *cycle(): Generator<number, undefined> {
    this.#cycles++;
    const jobs: JobFacts[] = [];
    this.#groupSets ??= this.#options.table.waiting.groupSets();
    while (jobs.length < MAX_JOBS_PER_CYCLE) {
      const next = this.#groupSets.next();
      if (next.done === true) {
        this.#groupSets = null;
        break;
      }
      jobs.push(...(yield* this.#jobsToJudge(next.value)));
    }
    jobs.sort(byOrder);
    yield jobs.length * SORT_WORK_PER_JOB;
    for (const job of jobs) yield* this.#judge(job);
  }

  /** Jobs of one sender that cannot run must not keep the model from the jobs of others, nor for ever from those of the same sender. */
  *#jobsToJudge(groups: ReadonlySet<WaitingGroup>): Generator<number, readonly JobFacts[]> {
    const turn = this.#cycles % groups.size;
    const first = new Map<string, JobFacts>();
    let inTurn: JobFacts | null = null;
    let index = 0;
    for (const group of groups) {
      yield GROUP_WORK;
      const job = group.first()?.job ?? null;
      const [modelId] = group.requirements.requiredModels;
      if (index++ === turn) inTurn = job;
      if (job === null || modelId === undefined) continue;
      const key = `${job.submitter ?? ''}\n${modelId}`;
      const known = first.get(key);
      if (known === undefined || byOrder(job, known) < 0) first.set(key, job);
    }
    const jobs = [...first.values()].sort(byOrder).slice(0, MAX_JOBS_PER_MODEL - 1);
    return inTurn === null || jobs.includes(inTurn) ? jobs : [...jobs, inTurn];
  }

  *#judge(facts: JobFacts): Generator<number, undefined> {
    const { pool, onFound } = this.#options;
    const { requirements: job } = facts;
    if (!this.#waits(facts)) return;
    let best: PossibleLoad | null = null;
    for (const record of this.#nodesFor(job)) {
      best = betterLoad(best, this.#loadOn(record, job));
      yield loadWorkOf(record, job);
    }
    if (best === null) return;
    const serving = yield* this.#servingOf(job);
    if (serving === 'now' || (serving === 'when_idle' && !this.#isShortForLong(best.modelId))) return;
    // The job and the node may have changed since an earlier turn.
    const record = pool.record(best.nodeId);
    const load = record === undefined || !this.#waits(facts) ? null : this.#loadOn(record, job);
    if (load !== null) onFound(load);
  }

  #waits(facts: JobFacts): boolean {
    return this.#options.table.waiting.countWithSameRequirements(facts) > 0;
  }

  *#servingOf(job: JobRequirements): Generator<number, Serving | null> {
    let serving: Serving | null = null;
    for (const record of this.#nodesFor(job)) {
      const one = servingOf(record, job, this.#exclusionOf);
      if (one === 'now') return one;
      serving = one ?? serving;
      yield 2 * checkWorkOf(record, job);
    }
    return serving;
  }

  /** Whether only busy nodes have served the model for long enough. Single jobs do not count: many clients give up sooner and try again. */
  #isShortForLong(modelId: string): boolean {
    const { monotonicMs: nowMonotonicMs } = this.#options.pool.now();
    const known = this.#shortages.get(modelId);
    const isOn = known !== undefined && nowMonotonicMs - known.lastMonotonicMs <= MAX_SHORTAGE_GAP_MS;
    const sinceMonotonicMs = isOn ? known.sinceMonotonicMs : nowMonotonicMs;
    this.#shortages.delete(modelId);
    this.#shortages.set(modelId, { sinceMonotonicMs, lastMonotonicMs: nowMonotonicMs });
    const [oldest] = this.#shortages.keys();
    if (this.#shortages.size > MAX_SHORTAGES && oldest !== undefined) this.#shortages.delete(oldest);
    return nowMonotonicMs - sinceMonotonicMs >= MIN_SHORTAGE_MS;
  }

  *#nodesFor({ nodeId }: JobRequirements): Generator<NodeRecord, undefined> {
    const { pool } = this.#options;
    if (nodeId === undefined) yield* pool.records();
    else {
      const record = pool.record(nodeId);
      if (record !== undefined) yield record;
    }
  }

  readonly #exclusionOf = (record: NodeRecord, job: JobRequirements) => this.#options.pool.dispatcher.exclusionOf(record, job);

  #loadOn(record: NodeRecord, job: JobRequirements): PossibleLoad | null {
    const modelId = modelToLoad(record, job, (node) => this.#exclusionOf(node, job) === null);
    return modelId === null ? null : loadOn(record, modelId, this.#options.facts, this.#options.pool.now().monotonicMs);
  }
}

const byOrder = (a: JobFacts, b: JobFacts): number => b.priority - a.priority || a.seq - b.seq;
