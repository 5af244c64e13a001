// The single writer of job records. `apply` gets the next record from the pure machine, updates everything derived from it (waiting jobs,
// jobs by node, deadlines) and passes it to the job writer. Other files perform the effects.
import type { JobResultView, JobStatus, OpenJobCounts } from '../../../shared/api/job';
import { DeadlineHeap } from '../lifecycle/deadline-heap';
import type { Instant } from '../lifecycle/node-record';
import { predictedSlotMs, slotMsOf } from './machine/attempt-charge';
import { jobDeadline } from './machine/job-deadline';
import { DEFAULT_JOB_POLICY, type JobEffect, type JobMachineEvent, type JobPolicy } from './machine/job-events';
import { jobTransition } from './machine/job-machine';
import { hasEnded, isWaiting, type JobRecord, liveAttempt, waitingFacts } from './machine/job-record';
import { queueWeightOf } from './machine/queue-weight';
import { WaitingJobs } from './machine/waiting-jobs';
import type { JobWriter } from './job-writer';

export interface JobTableOptions {
  readonly writer: Pick<JobWriter, 'changed'>;
  readonly now: () => Instant;
  /** Default: `DEFAULT_JOB_POLICY`. */
  readonly policy?: JobPolicy;
  /** Called after every change, when all derived data is up to date. `result`: the result that ended the job. */
  readonly perform: (record: JobRecord, effects: readonly JobEffect[], result: JobResultView | null) => void;
  /** A job was added, removed or changed its status, so the counts have changed. */
  readonly onCounts: () => void;
}

export class JobTable {
  readonly waiting = new WaitingJobs();
  readonly deadlines = new DeadlineHeap();
  /** When each queued job entered the queue. */
  readonly #queuedSince = new DeadlineHeap();
  readonly #options: JobTableOptions;
  readonly #policy: JobPolicy;
  /** Live jobs, and ended jobs whose end is not durable yet. */
  readonly #jobs = new Map<string, JobRecord>();
  readonly #byNode = new Map<string, Set<string>>();
  readonly #counts = new Map<JobStatus, number>();
  /** As the limits of the queue count jobs. */
  readonly #weightBySubmitter = new Map<string | null, number>();
  #weight = 0;

  constructor(options: JobTableOptions) {
    this.#options = options;
    this.#policy = options.policy ?? DEFAULT_JOB_POLICY;
  }

  get(jobId: string): JobRecord | undefined {
    return this.#jobs.get(jobId);
  }

  /** Number of live jobs with this status. */
  count(status: JobStatus): number {
    return this.#counts.get(status) ?? 0;
  }

  /** Queued jobs as the limits of the queue count them: a job with long requirements counts as several. */
  get queueWeight(): number {
    return this.#weight;
  }

  /** The same for the jobs of this submitter. */
  queueWeightOf(submitter: string | null): number {
    return this.#weightBySubmitter.get(submitter) ?? 0;
  }

