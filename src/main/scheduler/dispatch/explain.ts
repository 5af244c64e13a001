// Why a job would go where it goes: every filter for every node, not only the first that fails (lifecycle §3, Explaining).
// A dry run: nothing is assigned and nothing counted.
import type { Explanation, JobRequirements } from '../../../shared/api/dispatch';
import type { NodeRecord } from '../lifecycle/node-record';
import type { CandidateIndex } from './candidate-index';
import { choose } from './choose';
import { allExclusions } from './filters';

export function explain(records: Iterable<NodeRecord>, index: CandidateIndex, job: JobRequirements): Explanation {
  const nodes: Explanation['nodes'] = [];
  for (const record of records) nodes.push({ node_id: record.nodeId, excluded: allExclusions(record, job, index.policy) });
  return { chosen: choose(index, job).node?.nodeId ?? null, nodes };
}
