// What the scheduler of a term does for the replicas of its cluster.
import type { Server } from 'node:http';
import type { ReplicaLinks } from './cluster/channel/replica-links';
import type { ForwardedNewcomers } from './forwarded/forwarded-newcomers';
import type { ForwardedNodes } from './forwarded/forwarded-nodes';
import { ForwardedRequests } from './forwarded/forwarded-requests';
import { type LeaderBus, openForwarded } from './forwarded/open-forwarded';

export interface ForwardingParts {
  readonly server: Server;
  readonly nodes: ForwardedNodes;
  readonly newcomers: ForwardedNewcomers;
}

/** Each service sets its handlers on each new channel. */
export function openForwarding(leader: LeaderBus, { server, nodes, newcomers }: ForwardingParts): ReplicaLinks {
  return openForwarded(leader, [new ForwardedRequests({ server, ...leader }), nodes, newcomers]);
}