  /** How long the oldest queued job has waited. Null: no job is queued. */
  oldestWaitMs(): number | null {
    const sinceMonotonicMs = this.#queuedSince.earliestMonotonicMs;
    return sinceMonotonicMs === null ? null : Math.max(0, this.#options.now().monotonicMs - sinceMonotonicMs);
  }

  get counts(): OpenJobCounts {
    return { queued: this.count('queued'), assigned: this.count('assigned'), running: this.count('running') };
  }

  /** Jobs whose live attempt is on this node. */
  onNode(nodeId: string): readonly string[] {
    return [...(this.#byNode.get(nodeId) ?? [])];
  }

  /** Number of jobs whose live attempt is on this node; with a model, of those that require it. */
  countOn(nodeId: string, modelId?: string): number {
    if (modelId === undefined) return this.#byNode.get(nodeId)?.size ?? 0;
    return this.onNode(nodeId).filter((jobId) => this.get(jobId)?.facts.requirements.requiredModels.includes(modelId) === true).length;
  }

  /** Nodes that have jobs. */
  nodes(): readonly string[] {
    return [...this.#byNode.keys()];
  }

  records(): IterableIterator<JobRecord> {
    return this.#jobs.values();
  }

  /** Adds a new or restored job. */
  add(record: JobRecord): void {
    this.#keep(null, record);
  }

  /** Removes a job whose insert was refused. Returns its last record. */
  drop(jobId: string): JobRecord | undefined {
    const record = this.#jobs.get(jobId);
    if (record !== undefined) this.#keep(record, null);
    return record;
  }

  /** Removes an ended job. Its end must be durable. */
  forgetEnded(record: JobRecord): void {
    const { jobId } = record.facts;
    if (hasEnded(record) && this.#jobs.get(jobId) === record) this.#keep(record, null);
  }

  /** The only way to change a job. `result` is the result that ended it. Returns the effects; none for a job that is not in the table. */
  apply(jobId: string, event: JobMachineEvent, result: JobResultView | null = null): readonly JobEffect[] {
    const previous = this.#jobs.get(jobId);
    if (previous === undefined) return [];
    const [next, effects] = jobTransition(previous, event, this.#options.now(), this.#policy);
    if (next === previous) return effects;
    this.#keep(previous, next);
    const endResult = hasEnded(next) ? result : null;
    this.#options.writer.changed(next, endResult);
    this.#options.perform(next, effects, endResult);
    return effects;
  }

  #keep(previous: JobRecord | null, next: JobRecord | null): void {
    if (previous !== null) this.#leave(previous, next);
    if (next !== null) this.#enter(next);
    if (previous?.status !== next?.status) this.#options.onCounts();
  }

  #leave(previous: JobRecord, next: JobRecord | null): void {
    this.#counts.set(previous.status, this.count(previous.status) - 1);
    if (previous.status === 'queued') this.#countQueued(previous, -1);
    if (isWaiting(previous) && (next === null || !isWaiting(next))) {
      if (next !== null && liveAttempt(next) !== null) this.waiting.take(waitingFacts(previous));
      else this.waiting.delete(waitingFacts(previous));
    }
    const live = liveAttempt(previous);
    if (live !== null && (next === null || liveAttempt(next) === null))
      this.waiting.shares.settle(previous.facts, next === null ? null : slotMsOf(next, live.attempt));
    this.#leaveNode(previous, next);
    if (next !== null) return;
    this.#jobs.delete(previous.facts.jobId);
    this.deadlines.set(previous.facts.jobId, null);
    this.#queuedSince.set(previous.facts.jobId, null);
  }

  #enter(next: JobRecord): void {
    const { jobId } = next.facts;
    this.#jobs.set(jobId, next);
    this.#counts.set(next.status, this.count(next.status) + 1);
    if (next.status === 'queued') this.#countQueued(next, 1);
    if (isWaiting(next)) this.waiting.add(waitingFacts(next));
    const live = liveAttempt(next);
    if (live !== null) {
      setOf(this.#byNode, live.nodeId).add(jobId);
      this.waiting.shares.charge(next.facts, predictedSlotMs(live));
    }
    this.deadlines.set(jobId, jobDeadline(next)?.atMonotonicMs ?? null);
    this.#queuedSince.set(jobId, next.status === 'queued' ? next.queuedAt.monotonicMs : null);
  }

  #countQueued({ facts: { submitter, requirements } }: JobRecord, sign: 1 | -1): void {
    const change = sign * queueWeightOf(requirements);
    const weight = this.queueWeightOf(submitter) + change;
    this.#weight += change;
    if (weight === 0) this.#weightBySubmitter.delete(submitter);
    else this.#weightBySubmitter.set(submitter, weight);
  }

  #leaveNode(previous: JobRecord, next: JobRecord | null): void {
    const nodeId = liveAttempt(previous)?.nodeId;
    if (nodeId === undefined || (next !== null && liveAttempt(next)?.nodeId === nodeId)) return;
    const jobs = this.#byNode.get(nodeId);
    jobs?.delete(previous.facts.jobId);
    if (jobs?.size === 0) this.#byNode.delete(nodeId);
  }
}

function setOf(sets: Map<string, Set<string>>, key: string): Set<string> {
  let set = sets.get(key);
  if (set === undefined) sets.set(key, (set = new Set()));
  return set;
}
