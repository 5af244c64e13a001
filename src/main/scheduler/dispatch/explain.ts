// Explains a dispatch: the number of excluded nodes per reason, and for the listed nodes every filter that fails, not only the first
// (lifecycle §3, Explaining). A dry run: nothing is assigned and nothing is counted.
import type { Explanation } from '../../../shared/api/dispatch';
import type { NodeRecord } from '../lifecycle/node-record';
import type { CandidateIndex } from './candidate-index';
import type { Choice } from './choice';
import { choose } from './choose';
import type { ExclusionTally } from './exclusion-aggregates';
import { allExclusions } from './filters';
import type { LiveTallies } from './live-tallies';
import type { JobRequirements } from './job-requirements';
import type { ForecastNode, RequestForecast } from './prediction/forecast';
import { predictionOf, toHoldView } from './prediction-view';

export interface ExplainedPool {
  readonly size: number;
  readonly candidates: CandidateIndex;
  readonly tallies: LiveTallies;
  get(nodeId: string): NodeRecord | undefined;
  records(): Iterable<NodeRecord>;
}

/** The estimated size of all listed nodes. More would stop the scheduler for more than 50 ms. */
const MAX_LISTED_CHARACTERS = 2 * 1024 * 1024;
const NODE_CHARACTERS = 256;
/** Of a required model or feature, besides its name: it is listed as wanted and as found. */
const VALUE_CHARACTERS = 32;
/** Of a required kind: some models of the node are listed, whose names may be long. */
const KIND_CHARACTERS = 2048;

/** How many nodes may be listed. */
function listableNodes({ requiredModels, requiredKinds = [], requiredFeatures = [] }: JobRequirements): number {
  const characters = [...requiredModels, ...requiredFeatures].reduce((sum, name) => sum + 2 * name.length + VALUE_CHARACTERS, 0);
  return Math.floor(MAX_LISTED_CHARACTERS / (NODE_CHARACTERS + characters + KIND_CHARACTERS * requiredKinds.length));
}

export interface ExplainOptions {
  /** Bounds the listed nodes, and so does the size of the list. The counts include all nodes. Default: all nodes. */
  readonly nodeLimit?: number | undefined;
  /** Null: nothing is known of the request. */
  readonly forecast?: RequestForecast | null;
  /** Whether the job would wait for a full node instead. Default: no. */
  readonly holdFor?: (choice: Choice) => ForecastNode | null;
}

export function explain(pool: ExplainedPool, job: JobRequirements, options: ExplainOptions = {}): Explanation {
  const { nodeLimit = Infinity, forecast = null, holdFor = () => null } = options;
  const reasons = pool.tallies.of(job, pool.records());
  const excluded = Object.values(reasons).reduce((sum, { count }) => sum + count, 0);
  const choice = excluded === pool.size ? null : choose(pool.candidates, job, forecast);
  const chosen = choice?.node?.nodeId ?? null;
  const nodes: Explanation['nodes'] = [];
  for (const record of listedNodes(pool, reasons, chosen, Math.min(nodeLimit, listableNodes(job)))) {
    nodes.push({ node_id: record.nodeId, excluded: allExclusions(record, job, pool.candidates.policy) });
  }
  return { chosen, nodes_total: pool.size, reasons, nodes, ...predicted(choice, holdFor) };
}

function predicted(choice: Choice | null, holdFor: (choice: Choice) => ForecastNode | null): Pick<Explanation, 'prediction' | 'held'> {
  const prediction = choice === null ? null : predictionOf(choice);
  if (choice === null || prediction === null) return {};
  const [full, [free]] = [holdFor(choice), choice.forecasts];
  return { prediction, ...(full === null || free === undefined ? {} : { held: toHoldView(full, free) }) };
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
