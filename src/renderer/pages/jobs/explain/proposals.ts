// Changes of the pool that are worth a dry run: they concern the reasons that keep nodes from the job.
import { type Change, MAX_CHANGES, type ReasonGroup } from '../../../../shared/api/what-if';
import type { Explanation } from '../../../../shared/api/dispatch';

const LOADS = [
  ['gpu', 'gpu_percent'],
  ['cpu', 'cpu_percent'],
  ['memory', 'mem_percent'],
] as const;
/** A limit that is this much higher lets in nodes whose owners use them lightly. */
const STEP_PERCENT = 20;

export function proposalsOf({ chosen, groups = [] }: Pick<Explanation, 'chosen' | 'groups'>, hasModel: boolean): readonly Change[] {
  const drained: readonly Change[] = chosen === null ? [] : [{ kind: 'drained', node_id: chosen }];
  return [...drained, ...groups.flatMap((group) => proposalsFor(group, hasModel))].slice(0, MAX_CHANGES);
}

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
