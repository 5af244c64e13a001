// The name of a node where several can have one name: with a short id while the scheduler reports a conflict.
import type { NodeView } from '../../shared/api/node-view';

/** Enough to tell nodes with one name apart. */
export const shortNodeId = (nodeId: string): string => (nodeId.length > 8 ? `…${nodeId.slice(-6)}` : nodeId);

/** `kai-desktop`; with a conflict `kai-desktop …3F0A11` */
export const distinctName = ({
  node_id: id,
  name,
  name_conflict: conflict,
}: Pick<NodeView, 'node_id' | 'name' | 'name_conflict'>): string => (conflict == null ? name : `${name} ${shortNodeId(id)}`);
