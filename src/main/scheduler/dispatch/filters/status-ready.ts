// Filter `status`: only a ready node gets jobs. The exclusion has the reason of the node's status.
import type { DispatchFilter } from './dispatch-filter';

export const statusReady: DispatchFilter = ({ status, reasonCode }) =>
  status === 'ready' ? null : { filter: 'status', code: 'status_not_ready', wanted: 'ready', found: { status, reason_code: reasonCode } };
