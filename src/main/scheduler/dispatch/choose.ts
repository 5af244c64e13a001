// Chooses the node for a job. With the strategy `predicted` and known rates: the node that should finish first (ADR 0024). Else the first
// candidate in rank order. Only nodes that pass the job filters count (lifecycle §3). Deterministic.
import type { NodeRecord } from '../lifecycle/node-record';
import type { Choice } from './choice';
import type { CandidateIndex } from './candidate-index';
import { suits } from './filters';
import { type JobRequirements, runModelOf } from './job-requirements';
import { choosePredicted } from './predicted-choice';
import type { RequestForecast } from './prediction/forecast';

const NONE: ReadonlySet<string> = new Set();
/** A node in `avoided` is chosen only when no other node can run the job. */
export function choose(
  index: CandidateIndex,
  job: JobRequirements,
  forecast: RequestForecast | null = null,
  avoided: ReadonlySet<string> = NONE,
): Choice {
  const modelId = runModelOf(job);
  const isPredicted = forecast !== null && modelId !== null && job.nodeId === undefined && index.policy.strategy === 'predicted';
  if (isPredicted && index.groupsOf(modelId, job).some(({ tried }) => tried.size > 0))
    return choosePredicted(index, job, modelId, forecast, avoided);
  let candidates = 0;
  let lastResort: NodeRecord | null = null;
  for (const node of index.candidatesFor(job)) {
    candidates++;
    if (!suits(node, job, index.policy)) continue;
    if (!avoided.has(node.nodeId)) return ranked(node, candidates, job);
    lastResort ??= node;
  }
  return ranked(lastResort, candidates, job);
}

const ranked = (node: NodeRecord | null, candidates: number, { nodeId }: JobRequirements): Choice => ({
  node,
  candidates,
  route: node === null ? null : nodeId === undefined ? 'fallback' : 'only',
  forecasts: [],
});
