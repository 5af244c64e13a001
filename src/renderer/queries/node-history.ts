// The query of one node over time.
import type { NodeHistory, NodeRange } from '../../shared/api/node-history';
import { type Answer, useAnswer } from './use-answer';

/** As often as each range gets a point, and at least each minute. Events appear sooner. */
const EVERY_MS: Readonly<Record<NodeRange, number>> = { '1h': 30_000, '24h': 60_000 };

/** The last range is shown until another one has loaded. */
export const useNodeHistory = (nodeId: string, range: NodeRange): Answer<NodeHistory> =>
  useAnswer('pool.node_history', { node_id: nodeId, range }, { everyMs: () => EVERY_MS[range], keepsLast: true });
