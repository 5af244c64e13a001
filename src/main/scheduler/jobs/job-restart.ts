// The open jobs of an earlier run of the scheduler. Each job keeps its state. A job on a node waits for the node for one grace period, also when
// the node was silent before: evictions may have been paused. A job whose client waited on a connection is cancelled, because that connection
// was closed; while it is queued, it stays outside the table, so that no node gets it meanwhile. Where replicas hold the connections, such a
// job waits as long for its client, outside the table: the stored job may be older than what its replica knows, because it is written behind.
import type { JobView } from '../../../shared/api/job';
import type { Clock, Timer } from '../../platform/clock';
import { inTurns } from '../../platform/in-turns';
import type { Assignments } from './assignments';
import type { JobMeter } from './job-meter';
import type { JobTable } from './job-table';
import type { JobWriter } from './job-writer';
import type { GoOn, ReturningClients } from './jobs-port';
import { partsOfReports, type WaitingReports } from './late-reports';
import { adoptedJob } from './machine/adopted-job';
import type { NodePool } from './node-pool';
import { type Attempt, attemptsUsed, hasEnded, type JobRecord, liveAttempt } from './machine/job-record';
import { restoreJob, type StoredJob } from './machine/stored-job';

export interface RestartSettings {
  /** How long a node can be silent before its jobs are lost, ms. */
  readonly graceMs: number;
  /** Replicas of a cluster hold connections of clients longer than one scheduler leads. Default: false. */
  readonly clientsReturn?: boolean;
}

export interface JobRestartOptions extends RestartSettings {
  readonly table: JobTable;
  readonly pool: NodePool;
  readonly nodes: Assignments;
  readonly clock: Clock;
  readonly writer: Pick<JobWriter, 'insertBehind' | 'changed'>;
  readonly nextSeq: () => number;
  readonly meter: Pick<JobMeter, 'restored'>;
  /** The table has a further job, after the start. */
  readonly onEntered: () => void;
}

/** Of the work in a turn of the event loop: a job that ends takes 0.1 to 0.2 ms. */
const PARTS_OF_ACT = 20;

export class JobRestart implements ReturningClients {
  readonly #options: JobRestartOptions;
  #grace: Timer | null = null;
  #isStopped = false;
  /** Jobs that are not in the table yet, as they are stored: their clients may return, or they were queued and end. */
  readonly #outside = new Map<string, StoredJob>();
  /** Jobs in the table whose clients may return. */
  readonly #unclaimed = new Set<string>();

  constructor(options: JobRestartOptions) {
    this.#options = options;
  }

  /** Adds a stored job, after the nodes are restored. */
  restore(stored: StoredJob): void {
    const { pool, nodes, clientsReturn } = this.#options;
    const record = restoreJob(stored, pool.now());
    const { jobId, interactive, task } = record.facts;
    const live = liveAttempt(record);
    if (interactive && (clientsReturn === true || live === null)) {
      this.#outside.set(jobId, stored);
      // A node that was removed has no slots. It names the attempt if it registers again.
      if (live !== null && pool.record(live.nodeId) !== undefined) nodes.unknown.expect(live.nodeId, { jobId, attempt: live.attempt });
      return;
    }
    this.#add(interactive ? withoutRetry(record) : record);
    if (live !== null) pool.apply(live.nodeId, { type: 'job_assigned', jobId, modelId: task.model });
  }

