// Why a job would go where it goes: how many nodes each reason keeps out, and for the nodes that are shown every filter, not only the
// first that fails (lifecycle §3, Explaining). A dry run: nothing is assigned and nothing counted.
import type { Explanation, JobRequirements } from '../../../shared/api/dispatch';
import type { NodeRecord } from '../lifecycle/node-record';
import type { CandidateIndex } from './candidate-index';
import { choose } from './choose';
import type { ExclusionTally } from './exclusion-aggregates';
import { allExclusions } from './filters';
import type { LiveTallies } from './live-tallies';

export interface ExplainedPool {
  readonly size: number;
  readonly candidates: CandidateIndex;
  readonly tallies: LiveTallies;
  get(nodeId: string): NodeRecord | undefined;
  records(): Iterable<NodeRecord>;
}

/** `nodeLimit`: at most so many nodes are shown. The counts are of all. */
export function explain(pool: ExplainedPool, job: JobRequirements, nodeLimit = Infinity): Explanation {
  const reasons = pool.tallies.of(job, pool.records());
  const excluded = Object.values(reasons).reduce((sum, { count }) => sum + count, 0);
  const chosen = excluded === pool.size ? null : (choose(pool.candidates, job).node?.nodeId ?? null);
  const nodes: Explanation['nodes'] = [];
  for (const record of shownNodes(pool, reasons, chosen, nodeLimit)) {
    nodes.push({ node_id: record.nodeId, excluded: allExclusions(record, job, pool.candidates.policy) });
  }
  return { chosen, nodes_total: pool.size, reasons, nodes };
}

/** All where they fit. Else the chosen node and the examples of each reason come first, so that no reason is left without a node. */
function shownNodes(pool: ExplainedPool, reasons: ExclusionTally, chosen: string | null, nodeLimit: number): Iterable<NodeRecord> {
  if (pool.size <= nodeLimit) return pool.records();
  const nodeIds = new Set([...(chosen === null ? [] : [chosen]), ...Object.values(reasons).flatMap(({ examples }) => examples)]);
  for (const { nodeId } of pool.records()) {
    if (nodeIds.size >= nodeLimit) break;
    nodeIds.add(nodeId);
  }
  const shown = Array.from(nodeIds, (nodeId) => pool.get(nodeId)).filter((record) => record !== undefined);
  return shown.slice(0, nodeLimit);
}
