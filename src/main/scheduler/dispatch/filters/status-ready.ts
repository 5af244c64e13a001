// Filter `status`: only a ready node gets jobs. The exclusion has the reason of the node's status, and the pause of its owner
// without its detail: clients get explanations too, and the detail names a program of the owner.
import type { NodeRecord } from '../../lifecycle/node-record';
import type { DispatchFilter } from './dispatch-filter';

export const statusReady: DispatchFilter = ({ status, reasonCode, pause }) =>
  status === 'ready'
    ? null
    : {
        filter: 'status',
        code: 'status_not_ready',
        wanted: 'ready',
        found: { status, reason_code: reasonCode, ...(pause === null ? {} : { pause: pauseFound(pause) }) },
      };

const pauseFound = ({ code, since, untilWallMs }: NonNullable<NodeRecord['pause']>) => ({
  reason_code: code,
  since: since.wallMs,
  until: untilWallMs,
});
