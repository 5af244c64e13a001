// Filter `requested_node`: the node is the one that the job requests by id, and not the one whose error another node must confirm.
import type { DispatchFilter } from './dispatch-filter';

export const requestedNode: DispatchFilter = ({ nodeId }, { nodeId: wanted, otherThan }) => {
  if (wanted !== undefined && wanted !== nodeId) return { filter: 'requested_node', code: 'not_requested_node', wanted, found: nodeId };
  if (otherThan !== nodeId) return null;
  return { filter: 'requested_node', code: 'not_requested_node', wanted: { other_than: otherThan }, found: nodeId };
};
