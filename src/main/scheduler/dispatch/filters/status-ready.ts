// Filter `status`: only a ready node gets jobs. The exclusion has the reason of the node's status, and the pause of its owner
// without code and detail: clients get explanations too, and these tell whether the owner plays or is away. Operators read them in the
// view of the node.
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

const pauseFound = ({ since, untilWallMs }: NonNullable<NodeRecord['pause']>) => ({
  since: since.wallMs,
  until: untilWallMs,
});
