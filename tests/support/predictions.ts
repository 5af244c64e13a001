// Predictions of a job on nodes, as an attempt or an explanation has them.
import type { PredictedNodeView, PredictionView, Route } from '../../src/shared/api/prediction';

const NO_SECONDS = { slot: 0, wait: 0, load: 0, input: 0, output: 0, displaced: 0 };

export const aPredictedNode = (
  nodeId: string,
  terms: Partial<PredictedNodeView['terms']>,
  change: Partial<PredictedNodeView> = {},
): PredictedNodeView => {
  const all = { ...NO_SECONDS, ...terms };
  const { slot, wait, load, input, output } = all;
  return { node_id: nodeId, seconds: slot + wait + load + input + output, terms: all, cached_tokens: 0, measured: true, ...change };
};

/** Nodes `node-1`, `node-2` and so on, each with an answer of so many seconds. */
export const aPrediction = ({ route, seconds }: { readonly route: Route; readonly seconds: readonly number[] }): PredictionView => ({
  route,
  nodes: seconds.map((output, i) => aPredictedNode(`node-${String(i + 1)}`, { output })),
});
