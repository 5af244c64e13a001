// Selectors for the nodes of a pool. Nodes are counted once per message, for all components that need the counts.
import type { AppState } from '../../shared/api/app-state';
import { availabilityOf } from '../../shared/api/availability';
import type { NodeView } from '../../shared/api/node-view';
import { AVAILABILITY_STATES, type AvailabilityState } from '../../shared/protocol/status';

type Nodes = AppState['nodes'];

export interface NodeCounts {
  readonly byState: Readonly<Record<AvailabilityState, number>>;
  readonly online: number;
  readonly simulated: number;
}

const known = new WeakMap<Nodes, NodeCounts>();

/** The same object for the same nodes. */
export function nodeCounts(nodes: Nodes): NodeCounts {
  const counted = known.get(nodes) ?? count(nodes);
  known.set(nodes, counted);
  return counted;
}

function count(nodes: Nodes): NodeCounts {
  const byState = Object.fromEntries(AVAILABILITY_STATES.map((state) => [state, 0])) as Record<AvailabilityState, number>;
  let online = 0;
  let simulated = 0;
  for (const node of nodes.values()) {
    byState[availabilityOf(node).state]++;
    if (node.online) online++;
    if (node.simulated) simulated++;
  }
  return { byState, online, simulated };
}

/** This computer's node, where the program operates the pool that the computer belongs to. */
export function ownNode({ agent, nodes }: Pick<AppState, 'agent' | 'nodes'>): NodeView | null {
  return agent?.node_id == null ? null : (nodes.get(agent.node_id) ?? null);
}
