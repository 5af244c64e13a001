// Explains a dispatch: the number of excluded nodes per reason, and for the listed nodes every filter that fails, not only the first
// (lifecycle §3, Explaining). A dry run: nothing is assigned and nothing is counted.
import type { Explanation } from '../../../shared/api/dispatch';
import type { NodeRecord } from '../lifecycle/node-record';
import type { CandidateIndex } from './candidate-index';
import { choose } from './choose';
import type { ExclusionTally } from './exclusion-aggregates';
import { allExclusions } from './filters';
import type { LiveTallies } from './live-tallies';
import type { JobRequirements } from './job-requirements';

export interface ExplainedPool {
  readonly size: number;
  readonly candidates: CandidateIndex;
  readonly tallies: LiveTallies;
  get(nodeId: string): NodeRecord | undefined;
  records(): Iterable<NodeRecord>;
}

/** `nodeLimit` bounds the listed nodes. The counts include all nodes. */
export function explain(pool: ExplainedPool, job: JobRequirements, nodeLimit = Infinity): Explanation {
  const reasons = pool.tallies.of(job, pool.records());
  const excluded = Object.values(reasons).reduce((sum, { count }) => sum + count, 0);
  const chosen = excluded === pool.size ? null : (choose(pool.candidates, job).node?.nodeId ?? null);
  const nodes: Explanation['nodes'] = [];
  for (const record of listedNodes(pool, reasons, chosen, nodeLimit)) {
    nodes.push({ node_id: record.nodeId, excluded: allExclusions(record, job, pool.candidates.policy) });
  }
  return { chosen, nodes_total: pool.size, reasons, nodes };
}

/** All nodes when they fit. Else the chosen node and the examples of each reason come first, so every reason has a listed node. */
function listedNodes(pool: ExplainedPool, reasons: ExclusionTally, chosen: string | null, nodeLimit: number): Iterable<NodeRecord> {
  if (pool.size <= nodeLimit) return pool.records();
  const nodeIds = new Set([...(chosen === null ? [] : [chosen]), ...Object.values(reasons).flatMap(({ examples }) => examples)]);
  for (const { nodeId } of pool.records()) {
    if (nodeIds.size >= nodeLimit) break;
    nodeIds.add(nodeId);
  }
  const listed = Array.from(nodeIds, (nodeId) => pool.get(nodeId)).filter((record) => record !== undefined);
  return listed.slice(0, nodeLimit);
}
