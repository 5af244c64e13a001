// Filter `online`: the node is connected.
import type { DispatchFilter } from './dispatch-filter';

export const online: DispatchFilter = (candidate) =>
  candidate.online ? null : { filter: 'online', code: 'not_online', wanted: true, found: false };
