// Predictions as jobs keep them and as the API shows them (ADR 0024).
import type { HoldView, PredictedNodeView, PredictionView } from '../../../shared/api/prediction';
import type { Choice } from './choice';
import { MAX_HOLD_MS } from './holding';
import { type CostTerms, predictedMs } from './prediction/cost';
import type { ForecastNode } from './prediction/forecast';

/** Null: no node was chosen. */
export function predictionOf({ route, forecasts }: Pick<Choice, 'route' | 'forecasts'>): PredictionView | null {
  return route === null ? null : { route, nodes: forecasts.map(toPredictedNode) };
}

/** Why a job waits for the node `full` instead of going to the node `free`. */
export const toHoldView = (full: ForecastNode, free: ForecastNode): HoldView => ({
  reason: 'held_for_node',
  node: toPredictedNode(full),
  best_free: toPredictedNode(free),
  max_seconds: secondsOf(MAX_HOLD_MS),
});

const toPredictedNode = ({ nodeId, terms, slotMs, cachedTokens, isTried }: ForecastNode): PredictedNodeView => ({
  node_id: nodeId,
  seconds: secondsOf(predictedMs(terms) + slotMs),
  terms: toTerms(terms, slotMs),
  cached_tokens: Math.round(cachedTokens),
  measured: isTried,
});

const toTerms = ({ waitMs, loadMs, inputMs, outputMs, displacedMs }: CostTerms, slotMs: number): PredictedNodeView['terms'] => ({
  slot: secondsOf(slotMs),
  wait: secondsOf(waitMs),
  load: secondsOf(loadMs),
  input: secondsOf(inputMs),
  output: secondsOf(outputMs),
  displaced: secondsOf(displacedMs),
});

const secondsOf = (ms: number): number => ms / 1000;