  /** Applies the restart to the jobs. */
  start(): void {
    const { table, pool, nodes, clock, graceMs } = this.#options;
    for (const nodeId of table.nodes()) {
      const node = pool.record(nodeId);
      if (node === undefined) nodes.requeue(nodeId, 'removed');
      else if (node.status === 'offline') nodes.deferRequeue(nodeId);
    }
    if (this.#options.clientsReturn === true) nodes.unknown.open();
    else this.#actInTurns(this.#endsOfGone());
    this.#grace = clock.setTimer(graceMs, () => {
      this.#actInTurns(this.#endsOfGrace());
    });
  }

  /**
   * Something else needs the job before its client returns: it goes on as it is stored. A queued one ends. Returns what its node has
   * reported, which the caller passes on. Null: nothing of it can change the job.
   */
  enter(jobId: string): WaitingReports | null {
    const stored = this.#outside.get(jobId);
    if (stored === undefined) return null;
    const waiting = this.#enter(stored);
    if (this.#options.table.get(jobId) !== undefined) this.#unclaimed.add(jobId);
    if (this.#live(jobId) !== null) return waiting;
    this.#goOnWith(waiting)();
    return null;
  }

  /**
   * Null: no report of its node waits. Else resolves when all are passed on, because a result decides about the job. To false: the scheduler has
   * stopped meanwhile.
   */
  enterWithReports(jobId: string): Promise<boolean> | null {
    this.#goOnWith(this.enter(jobId))();
    const live = this.#live(jobId);
    return live === null ? null : this.#options.nodes.late.whenPassed(live.nodeId, { jobId, attempt: live.attempt });
  }

  claim(jobId: string, view: JobView | null = null): GoOn | null {
    const { table, nodes } = this.#options;
    const stored = this.#outside.get(jobId);
    const goOn = stored === undefined ? GO_ON : ((view === null ? null : this.#adopt(view, stored)) ?? this.#goOnWith(this.#enter(stored)));
    this.#unclaimed.delete(jobId);
    if (view !== null) nodes.chunks.begun(jobId, view.attempt);
    const record = table.get(jobId);
    return record === undefined || hasEnded(record) ? null : goOn;
  }

  adopt(view: JobView): GoOn | null {
    const { nodes, table } = this.#options;
    if (!nodes.unknown.isOpen || table.get(view.job_id) !== undefined || this.#outside.has(view.job_id)) return null;
    const goOn = this.#adopt(view, null);
    nodes.chunks.begun(view.job_id, view.attempt);
    return goOn;
  }

  stop(): void {
    this.#grace?.cancel();
    this.#isStopped = true;
  }

  /** The scheduler listens already, and thousands of clients can have waited. An act returns the parts of its work, as for `inTurns`. */
  #actInTurns(acts: Iterable<() => number>): void {
    void inTurns(acts, (act) => (this.#isStopped ? 0 : act()));
  }

  /** Those on nodes first: they have slots. */
  *#endsOfGone(): Iterable<() => number> {
    const interactive = [...this.#options.table.records()].filter(({ facts }) => facts.interactive);
    for (const { facts } of interactive) yield () => this.#cancel(facts.jobId);
    yield* this.#entries();
  }

  *#endsOfGrace(): Iterable<() => number> {
    const { nodes } = this.#options;
    yield* this.#entries();
    for (const end of nodes.unknown.close())
      yield () => {
        end();
        return PARTS_OF_ACT;
      };
    yield () => {
      nodes.requeueDeferred();
      return PARTS_OF_ACT;
    };
    for (const jobId of [...this.#unclaimed]) yield () => (this.#unclaimed.delete(jobId) ? this.#cancelAfterReports(jobId) : 0);
  }

  /** Each begins to pass on the reports of a job. All of them count, so that the reports of many jobs do not begin in one turn. */
  *#entries(): Iterable<() => number> {
    for (const jobId of [...this.#outside.keys()])
      yield () => {
        const waiting = this.enter(jobId);
        this.#goOnWith(waiting)();
        return PARTS_OF_ACT + (waiting === null ? 0 : partsOfReports(waiting));
      };
  }

  #cancel(jobId: string): number {
    this.#options.table.apply(jobId, { type: 'cancel_requested', reason: 'client_gone' });
    return PARTS_OF_ACT;
  }

  /** A result that waits decides about the job. */
  #cancelAfterReports(jobId: string): number {
    const live = this.#live(jobId);
    if (live === null) return this.#cancel(jobId);
    this.#options.nodes.late.pass(live.nodeId, { jobId, attempt: live.attempt }, null, () => void this.#cancel(jobId));
    return PARTS_OF_ACT;
  }

  #live(jobId: string): Attempt | null {
    const record = this.#options.table.get(jobId);
    return record === undefined ? null : liveAttempt(record);
  }

  /** Null: the view is not newer than the stored job, or the job is not stored and no node runs it. A stored one fails where none does. */
  #adopt(view: JobView, stored: StoredJob | null): GoOn | null {
    const { nodes, writer, nextSeq, table } = this.#options;
    const adopted = adoptedJob(view, stored?.facts.seq ?? nextSeq(), stored);
    if (adopted === null) return null;
    const { jobId } = adopted.facts;
    const live = adopted.state.attempts.at(-1);
    if (live === undefined || (stored === null && !nodes.mayRun(live.nodeId, { jobId, attempt: live.attempt }))) return null;
    const before = stored?.state.attempts.at(-1);
    const waiting = this.#enter(adopted);
    const record = table.get(jobId);
    if (record === undefined) return null;
    if (stored === null) writer.insertBehind(record, NO_TASK);
    else writer.changed(record, null);
    if (before?.outcome === null) nodes.unknown.stop(before.nodeId, { jobId, attempt: before.attempt });
    return this.#goOnWith(waiting);
  }

  /** A queued job ends: null. Returns what the node of another one has reported. */
  #enter(stored: StoredJob): WaitingReports | null {
    const { table, pool, nodes, onEntered } = this.#options;
    const record = withoutRetry(restoreJob(stored, pool.now()));
    const { jobId, task } = record.facts;
    this.#outside.delete(jobId);
    const live = liveAttempt(record);
    this.#add(record);
    onEntered();
    if (live === null) {
      table.apply(jobId, { type: 'cancel_requested', reason: 'client_gone' });
      return null;
    }
    pool.apply(live.nodeId, { type: 'job_assigned', jobId, modelId: task.model });
    return nodes.entered(live.nodeId, { jobId, attempt: live.attempt });
  }

  #goOnWith(waiting: WaitingReports | null): GoOn {
    return () => {
      if (waiting !== null) this.#options.nodes.late.passInTurns(waiting);
    };
  }

  #add(record: JobRecord): void {
    const { table, meter } = this.#options;
    table.add(record);
    meter.restored(record.facts.jobId, record.facts.submitter);
  }
}

const GO_ON: GoOn = () => undefined;

/** Its task is not known here. */
const NO_TASK = 'null';

/** Its task can be read only by the scheduler that encrypted it (ADR 0050), so the attempt on its node is the last one. */
const withoutRetry = (record: JobRecord): JobRecord => ({ ...record, facts: { ...record.facts, maxAttempts: attemptsUsed(record) } });
