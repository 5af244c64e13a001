// Changes of the pool that are worth a dry run, since they concern the reasons that keep nodes from the job, and those of them that help.
import { type Change, type ChangeOutcome, MAX_CHANGES, type ReasonGroup } from '../../../../shared/api/what-if';
import type { Explanation } from '../../../../shared/api/dispatch';
import { ableCount } from './able-count';

const LOADS = [
  ['gpu', 'gpu_percent'],
  ['cpu', 'cpu_percent'],
  ['memory', 'mem_percent'],
] as const;
/** A limit that is this much higher lets in nodes whose owners use them lightly. */
const STEP_PERCENT = 20;

export function proposalsOf({ groups = [] }: Pick<Explanation, 'groups'>, hasModel: boolean): readonly Change[] {
  return groups.flatMap((group) => proposalsFor(group, hasModel)).slice(0, MAX_CHANGES);
}

export interface Run {
  readonly change: Change;
  readonly outcome: ChangeOutcome;
}

/** The runs that help the job: it gets a node, another node, or more nodes could take it. The soonest end first, then the most nodes. */
export function helpfulFirst(runs: readonly Run[], before: Pick<Explanation, 'chosen' | 'nodes_total' | 'reasons'>): readonly Run[] {
  const able = ableCount(before);
  return runs
    .filter(({ outcome }) => outcome.chosen !== null && (outcome.chosen !== before.chosen ? outcome.able >= able : outcome.able > able))
    .sort((one, other) => rankOf(one, before.chosen) - rankOf(other, before.chosen) || other.outcome.able - one.outcome.able);
}

/** A run that moves the job to another node is before one that only adds a candidate. */
const rankOf = ({ outcome }: Run, before: string | null): number =>
  outcome.chosen === before ? Number.MAX_VALUE : (secondsOf(outcome) ?? Number.MAX_SAFE_INTEGER);

/** The predicted time on the chosen node. Null: not known. */
export const secondsOf = ({ chosen, prediction }: ChangeOutcome): number | null =>
  prediction?.nodes.find(({ node_id: nodeId }) => nodeId === chosen)?.seconds ?? null;

function proposalsFor({ code, examples: [first], over = {} }: ReasonGroup, hasModel: boolean): Change[] {
  if (first === undefined) return [];
  switch (code) {
    case 'model_not_available':
      return hasModel ? [{ kind: 'installed', node_id: first }] : [];
    case 'vram_insufficient':
      return hasModel ? [{ kind: 'loaded', node_id: first }] : [];
    case 'status_not_ready':
    case 'quarantined':
      return [{ kind: 'resumed', node_id: first }];
    case 'resource_threshold_exceeded':
      return LOADS.flatMap(([load, name]) => {
        const highest = over[load]?.limits.highest;
        return highest === undefined ? [] : [{ kind: 'limits', [name]: Math.min(100, highest + STEP_PERCENT) } as const];
      });
    case 'not_requested_node':
    case 'not_online':
    case 'not_in_public_pool':
    case 'gpu_unavailable':
    case 'model_failing':
    case 'capacity_exceeded':
      return [];
  }
}
