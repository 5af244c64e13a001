// The names of the nodes that a text of `explain` or `jobs` shows. The answers of the scheduler have their ids.
import type { HoldView, PredictionView } from '../../shared/api/prediction';
import type { PoolPort } from '../contracts/ports';
import type { NodeNames } from './core/prediction-text';

/** Each name is one request, so a text about a large pool has only the first names. */
const MAX_NAMES = 16;

/** Nodes that were removed, or that the key may not read, have no name. */
export async function namesOf(pool: Pick<PoolPort, 'node'>, nodeIds: readonly string[]): Promise<NodeNames> {
  const wanted = [...new Set(nodeIds)].slice(0, MAX_NAMES);
  const found = await Promise.all(wanted.map(async (id) => [id, await pool.node(id)] as const));
  return new Map(found.flatMap(([id, node]) => (node.ok ? [[id, node.value.name] as const] : [])));
}

export const nodesOfPrediction = (prediction: PredictionView | undefined, held: HoldView | undefined): readonly string[] =>
  [...(held === undefined ? [] : [held.node, held.best_free]), ...(prediction?.nodes ?? [])].map(({ node_id: id }) => id);
