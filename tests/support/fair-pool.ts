// A simulated pool for fair shares: the real queue and the real trial of a node, in virtual time, with nodes of several speeds. Predictions may
// be wrong by a factor of the key.
import type { JobFacts } from '../../src/main/scheduler/jobs/machine/job-record';
import { WaitingJobs } from '../../src/main/scheduler/jobs/machine/waiting-jobs';
import { NodeTrial } from '../../src/main/scheduler/jobs/node-trial';
import type { NodeRecord } from '../../src/main/scheduler/lifecycle/node-record';
import { aModel, aProfile, aRecord } from '../unit/scheduler/lifecycle/records';
import { aJob } from '../unit/scheduler/jobs/job-records';

export interface FairNode {
  readonly speed: number;
  readonly slots: number;
  readonly models: readonly string[];
}

export interface FairJob {
  readonly key: string;
  readonly model: string;
  /** Time on a node of speed 1, ms. */
  readonly workMs: number;
  readonly priority?: number;
  /** Predicted / measured time. Default: 1. */
  readonly error?: number;
}

export interface Start {
  readonly jobId: string;
  readonly key: string;
  readonly model: string;
  /** The models of its node. */
  readonly models: readonly string[];
  readonly atMs: number;
  readonly ms: number;
}

interface Running {
  readonly facts: JobFacts;
  readonly node: Member;
  readonly endsAtMs: number;
  readonly ms: number;
  readonly errorMs: number;
}

interface Member extends FairNode {
  readonly record: NodeRecord;
  running: number;
}

/** The bound for the difference of two keys, from what happened: ms. */
export interface Largest {
  /** Of one attempt, predicted or measured. */
  readonly attemptMs: number;
  /** Of the errors of the attempts that one key had on nodes at once. */
  readonly errorMs: number;
}

export class FairPool {
  readonly waiting = new WaitingJobs();
  readonly starts: Start[] = [];
  nowMs = 0;
  readonly #nodes: readonly Member[];
  readonly #jobs = new Map<string, { readonly facts: JobFacts; readonly job: FairJob }>();
  #running: Running[] = [];
  #seq = 0;
  #largest: Largest = { attemptMs: 0, errorMs: 0 };

  constructor(nodes: readonly FairNode[]) {
    this.#nodes = nodes.map((node, i) => ({
      ...node,
      running: 0,
      record: aRecord({
        nodeId: `node-${String(i)}`,
        profile: aProfile({ installedModels: node.models.map((modelId) => aModel({ modelId })) }),
      }),
    }));
  }

  get largest(): Largest {
    return this.#largest;
  }

  waitingOf(key: string): number {
    return [...this.#jobs.values()].filter(({ job }) => job.key === key).length;
  }

  aheadOf(jobId: string): number | null {
    const known = this.#jobs.get(jobId);
    return known === undefined ? null : this.waiting.places().ahead(known.facts);
  }

  /** Returns the id of the job. Nodes with a free slot take it at once. */
  submit(job: FairJob): string {
    const seq = ++this.#seq;
    const jobId = `job-${String(seq)}`;
    const { key, model, priority = 0 } = job;
    const requirements = { requiredModels: [model], public: true };
    const facts = aJob({ jobId, seq, submitter: key, priority, requirements, timeoutMs: 86_400_000 });
    this.#jobs.set(jobId, { facts, job });
    this.waiting.add(facts);
    for (const node of this.#nodes) this.#try(node);
    return jobId;
  }

  cancel(jobId: string): void {
    const known = this.#jobs.get(jobId);
    if (known === undefined) return;
    this.#jobs.delete(jobId);
    this.waiting.delete(known.facts);
  }

  /** Ends the attempt that is due first, and tries its node. False: none runs. */
  step(): boolean {
    const first = this.#running.reduce<Running | null>(
      (least, one) => (least === null || one.endsAtMs < least.endsAtMs ? one : least),
      null,
    );
    if (first === null) return false;
    this.nowMs = first.endsAtMs;
    this.#running = this.#running.filter((one) => one !== first);
    first.node.running--;
    this.waiting.shares.settle(first.facts, first.ms);
    this.#try(first.node);
    return true;
  }

  #try(node: Member): void {
    const trial = new NodeTrial({
      nodeId: node.record.nodeId,
      groups: this.waiting.groupsFor(node.record),
      suits: ({ requiredModels: [model = ''] }) => node.running < node.slots && node.models.includes(model),
      isHeld: () => false,
    });
    trial.search(() => true);
    for (let facts = trial.next(); facts !== null; facts = trial.next()) this.#start(node, facts);
  }

  #start(node: Member, facts: JobFacts): void {
    const known = this.#jobs.get(facts.jobId);
    if (known === undefined) throw new Error(`${facts.jobId} does not wait`);
    const { key, model, workMs, error = 1 } = known.job;
    const ms = workMs / node.speed;
    this.#jobs.delete(facts.jobId);
    this.waiting.take(facts);
    this.waiting.shares.charge(facts, ms * error);
    node.running++;
    this.#running.push({ facts, node, endsAtMs: this.nowMs + ms, ms, errorMs: Math.abs(ms * error - ms) });
    this.starts.push({ jobId: facts.jobId, key, model, models: node.models, atMs: this.nowMs, ms });
    const errors = this.#running.filter((one) => one.facts.submitter === key).reduce((sum, { errorMs }) => sum + errorMs, 0);
    this.#largest = {
      attemptMs: Math.max(this.#largest.attemptMs, ms, ms * error),
      errorMs: Math.max(this.#largest.errorMs, errors),
    };
  }
}

/** What the key started, ms of GPU, from this start on. */
export function usedSince(starts: readonly Start[], from: number, key: string): number {
  let sum = 0;
  for (let i = from; i < starts.length; i++) if (starts[i]?.key === key) sum += starts[i]?.ms ?? 0;
  return sum;
}
