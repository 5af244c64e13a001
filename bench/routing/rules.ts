// Rules that send a request to a node at once, so that requests wait at the nodes, as behind a reverse proxy.
import type { BenchRequest } from './requests';
import type { VirtualNode } from './virtual-node';

export interface Rule {
  choose(request: BenchRequest, nodes: readonly VirtualNode[], nowMs: number): VirtualNode;
}

/** The first of the nodes with the lowest value. */
export function lowest(nodes: readonly VirtualNode[], valueOf: (node: VirtualNode) => number): VirtualNode {
  let best: VirtualNode | undefined;
  for (const node of nodes) if (best === undefined || valueOf(node) < valueOf(best)) best = node;
  if (best === undefined) throw new Error('a pool without nodes');
  return best;
}

/** Requests that run or wait at the node. */
export const loadOf = ({ load }: VirtualNode): number => load;

export function roundRobin(): Rule {
  let next = 0;
  return { choose: (_request, nodes) => nodes[next++ % nodes.length] ?? lowest(nodes, loadOf) };
}

export const leastConnections = (): Rule => ({ choose: (_request, nodes) => lowest(nodes, loadOf) });
