// The oracle: the choice by definition, a full scan of the pool with every filter, sorted. For tests and benchmarks.
import { firstExclusion } from '../../../../src/main/scheduler/dispatch/filters';
import type { DispatchPolicy } from '../../../../src/main/scheduler/dispatch/policy';
import { compareRanks, rankOf } from '../../../../src/main/scheduler/dispatch/ranking';
import type { NodeRecord } from '../../../../src/main/scheduler/lifecycle/node-record';
import type { JobRequirements } from '../../../../src/shared/api/dispatch';

export function chooseByScan(records: Iterable<NodeRecord>, job: JobRequirements, policy: DispatchPolicy): NodeRecord | null {
  const passing = [...records].filter((record) => firstExclusion(record, job, policy) === null);
  return passing.sort((a, b) => compareRanks(rankOf(a), rankOf(b)))[0] ?? null;
}
