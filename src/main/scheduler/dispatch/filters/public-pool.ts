// Filter `public_pool`: a public job runs only on a node whose owner accepts public jobs.
import type { DispatchFilter } from './dispatch-filter';

export const publicPool: DispatchFilter = ({ profile }, job) =>
  !job.public || profile.acceptPublicJobs
    ? null
    : { filter: 'public_pool', code: 'not_in_public_pool', wanted: { accept_public_jobs: true }, found: { accept_public_jobs: false } };
