// The oracle: the choice by predicted time by definition, with a full scan of the pool and every filter.
import { orderFor } from '../../../../src/main/scheduler/dispatch/candidate';
import { firstExclusion } from '../../../../src/main/scheduler/dispatch/filters';
import type { JobRequirements } from '../../../../src/main/scheduler/dispatch/job-requirements';
import { DEFAULT_DISPATCH_POLICY } from '../../../../src/main/scheduler/dispatch/policy';
import { forecastNode, forecastTrial, type RequestForecast } from '../../../../src/main/scheduler/dispatch/prediction/forecast';
import { compareRanks, rankOf, speedsOf } from '../../../../src/main/scheduler/dispatch/ranking';
import { addedLoad } from '../../../../src/main/scheduler/lifecycle/model-failures';
import { hasRates, isTrialDue } from '../../../../src/main/scheduler/lifecycle/model-rates';
import { inFlightJobs, type NodeRecord } from '../../../../src/main/scheduler/lifecycle/node-record';

/** By definition: every node that passes every filter, with the cost of the request there. */
export function predictByScan(
  records: Iterable<NodeRecord>,
  job: JobRequirements,
  modelId: string,
  forecast: RequestForecast,
  avoided: ReadonlySet<string>,
): string | null {
  const passing = [...records].filter((record) => firstExclusion(record, job, DEFAULT_DISPATCH_POLICY) === null);
  const order = orderFor(modelId, 'predicted');
  const asCandidate = (record: NodeRecord) => ({ record, rank: rankOf(record), speeds: speedsOf(record.profile), sets: [] });
  const inRank = (a: NodeRecord, b: NodeRecord): number => {
    const [one, other] = [asCandidate(a), asCandidate(b)];
    return order.loadOf(one) - order.loadOf(other) || order.compareTies(one, other);
  };
  const costOf = (record: NodeRecord): number => forecastNode(record, modelId, forecast)?.costMs ?? Infinity;
  const cheapest = (all: readonly NodeRecord[]): NodeRecord | undefined =>
    all.toSorted((a, b) => costOf(a) - costOf(b) || compareRanks(rankOf(a), rankOf(b)))[0];
  const mayBeTried = ({ rates, failures }: NodeRecord): boolean => isTrialDue(rates, modelId) && addedLoad(failures, modelId) === 0;
  const untilTrial = (all: readonly NodeRecord[]): readonly NodeRecord[] => {
    const untried = all.filter(({ rates }) => !hasRates(rates, modelId) || isTrialDue(rates, modelId)).toSorted(inRank);
    const due = untried.findIndex(mayBeTried);
    return due === -1 ? untried : untried.slice(0, due + 1);
  };
  const choice = (all: readonly NodeRecord[]): NodeRecord | undefined => {
    const untried = untilTrial(all);
    const due = untried.find((record) => mayBeTried(record) && inFlightJobs(record) === 0);
    const best = cheapest(all.filter(({ rates }) => hasRates(rates, modelId)));
    if (due === undefined) return best ?? cheapest(untried);
    const trialMs = forecastTrial(due, modelId, forecast)?.costMs ?? Infinity;
    const bestMs = Math.min(best === undefined ? Infinity : costOf(best), costOf(due));
    return best === undefined || trialMs <= 3 * bestMs ? due : best;
  };
  return (choice(passing.filter(({ nodeId }) => !avoided.has(nodeId))) ?? choice(passing))?.nodeId ?? null;
}
