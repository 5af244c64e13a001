// Only a ready node may get jobs; why it is not ready is found with it.
import type { DispatchFilter } from './dispatch-filter';

export const statusReady: DispatchFilter = ({ status, reasonCode }) =>
  status === 'ready' ? null : { filter: 'status', code: 'status_not_ready', wanted: 'ready', found: { status, reason_code: reasonCode } };
