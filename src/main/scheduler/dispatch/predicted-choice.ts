// The choice by predicted time among nodes of which at least one ran the model (ADR 0024). The options are the cheapest nodes that ran it, the
// nodes that probably have the prompt cached, and one node that should run the model as a trial.
import type { Candidate } from './candidate';
import type { CandidateIndex } from './candidate-index';
import type { Route } from '../../../shared/api/prediction';
import type { Choice } from './choice';
import { suits } from './filters';
import { addedLoad } from '../lifecycle/model-failures';
import { hasRates, isTrialDue } from '../lifecycle/model-rates';
import type { JobRequirements } from './job-requirements';
import { type ForecastNode, forecastNode, forecastTrial, isIdle, type RequestForecast } from './prediction/forecast';
import { cheapestFirst } from './prediction/rate-classes';
import { compareRanks } from './ranking';

/** The chosen node, and those after it that are shown. */
const SHOWN = 4;
/** A node gets a request as a trial when this should take at most so many times as long as on the best node. */
const TRIED_AT_TIMES = 3;
/** In a search for a node of which a trial is due. */
const MAX_UNTRIED = 16;

interface Option {
  readonly candidate: Candidate;
  readonly forecast: ForecastNode;
  /** As if the node had not run the model. Null: no trial is due, or the node has a job. */
  readonly trial: ForecastNode | null;
}

export function choosePredicted(
  index: CandidateIndex,
  job: JobRequirements,
  modelId: string,
  forecast: RequestForecast,
  avoided: ReadonlySet<string>,
): Choice {
  const { ordered, checked } = optionsFor(index, job, modelId, forecast, avoided);
  const [first] = ordered;
  if (first === undefined) return { node: null, candidates: checked, route: null, forecasts: [] };
  return {
    node: first.candidate.record,
    candidates: checked,
    route: routeOf(first, ordered, avoided),
    forecasts: ordered.slice(0, SHOWN).map((option) => option.forecast),
  };
}

/** In the order of preference, with the number of candidates that were checked. */
function optionsFor(
  index: CandidateIndex,
  job: JobRequirements,
  modelId: string,
  forecast: RequestForecast,
  avoided: ReadonlySet<string>,
): { readonly ordered: readonly Option[]; readonly checked: number } {
  let checked = 0;
  const options = new Map<string, Option>();
  const consider = (candidate: Candidate): boolean => {
    checked++;
    if (!suits(candidate.record, job, index.policy)) return false;
    const found = forecastNode(candidate.record, modelId, forecast);
    if (found !== null) options.set(candidate.record.nodeId, { candidate, forecast: found, trial: null });
    return found !== null && !avoided.has(candidate.record.nodeId);
  };
  const considerTried = (candidate: Candidate | undefined): void => {
    if (candidate !== undefined && hasRates(candidate.record.rates, modelId) && !options.has(candidate.record.nodeId)) consider(candidate);
  };
  let isAvoidedFound = false;
  /** One node of each kind: on which the job did not fail, and on which it failed. Returns whether the search is over. */
  const considerTrial = (candidate: Candidate): boolean => {
    const { nodeId, rates, failures } = candidate.record;
    const isAvoided = avoided.has(nodeId);
    if (isAvoided && isAvoidedFound) return false;
    consider(candidate);
    const option = options.get(nodeId);
    // A node that failed would fail each trial.
    if (option === undefined || !isTrialDue(rates, modelId) || addedLoad(failures, modelId) > 0) return false;
    const trial = forecast.showsRate !== false && isIdle(candidate.record) ? forecastTrial(candidate.record, modelId, forecast) : null;
    options.set(nodeId, { ...option, trial });
    isAvoidedFound ||= isAvoided;
    return !isAvoided;
  };
  const few = index.fewestFor(job, modelId);
  if (few !== null) for (const candidate of few) considerTried(candidate);
  else {
    const tried = index.groupsOf(modelId, job).map((group) => group.tried);
    takeUntil(cheapestFirst(tried, forecast.work), SHOWN, consider);
    for (const nodeId of forecast.cachedOn.keys()) considerTried(index.get(nodeId));
  }
  takeUntil(firstOf(index.untriedFor(modelId, job), MAX_UNTRIED), 1, considerTrial);
  return { ordered: inOrder([...options.values()], avoided), checked };
}

/** Reads candidates until `count` of them were taken. */
function takeUntil(candidates: Iterable<Candidate>, count: number, take: (candidate: Candidate) => boolean): void {
  let taken = 0;
  for (const candidate of candidates) if (take(candidate) && ++taken === count) return;
}

function* firstOf<Item>(items: Iterable<Item>, count: number): IterableIterator<Item> {
  let left = count;
  for (const item of items) {
    if (left-- === 0) return;
    yield item;
  }
}

/** Nodes on which the job failed come last. */
function inOrder(options: readonly Option[], avoided: ReadonlySet<string>): readonly Option[] {
  const isAvoided = ({ forecast }: Option): boolean => avoided.has(forecast.nodeId);
  return [...inCostOrder(options.filter((option) => !isAvoided(option))), ...inCostOrder(options.filter(isAvoided))];
}

/**
 * By cost, except that the node of a trial comes first, unless the job would take much longer there than on the best node. Other nodes that
 * have not run the model come last.
 */
function inCostOrder(options: readonly Option[]): readonly Option[] {
  const isUnknown = ({ forecast, trial }: Option): boolean => !forecast.isTried && trial === null;
  const cheapest = options
    .filter((option) => !isUnknown(option))
    .reduce((lowest, { forecast: { costMs } }) => Math.min(lowest, costMs), Infinity);
  const isTrial = ({ trial }: Option): boolean => trial !== null && trial.costMs <= TRIED_AT_TIMES * cheapest;
  return [...options]
    .sort(
      (a, b) =>
        Number(isUnknown(a)) - Number(isUnknown(b)) ||
        Number(isTrial(b)) - Number(isTrial(a)) ||
        a.forecast.costMs - b.forecast.costMs ||
        compareRanks(a.candidate.rank, b.candidate.rank),
    )
    .map((option) => (isTrial(option) ? { ...option, forecast: option.trial ?? option.forecast } : option));
}

/** `affinity`: another node would come first if no node had the prompt cached. */
function routeOf(first: Option, ordered: readonly Option[], avoided: ReadonlySet<string>): Route {
  if (ordered.length === 1) return 'only';
  if (first.forecast.cachedTokens === 0) return 'predicted';
  const uncached = (forecast: ForecastNode): ForecastNode => ({ ...forecast, costMs: forecast.uncachedMs });
  const withoutCache = ordered.map(({ candidate, forecast, trial }) => ({
    candidate,
    forecast: uncached(forecast),
    trial: trial === null ? null : uncached(trial),
  }));
  return inOrder(withoutCache, avoided)[0]?.forecast.nodeId === first.forecast.nodeId ? 'predicted' : 'affinity';
}
