// Filter `quarantined`: the operator trusts the node.
import type { DispatchFilter } from './dispatch-filter';

export const quarantined: DispatchFilter = ({ quarantine }) =>
  quarantine === null
    ? null
    : {
        filter: 'quarantined',
        code: 'quarantined',
        wanted: null,
        found: { by: quarantine.by, reason: quarantine.reason, since: quarantine.since.wallMs },
      };
