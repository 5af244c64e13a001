// Nodes that register a new id and never become ready, as an attacker sends them.
import { nodePageSchema } from '../../src/shared/api/node-view';
import type { NodeError } from '../../src/shared/protocol/scheduler-messages';
import { sendRequest } from './http-api';
import { registration, TestNode } from './test-node';
import type { TestScheduler } from './test-scheduler';

type Change = Parameters<typeof registration>[0];

/** The ids of the first page of nodes. */
export const knownIds = async ({ port }: TestScheduler): Promise<string[]> =>
  nodePageSchema.parse((await sendRequest(port, { path: '/api/v1/nodes' })).json()).nodes.map(({ node_id }) => node_id);

/** Registers a new id and closes. The code of the refusal, or null. */
export async function ghost(
  { url }: TestScheduler,
  change: Change = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<string | null> {
  const node = await TestNode.connect(url, headers);
  node.send(registration(change));
  const answer = await node.until('node_register_ack').catch(() => null);
  const error = node.received.find(({ type }) => type === 'node_error');
  node.socket.terminate();
  if (answer !== null) return null;
  return error !== undefined && 'code' in error ? error.code : 'closed';
}

/** Registers a new id that the scheduler must refuse. */
export async function refusalOf(
  { url }: TestScheduler,
  change: Change = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<NodeError> {
  const node = await TestNode.connect(url, headers);
  node.send(registration(change));
  const error = await node.next('node_error');
  node.socket.terminate();
  return error;
}
