// Filter `requested_node`: the node is the one that the job requests by id.
import type { DispatchFilter } from './dispatch-filter';

export const requestedNode: DispatchFilter = ({ nodeId }, { nodeId: wanted }) =>
  wanted === undefined || wanted === nodeId ? null : { filter: 'requested_node', code: 'not_requested_node', wanted, found: nodeId };
