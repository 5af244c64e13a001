// The predicted time of one request on one node.
import { hasRates } from '../../lifecycle/model-rates';
import { inFlightJobs, type NodeRecord } from '../../lifecycle/node-record';
import { beforeMs, classAt, type CostTerms, costMs, type RateClass, type RequestWork, serviceTerms, stepOf, stepsOf } from './cost';

/** What is known of a request, and of nodes that have not run its model. */
export interface RequestForecast {
  readonly work: RequestWork;
  /** Tokens of the prompt that a node is expected to have in its cache. Absent: none. */
  readonly cachedOn: ReadonlyMap<string, number>;
  /** The rates to expect of a node that has not run the model. Null: none are known. */
  readonly prior: (record: NodeRecord, modelId: string) => RateClass | null;
  /** False: the request shows no rate, so it is no trial. Absent: it shows one. */
  readonly showsRate?: boolean;
}

export interface ForecastNode {
  readonly nodeId: string;
  readonly modelId: string;
  readonly terms: CostTerms;
  readonly costMs: number;
  /** The cost if nothing were cached. */
  readonly uncachedMs: number;
  readonly cachedTokens: number;
  /** Whether the rates are those that the node has shown. If not, they are those of similar nodes. */
  readonly isTried: boolean;
  /** The predicted wait for a slot, ms. 0: the node has a free slot. */
  readonly slotMs: number;
}

/** Null: nothing is known of the node. `slotMs`: the time until a full node has a free slot. */
export function forecastNode(record: NodeRecord, modelId: string, forecast: RequestForecast, slotMs = 0): ForecastNode | null {
  const rates = shownRates(record, modelId);
  if (rates === null) return forecastTrial(record, modelId, forecast, slotMs);
  return { ...forecastAt(rates, record, modelId, forecast, slotMs), isTried: true };
}

/** As if the node had not run the model. */
export function forecastTrial(record: NodeRecord, modelId: string, forecast: RequestForecast, slotMs = 0): ForecastNode | null {
  const expected = forecast.prior(record, modelId);
  if (expected === null) return null;
  const rates = classAt(stepOf(expected.inputPerSecond), stepOf(expected.outputPerSecond));
  return { ...forecastAt(rates, record, modelId, forecast, slotMs), isTried: false };
}

function forecastAt(
  rates: RateClass,
  record: NodeRecord,
  modelId: string,
  { work, cachedOn }: RequestForecast,
  slotMs: number,
): Omit<ForecastNode, 'isTried'> {
  const { nodeId } = record;
  const cachedTokens = Math.min(cachedOn.get(nodeId) ?? 0, work.input);
  const before = beforeMs(record, modelId);
  const terms = { ...before, ...serviceTerms(rates, work, cachedTokens) };
  const cost = costMs(terms) + slotMs;
  const uncachedMs = cachedTokens === 0 ? cost : costMs({ ...before, ...serviceTerms(rates, work, 0) }) + slotMs;
  return { nodeId, modelId, terms, costMs: cost, uncachedMs, cachedTokens, slotMs };
}

function shownRates(record: NodeRecord, modelId: string): RateClass | null {
  const rates = record.rates.get(modelId);
  if (rates === undefined || !hasRates(record.rates, modelId)) return null;
  const steps = stepsOf(record, modelId, rates);
  return classAt(steps.input, steps.output);
}

/** Whether the node has no job now, so that it may get its first request for a model. */
export const isIdle = (record: NodeRecord): boolean => inFlightJobs(record) === 0;
