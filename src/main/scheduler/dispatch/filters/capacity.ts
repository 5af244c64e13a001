// Filter `capacity`: the node has a free slot.
import { inFlightJobs } from '../../lifecycle/node-record';
import type { DispatchFilter } from './dispatch-filter';

export const capacity: DispatchFilter = (candidate) => {
  const inFlight = inFlightJobs(candidate);
  const { maxConcurrentJobs } = candidate.profile;
  if (inFlight < maxConcurrentJobs) return null;
  return {
    filter: 'capacity',
    code: 'capacity_exceeded',
    wanted: { in_flight_jobs_below: maxConcurrentJobs },
    found: { in_flight_jobs: inFlight, assigned_jobs: candidate.assignedJobs, reported_jobs: candidate.usage?.runningJobs ?? null },
  };
};
