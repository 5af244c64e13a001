// Where the history reads the pool and its jobs.
import type { JobService } from '../jobs/job-service';
import type { JobStats } from '../jobs/job-stats';
import type { Pool } from '../pool/pool';
import type { HistorySource } from './pool-history';

export interface SampledJobs {
  readonly jobs: Pick<JobService, 'counts' | 'oldestWaitMs'>;
  readonly stats: Pick<JobStats, 'recent'>;
}

export const historySource = (
  pool: Pick<Pool, 'views' | 'record' | 'availability' | 'dispatcher'>,
  { jobs, stats }: SampledJobs,
): HistorySource => ({
  nodeIds: () => pool.views.nodeIds(),
  record: (nodeId) => pool.record(nodeId),
  stateOf: (record) => pool.availability.stateOf(record),
  massLoss: () => pool.views.summary().mass_loss,
  jobs: () => ({ counts: jobs.counts, oldestWaitMs: jobs.oldestWaitMs }),
  takeWork: () => stats.recent.take(),
  missing: pool.dispatcher.missingModels,
  watch: (listener) => {
    pool.availability.listen(listener);
  },
});
