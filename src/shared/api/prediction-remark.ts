// Why the chosen node of a prediction is not the one with the lowest predicted time.
import type { PredictedNodeView, PredictionView } from './prediction';

/**
 * `trial`: the chosen node has not run the model, and a first job shows its speed. `one_at_a_time`: a faster node has not run the model and
 * has a job already. `failed_before`: the job failed on a faster node.
 */
export type PredictionRemark = 'trial' | 'one_at_a_time' | 'failed_before';

/** The number by which nodes are compared, seconds. */
const costOf = ({ seconds, terms }: PredictedNodeView): number => seconds + terms.displaced;

/** Null: the chosen node has the lowest time. */
export function remarkOf({ nodes: [chosen, ...others] }: PredictionView): PredictionRemark | null {
  if (chosen === undefined) return null;
  const faster = others.filter((node) => costOf(node) < costOf(chosen));
  if (faster.length === 0) return null;
  if (!chosen.measured) return 'trial';
  return faster.every(({ measured }) => !measured) ? 'one_at_a_time' : 'failed_before';
}
