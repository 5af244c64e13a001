// The jobs of the pool: what is going on, what waits, what failed; one of them in a drawer. On a machine that only works for
// somebody else's pool: where its jobs are seen.
import { useApp } from '../../store/Screen';
import { JobsElsewhere } from './JobsElsewhere';
import { PoolJobs } from './PoolJobs';

export function JobsPage() {
  const hasPool = useApp((app) => app.pool !== null);
  return hasPool ? <PoolJobs /> : <JobsElsewhere />;
}
