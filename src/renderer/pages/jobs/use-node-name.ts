// The name of a node by its id; of one that has left the pool, the id.
import { useCallback } from 'react';
import { useApp } from '../../store/Screen';

export function useNodeName(): (nodeId: string) => string {
  const nodes = useApp((app) => app.nodes);
  return useCallback((nodeId) => nodes.find(({ node_id }) => node_id === nodeId)?.name ?? nodeId, [nodes]);
}
