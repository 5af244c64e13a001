// The open jobs of an earlier run of the scheduler. Each job keeps its state. A job on a node waits for the node for one grace period, also when
// the node was silent before: evictions may have been paused. A job whose client waited on a connection is cancelled, because that connection
// was closed. Where replicas hold the connections, a job on a node waits as long for its client.
import type { JobView } from '../../../shared/api/job';
import type { Clock, Timer } from '../../platform/clock';
import type { Assignments } from './assignments';
import type { JobTable } from './job-table';
import type { JobWriter } from './job-writer';
import type { ReturningClients } from './jobs-port';
import { adoptedJob } from './machine/adopted-job';
import type { NodePool } from './node-pool';
import { attemptsUsed, hasEnded, type JobRecord, liveAttempt } from './machine/job-record';
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
  readonly writer: Pick<JobWriter, 'insertBehind'>;
  readonly nextSeq: () => number;
}

export class JobRestart implements ReturningClients {
  readonly #options: JobRestartOptions;
  #grace: Timer | null = null;
  /** Jobs on nodes whose clients may return. */
  readonly #unclaimed = new Set<string>();

  constructor(options: JobRestartOptions) {
    this.#options = options;
  }

  /** Adds a stored job, after the nodes are restored. */
  restore(stored: StoredJob): void {
    const { table, pool, clientsReturn } = this.#options;
    const record = restoreJob(stored, pool.now());
    const { jobId, interactive, task } = record.facts;
    const live = liveAttempt(record);
    const mayReturn = clientsReturn === true && interactive && live !== null;
    if (mayReturn) this.#unclaimed.add(jobId);
    table.add(mayReturn ? withoutRetry(record) : record);
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
    nodes.holdsUnknown = this.#options.clientsReturn === true;
    this.#grace = clock.setTimer(graceMs, () => {
      nodes.stopUnknown();
      if (!pool.isEvictionPaused()) nodes.requeueDeferred();
      for (const jobId of this.#unclaimed) table.apply(jobId, { type: 'cancel_requested', reason: 'client_gone' });
      this.#unclaimed.clear();
    });
    for (const { facts } of [...table.records()]) {
      if (facts.interactive && !this.#unclaimed.has(facts.jobId))
        table.apply(facts.jobId, { type: 'cancel_requested', reason: 'client_gone' });
    }
  }

  claim(jobId: string): boolean {
    this.#unclaimed.delete(jobId);
    const record = this.#options.table.get(jobId);
    return record !== undefined && !hasEnded(record);
  }

  adopt(view: JobView): boolean {
    const { table, pool, nodes, writer, nextSeq } = this.#options;
    const stored = nodes.holdsUnknown && table.get(view.job_id) === undefined ? adoptedJob(view, nextSeq()) : null;
    if (stored === null) return false;
    const record = withoutRetry(restoreJob(stored, pool.now()));
    const { jobId, task } = record.facts;
    const live = liveAttempt(record);
    if (live === null || !nodes.mayRun(live.nodeId, { jobId, attempt: live.attempt })) return false;
    table.add(record);
    writer.insertBehind(record, NO_TASK);
    pool.apply(live.nodeId, { type: 'job_assigned', jobId, modelId: task.model });
    nodes.adopted(live.nodeId, { jobId, attempt: live.attempt });
    return true;
  }

  stop(): void {
    this.#grace?.cancel();
  }
}

/** Its task is not known here. */
const NO_TASK = 'null';

/** Its task can be read only by the scheduler that encrypted it (ADR 0050), so the attempt on its node is the last one. */
const withoutRetry = (record: JobRecord): JobRecord => ({ ...record, facts: { ...record.facts, maxAttempts: attemptsUsed(record) } });
