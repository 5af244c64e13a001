// Whether jobs of the pool started, ended or moved. There are no events for jobs. Their counts are in the events of nodes and of the
// pool. The counts do not change when one job ends and the next one starts within one message.
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
      case 'nearby':
      case 'join_requests':
      case 'opened_link':
      case 'update':
        return false;
    }
  });
}

const openJobsOf = (pool: PoolSummary | null): string => {
  const open = pool?.open_jobs;
  return open === undefined ? '' : [open.queued, open.assigned, open.running].join();
};
