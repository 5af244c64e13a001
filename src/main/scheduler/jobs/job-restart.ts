// The open jobs of an earlier run of the scheduler. Each job keeps its state. A job on a node waits for the node for one grace period, also when
// the node was silent before: evictions may have been paused. A job whose client waited on a connection is cancelled, because that connection
// was closed.
import type { Clock, Timer } from '../../platform/clock';
import type { Assignments } from './assignments';
import type { JobTable } from './job-table';
import type { NodePool } from './node-pool';
import { restoreJob, type StoredJob } from './machine/stored-job';

export interface JobRestartOptions {
  readonly table: JobTable;
  readonly pool: NodePool;
  readonly nodes: Assignments;
  readonly clock: Clock;
  readonly graceMs: number;
}

export class JobRestart {
  readonly #options: JobRestartOptions;
  #grace: Timer | null = null;

  constructor(options: JobRestartOptions) {
    this.#options = options;
  }

  /** Adds the stored jobs, after the nodes are restored. */
  restore(jobs: Iterable<StoredJob>): void {
    const { table, pool } = this.#options;
    const now = pool.now();
    for (const stored of jobs) table.add(restoreJob(stored, now));
    for (const nodeId of table.nodes()) {
      for (const jobId of table.onNode(nodeId)) {
        const modelId = table.get(jobId)?.facts.task.model ?? '';
        pool.apply(nodeId, { type: 'job_assigned', jobId, modelId });
      }
    }
  }

  /** Applies the restart to the jobs. */
  start(): void {
    const { table, pool, nodes, clock, graceMs } = this.#options;
    for (const nodeId of table.nodes()) {
      const node = pool.record(nodeId);
      if (node === undefined) nodes.requeue(nodeId, 'removed');
      else if (node.status === 'offline') nodes.deferRequeue(nodeId);
    }
    this.#grace = clock.setTimer(graceMs, () => {
      if (!pool.isEvictionPaused()) nodes.requeueDeferred();
    });
    for (const record of [...table.records()]) {
      if (record.facts.interactive) table.apply(record.facts.jobId, { type: 'cancel_requested', reason: 'client_gone' });
    }
  }

  stop(): void {
    this.#grace?.cancel();
  }
}
