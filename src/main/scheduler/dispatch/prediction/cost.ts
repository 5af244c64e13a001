// The predicted time of a request on a node, term by term (ADR 0024). All terms are whole milliseconds, so that sums are exact and the order
// of the index equals that of a full scan. Rates are rounded to steps, so that nodes of about the same speed share a class of the index.
import { addedLoad } from '../../lifecycle/model-failures';
import { isLoadExpected, loadLeftMs, promptsMs } from '../../lifecycle/expected-jobs';
import { bothRatesAt, type ModelRates, slowdownOf } from '../../lifecycle/model-rates';
import { residencyOf } from '../../lifecycle/model-residency';
import { inFlightJobs, type NodeRecord } from '../../lifecycle/node-record';

/** The estimated work of a request. */
export interface RequestWork {
  /** Tokens of the prompt; for other tasks units of input. */
  readonly input: number;
  /** Tokens of the answer; 0 when the answer is not generated token by token. */
  readonly output: number;
  /** The share of prompts of this model that was found in a cache lately, 0 to 1: the chance that a displaced token is needed again. */
  readonly reuse: number;
}

/** Whole milliseconds. */
export interface CostTerms {
  /** Until prompts that the node got earlier are processed. */
  readonly waitMs: number;
  /** To load the model, or the rest of a load that has begun. */
  readonly loadMs: number;
  /** For the tokens of the prompt that are not cached, or for the input. */
  readonly inputMs: number;
  readonly outputMs: number;
  /** Time that other prompts will need again because this one takes their place in the cache. Part of the cost, not of the prediction. */
  readonly displacedMs: number;
}

/** Rounded rates of a node for a model. */
export interface RateClass {
  readonly inputPerSecond: number;
  /** At the concurrency that the job would meet. */
  readonly outputPerSecond: number;
}

/** One step is 12 %: less than predictions are off. */
const STEP = Math.log(1.12);
const MS_PER_SECOND = 1000;
/** Some servers process prompts one after the other, some at once. Chosen on the traces of bench/routing. */
const SHARE_OF_EARLIER_PROMPTS = 0.25;
/** Until a load of the model was measured on the node. */
const DEFAULT_LOAD_MS = 5000;
/** Of a model that no job showed. */
const NO_RATE_PER_SECOND = 1e9;
const NO_RATES = { input: NO_RATE_PER_SECOND, output: NO_RATE_PER_SECOND };

export const stepOf = (perSecond: number): number => Math.round(Math.log(perSecond) / STEP);
const perSecondAt = (step: number): number => Math.exp(step * STEP);

/** The steps of a node that ran the model. A failure of the model on the node counts as one more job of the same length. */
export function stepsOf(record: NodeRecord, modelId: string, rates: ModelRates): { readonly input: number; readonly output: number } {
  const slowdown = slowdownOf(rates) * (1 + addedLoad(record.failures, modelId));
  const { input, output } = bothRatesAt(rates, inFlightJobs(record) + 1) ?? NO_RATES;
  return { input: stepOf(input / slowdown), output: stepOf(output / slowdown) };
}

export const classAt = (input: number, output: number): RateClass => ({
  inputPerSecond: perSecondAt(input),
  outputPerSecond: perSecondAt(output),
});

/** The time before the node begins with the request, which does not depend on the request. */
export const beforeMs = (record: NodeRecord, modelId: string): { readonly waitMs: number; readonly loadMs: number } => ({
  waitMs: Math.round(SHARE_OF_EARLIER_PROMPTS * promptsMs(record.expectedJobs)),
  loadMs: Math.round(loadMsOf(record, modelId)),
});

/**
 * A load that has begun is counted once, and only what is left: all jobs that wait for the load end with it. The time is that of the last
 * heartbeat, so the result follows from the record alone.
 */
function loadMsOf(record: NodeRecord, modelId: string): number {
  const nowMonotonicMs = record.lastSeen.monotonicMs;
  const leftMs = loadLeftMs(record.expectedJobs, modelId, nowMonotonicMs);
  if (leftMs !== null) return leftMs;
  const residency = residencyOf(record.profile, modelId);
  if (residency !== 'cold' && residency !== 'loading') return 0;
  const loadSeconds = record.rates.get(modelId)?.loadSeconds ?? null;
  const wholeMs = loadSeconds === null ? DEFAULT_LOAD_MS : loadSeconds * MS_PER_SECOND;
  const sinceMonotonicMs = record.loadingSince?.get(modelId)?.monotonicMs ?? nowMonotonicMs;
  return residency === 'cold' ? wholeMs : Math.max(0, wholeMs - (nowMonotonicMs - sinceMonotonicMs));
}

/** Whether the time before a request changes with each heartbeat. */
export const isAnyModelLoading = ({ loadingSince, expectedJobs }: NodeRecord): boolean =>
  loadingSince !== undefined || isLoadExpected(expectedJobs);

/** `cached`: tokens of the prompt that the node is expected to have in its cache. */
export function serviceTerms(
  { inputPerSecond, outputPerSecond }: RateClass,
  { input, output, reuse }: RequestWork,
  cached: number,
): Pick<CostTerms, 'inputMs' | 'outputMs' | 'displacedMs'> {
  const uncached = Math.max(0, input - cached);
  const inputMs = Math.round((uncached / inputPerSecond) * MS_PER_SECOND);
  return {
    inputMs,
    outputMs: Math.round((output / outputPerSecond) * MS_PER_SECOND),
    displacedMs: Math.round(reuse * inputMs),
  };
}

/** The predicted time to the last token, ms. */
export const predictedMs = ({ waitMs, loadMs, inputMs, outputMs }: CostTerms): number => waitMs + loadMs + inputMs + outputMs;

/** Nodes are compared by this number. */
export const costMs = (terms: CostTerms): number => predictedMs(terms) + terms.displacedMs;
