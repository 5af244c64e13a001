// Whether events say that jobs of the pool began, ended or moved. There is no event for a job; the counts of jobs come with the
// events of nodes and of the pool. A job whose end and successor fall into one message leaves the counts as they were.
import type { AppEvent, AppState } from '../../shared/api/app-state';
import type { PoolSummary } from '../../shared/api/node-view';

export function changesJobs(state: AppState | null, events: readonly AppEvent[]): boolean {
  return events.some((event) => {
    switch (event.type) {
      case 'snapshot':
        return true;
      case 'node':
        return state?.nodes.get(event.node.node_id)?.in_flight_jobs !== event.node.in_flight_jobs;
      case 'node_removed':
        return (state?.nodes.get(event.node_id)?.in_flight_jobs ?? 0) > 0;
      case 'pool':
        return openJobsOf(state?.pool ?? null) !== openJobsOf(event.pool);
      case 'agent':
      case 'host':
        return false;
    }
  });
}

const openJobsOf = (pool: PoolSummary | null): string => {
  const open = pool?.open_jobs;
  return open === undefined ? '' : [open.queued, open.assigned, open.running].join();
};
