// The status of this computer is known twice: the scheduler sends it to the node, and with the nodes of the pool. Both arrive at different
// times. Pure.
import type { NodeStatusMessage } from '../protocol/scheduler-messages';
import type { AppState } from './app-state';
import type { NodeView } from './node-view';

/** The newer one of both, in both places: no two parts of a screen contradict each other. The same object when both are equal. */
export function withOneOwnState<State extends Pick<AppState, 'agent' | 'nodes'>>(state: State): State {
  const { agent, nodes } = state;
  const node = agent?.node_id == null ? undefined : nodes.get(agent.node_id);
  if (agent?.link.state !== 'connected' || agent.node_status === null || node === undefined) return state;
  const { message } = agent.node_status;
  switch (newerOf(message, node)) {
    case 'message':
      return { ...state, nodes: new Map(nodes).set(node.node_id, { ...node, ...statusOf(message) }) };
    case 'node':
      return { ...state, agent: { ...agent, node_status: { ...agent.node_status, message: { ...message, ...statusOf(node) } } } };
    case null:
      return state;
  }
}

/** Null: they are equal, or only their slots and loads may differ, which have no time. */
function newerOf(message: NodeStatusMessage, node: NodeView): 'message' | 'node' | null {
  if (message.since !== node.since) return message.since > node.since ? 'message' : 'node';
  if (message.status !== node.status) return null;
  const [sent, seen] = [message.health, node.health];
  const isEqual = sent.consecutive_successes === seen.consecutive_successes && sent.failed_checks.length === seen.failed_checks.length;
  if (node.status !== 'registering' || isEqual) return null;
  return message.timestamp >= (node.last_heartbeat_at ?? 0) ? 'message' : 'node';
}

type Status = Pick<NodeStatusMessage & NodeView, 'status' | 'reason' | 'reason_code' | 'previous_status' | 'since' | 'online' | 'health'> &
  Pick<NodeView, 'availability'>;

const statusOf = (known: Status): Status => ({
  status: known.status,
  reason: known.reason,
  reason_code: known.reason_code,
  previous_status: known.previous_status,
  since: known.since,
  online: known.online,
  health: known.health,
  ...(known.availability === undefined ? {} : { availability: known.availability }),
});
