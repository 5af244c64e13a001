// A cluster behind the record and the judge of the fault laboratory.
import type { ClusterPool } from './cluster-pool';
import { ClusterScheduler, type ClusterSchedulerOptions } from './cluster-scheduler';
import { FaultPool } from './fault-pool';
import type { FaultEvent } from './fault-record';

const REQUEST_LIMIT_MS = 60_000;

export interface ClusterOfFaultsOptions extends ClusterSchedulerOptions {
  /** Of each client. Default: 60 s, which is longer than a take-over and the wait of a request for it. */
  readonly requestLimitMs?: number;
}

export interface ClusterOfFaults {
  readonly pool: FaultPool;
  readonly cluster: ClusterScheduler;
}

/** `own` gets the cluster before it is whole. */
export async function openClusterOfFaults(
  own: (pool: ClusterPool) => void,
  { requestLimitMs = REQUEST_LIMIT_MS, ...options }: ClusterOfFaultsOptions = {},
): Promise<ClusterOfFaults> {
  const events: FaultEvent[] = [];
  let note = (event: FaultEvent): void => void events.push(event);
  const cluster = await ClusterScheduler.open(
    own,
    (event) => {
      note(event);
    },
    options,
  );
  const pool = await FaultPool.open({ openScheduler: () => Promise.resolve(cluster), requestLimitMs });
  for (const event of events) pool.note(event);
  note = (event) => {
    pool.note(event);
  };
  return { pool, cluster };
}
