// The availability of a node by its id. Nothing for a node that has left the pool.
import { useApp } from '../store/Screen';
import { AvailabilityLabel } from './Availability';

export function NodeState({ nodeId }: { readonly nodeId: string }) {
  const node = useApp(({ nodes }) => nodes.get(nodeId));
  return node === undefined ? null : <AvailabilityLabel node={node} />;
}
