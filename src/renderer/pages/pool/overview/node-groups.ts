// The nodes by availability, each group with what explains it: the cause of the only node, or how many nodes have each cause.
import { availabilityFacts, availabilityOf } from '../../../../shared/api/availability';
import type { Use } from '../../../../shared/api/exclusion-facts';
import type { NodeView } from '../../../../shared/api/node-view';
import type { PauseCode } from '../../../../shared/protocol/pauses';
import { AVAILABILITY_STATES, type AvailabilityState } from '../../../../shared/protocol/status';

export type GroupCause = Use | 'unknown' | 'operator' | 'quarantined' | PauseCode;

export interface NodeGroup {
  readonly state: AvailabilityState;
  readonly count: number;
  /** The only node of the group. Null: there are none or several. */
  readonly only: NodeView | null;
  /** The most frequent first. Empty: not divided. */
  readonly causes: readonly { readonly cause: GroupCause; readonly count: number }[];
  /** Of a group that is not divided: the first names. */
  readonly names: readonly string[];
}

const MOST_NAMES = 3;

/** In the order of the states, from the best to the worst. Without empty groups, but with the available nodes. */
export function nodeGroups(nodes: Iterable<NodeView>): readonly NodeGroup[] {
  const byState = new Map<AvailabilityState, NodeView[]>([['available', []]]);
  for (const node of nodes) {
    const { state } = availabilityOf(node);
    const group = byState.get(state);
    if (group === undefined) byState.set(state, [node]);
    else group.push(node);
  }
  return AVAILABILITY_STATES.flatMap((state) => {
    const group = byState.get(state);
    return group === undefined ? [] : [groupOf(state, group)];
  });
}

function groupOf(state: AvailabilityState, nodes: readonly NodeView[]): NodeGroup {
  const [only] = nodes;
  if (nodes.length === 1 && only !== undefined) return { state, count: 1, only, causes: [], names: [] };
  if (state === 'available' || state === 'full') return { state, count: nodes.length, only: null, causes: [], names: [] };
  const counts = new Map<GroupCause, number>();
  for (const node of nodes) {
    const cause = causeOf(node);
    if (cause !== null) counts.set(cause, (counts.get(cause) ?? 0) + 1);
  }
  const causes = [...counts].map(([cause, count]) => ({ cause, count })).sort((a, b) => b.count - a.count);
  const names = causes.length > 0 ? [] : nodes.slice(0, MOST_NAMES).map(({ name }) => name);
  return { state, count: nodes.length, only: null, causes, names };
}

/** Of the nodes that are busy or paused. The first limit counts. */
function causeOf(node: NodeView): GroupCause | null {
  const facts = availabilityFacts(node);
  switch (facts.kind) {
    case 'load': {
      const over = facts.over?.[0];
      return over === undefined ? 'unknown' : over.use === 'available_memory' ? 'mem' : over.use;
    }
    case 'drained':
      return facts.by === 'node' ? 'owner' : 'operator';
    case 'quarantined':
      return 'quarantined';
    case 'paused':
      return facts.pause.reason_code;
    case 'slots':
    case 'draining':
    case 'checks':
    case 'failed_check':
    case 'gpu':
    case 'silent':
    case 'asleep':
    case 'status':
      return null;
  }
}
