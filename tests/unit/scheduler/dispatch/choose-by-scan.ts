// The oracle: the choice by definition, with a full scan of the pool and every filter. For tests and benchmarks.
import { firstExclusion, isSchedulable } from '../../../../src/main/scheduler/dispatch/filters';
import { refusesTask } from '../../../../src/main/scheduler/dispatch/model-tasks';
import type { DispatchPolicy } from '../../../../src/main/scheduler/dispatch/policy';
import { compareEquallyLoaded, compareSpeeds, loadFor, rankOf, speedsOf } from '../../../../src/main/scheduler/dispatch/ranking';
import { isModelReady } from '../../../../src/main/scheduler/lifecycle/model-readiness';
import type { NodeProfile, NodeRecord } from '../../../../src/main/scheduler/lifecycle/node-record';
import type { InstalledModel } from '../../../../src/main/scheduler/lifecycle/node-report';
import type { JobRequirements } from '../../../../src/main/scheduler/dispatch/job-requirements';

export function chooseByScan(records: Iterable<NodeRecord>, job: JobRequirements, policy: DispatchPolicy): NodeRecord | null {
  const all = [...records];
  const modelId = modelThatRanks(all, job, policy);
  const passing = all.filter((record) => firstExclusion(record, job, policy) === null);
  const entries = passing.map((record) => {
    const rank = rankOf(record);
    const load = modelId === null ? rank.load : loadFor(rank, record, modelId);
    return { record, rank, load, speeds: speedsOf(record.profile) };
  });
  entries.sort(
    (a, b) =>
      a.load - b.load || (modelId === null ? 0 : compareSpeeds(a.speeds, b.speeds, modelId)) || compareEquallyLoaded(a.rank, b.rank),
  );
  return entries[0]?.record ?? null;
}

/** The rarest model that the job requires, or the first of equally rare ones. Null when a kind that the job requires is rarer. */
function modelThatRanks(records: readonly NodeRecord[], job: JobRequirements, policy: DispatchPolicy): string | null {
  const candidates = records.filter((record) => isSchedulable(record, policy)).map(({ profile }) => profile);
  const having = (profile: NodeProfile, wanted: (model: InstalledModel) => boolean): boolean =>
    profile.installedModels.some((model) => wanted(model) && isModelReady(profile, model));
  const taking = (profile: NodeProfile, modelId: string): boolean =>
    job.requiredTask?.modelId !== modelId || !refusesTask(profile, job.requiredTask);
  const rarities = [
    ...job.requiredModels.map((modelId) => ({
      modelId,
      count: candidates.filter((profile) => having(profile, (model) => model.modelId === modelId) && taking(profile, modelId)).length,
    })),
    ...(job.requiredKinds ?? []).map(({ kind }) => ({
      modelId: null,
      count: candidates.filter((profile) => having(profile, (model) => model.kind === kind)).length,
    })),
  ];
  const rarest = Math.min(...rarities.map(({ count }) => count));
  return rarities.find(({ count }) => count === rarest)?.modelId ?? null;
}
