// Is there a connection to send the job over?
import type { DispatchFilter } from './dispatch-filter';

export const online: DispatchFilter = (candidate) =>
  candidate.online ? null : { filter: 'online', code: 'not_online', wanted: true, found: false };
