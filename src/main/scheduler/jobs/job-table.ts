// The single writer of jobs: whatever happens to a job goes through `apply`, which asks the pure machine what becomes of it,
// keeps what is derived from it (who waits, what each node has, deadlines) and hands it to the disk. Who is told belongs to others.
import type { JobResultView, JobStatus, OpenJobCounts } from '../../../shared/api/job';
import { DeadlineHeap } from '../lifecycle/deadline-heap';
import type { Instant } from '../lifecycle/node-record';
import { jobDeadline } from './machine/job-deadline';
import { DEFAULT_JOB_POLICY, type JobEffect, type JobMachineEvent, type JobPolicy } from './machine/job-events';
import { transition } from './machine/job-machine';
import { hasEnded, isWaiting, type JobRecord, liveAttempt } from './machine/job-record';
import { WaitingJobs } from './machine/waiting-jobs';
import type { JobWriter } from './job-writer';

export interface JobTableParts {
  readonly writer: Pick<JobWriter, 'changed'>;
  readonly now: () => Instant;
  readonly policy?: JobPolicy;
  /** After every change, with all that is derived already up to date. */
  readonly perform: (record: JobRecord, effects: readonly JobEffect[]) => void;
  /** Some job came, went or changed its status: the counts are others. */
  readonly onCounts: () => void;
}

export class JobTable {
  readonly waiting = new WaitingJobs();
  readonly deadlines = new DeadlineHeap();
  readonly #parts: JobTableParts;
  readonly #policy: JobPolicy;
  /** Jobs that are not over, and those whose end is not on the disk yet. */
  readonly #jobs = new Map<string, JobRecord>();
  readonly #byNode = new Map<string, Set<string>>();
  readonly #counts = new Map<JobStatus, number>();

  constructor(parts: JobTableParts) {
    this.#parts = parts;
    this.#policy = parts.policy ?? DEFAULT_JOB_POLICY;
  }

  get(jobId: string): JobRecord | undefined {
    return this.#jobs.get(jobId);
  }

  /** Of jobs that are not over. */
  count(status: JobStatus): number {
    return this.#counts.get(status) ?? 0;
  }

  get counts(): OpenJobCounts {
    return { queued: this.count('queued'), assigned: this.count('assigned'), running: this.count('running') };
  }

  /** Jobs whose live attempt is on this node. */
  onNode(nodeId: string): readonly string[] {
    return [...(this.#byNode.get(nodeId) ?? [])];
  }

  /** Nodes that have jobs. */
  nodes(): readonly string[] {
    return [...this.#byNode.keys()];
  }

  records(): IterableIterator<JobRecord> {
    return this.#jobs.values();
  }

  /** A job that is new, or that the store remembers. */
  add(record: JobRecord): void {
    this.#keep(null, record);
  }

  /** A job whose insert was refused: it never was. Returns its last record. */
  drop(jobId: string): JobRecord | undefined {
    const record = this.#jobs.get(jobId);
    if (record !== undefined) this.#keep(record, null);
    return record;
  }

  /** A job that is over and on the disk needs no place here. */
  forgetEnded(record: JobRecord): void {
    const { jobId } = record.facts;
    if (hasEnded(record) && this.#jobs.get(jobId) === record) this.#keep(record, null);
  }

  /** The one way in which a job changes. `result` is what ended it. Returns the effects; none for a job that is not here. */
  apply(jobId: string, event: JobMachineEvent, result: JobResultView | null = null): readonly JobEffect[] {
    const previous = this.#jobs.get(jobId);
    if (previous === undefined) return [];
    const [next, effects] = transition(previous, event, this.#parts.now(), this.#policy);
    if (next === previous) return effects;
    this.#keep(previous, next);
    this.#parts.writer.changed(next, hasEnded(next) ? result : null);
    this.#parts.perform(next, effects);
    return effects;
  }

  #keep(previous: JobRecord | null, next: JobRecord | null): void {
    if (previous !== null) this.#leave(previous, next);
    if (next !== null) this.#enter(next);
    if (previous?.status !== next?.status) this.#parts.onCounts();
  }

  #leave(previous: JobRecord, next: JobRecord | null): void {
    this.#counts.set(previous.status, this.count(previous.status) - 1);
    if (isWaiting(previous) && (next === null || !isWaiting(next))) this.waiting.delete(previous.facts);
    this.#leaveNode(previous, next);
    if (next !== null) return;
    this.#jobs.delete(previous.facts.jobId);
    this.deadlines.set(previous.facts.jobId, null);
  }

  #enter(next: JobRecord): void {
    const { jobId } = next.facts;
    this.#jobs.set(jobId, next);
    this.#counts.set(next.status, this.count(next.status) + 1);
    if (isWaiting(next)) this.waiting.add(next.facts);
    const nodeId = liveAttempt(next)?.nodeId;
    if (nodeId !== undefined) setOf(this.#byNode, nodeId).add(jobId);
    this.deadlines.set(jobId, jobDeadline(next)?.atMs ?? null);
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
