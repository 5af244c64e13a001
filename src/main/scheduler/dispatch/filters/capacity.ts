// Filter `capacity`: the node has a free slot. A node that claims many slots gets them one by one, with each success.
import { inFlightJobs, usableSlots } from '../../lifecycle/node-record';
import type { DispatchFilter } from './dispatch-filter';

export const capacity: DispatchFilter = (candidate) => {
  const inFlight = inFlightJobs(candidate);
  const slots = usableSlots(candidate);
  if (inFlight < slots) return null;
  return {
    filter: 'capacity',
    code: 'capacity_exceeded',
    wanted: { in_flight_jobs_below: slots },
    found: { in_flight_jobs: inFlight, assigned_jobs: candidate.assignedJobs, reported_jobs: candidate.usage?.runningJobs ?? null },
  };
};
