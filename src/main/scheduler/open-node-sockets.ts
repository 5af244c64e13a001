// The sockets of nodes: those of this process, and those that replicas forward.
import type { CloseCode } from '../../shared/protocol/codes';
import type { UnfinishedBytes } from './access/unfinished-bytes';
import type { WrongTokens } from './access/wrong-tokens';
import type { AbuseLog } from '../platform/abuse-log';
import type { ServerConfig } from '../platform/config/config';
import { loopbackPolicyOf } from './members/core/principal';
import { ForwardedNodes } from './forwarded/forwarded-nodes';
import type { Members } from './members/members';
import { endpointLimitsOf } from './nodes/core/policies';
import { nodeAdmission } from './node-socket/node-admission';
import { NodeEndpoint, type NodeEndpointOptions } from './node-socket/node-endpoint';
import { nodeGate } from './node-socket/node-gate';
import { NodeSession } from './node-socket/node-session';
import type { Pool } from './pool/pool';
import type { Sweeper } from './pool/sweeper';

export interface NodeSocketParts extends Pick<NodeEndpointOptions, 'access' | 'leads' | 'clock' | 'logger' | 'stats'> {
  readonly server: ServerConfig;
  readonly pool: Pool;
  readonly members: Members;
  readonly sweeper: Sweeper;
  readonly wrongTokens: WrongTokens;
  readonly unfinished: UnfinishedBytes;
  readonly abuse: AbuseLog;
}

/** The sockets of nodes, wherever they end. */
export class NodeSockets {
  readonly endpoint: NodeEndpoint;
  readonly forwarded: ForwardedNodes;

  constructor(endpoint: NodeEndpoint, forwarded: ForwardedNodes) {
    this.endpoint = endpoint;
    this.forwarded = forwarded;
  }

  get counts(): NodeEndpoint['counts'] {
    const [own, forwarded] = [this.endpoint.counts, this.forwarded.counts];
    return { ...own, open: own.open + forwarded.open, unregistered: own.unregistered + forwarded.unregistered };
  }

  isConnected(memberId: string): boolean {
    return this.endpoint.isConnected(memberId) || this.forwarded.isConnected(memberId);
  }

  closeHolder(holder: string, code: CloseCode): void {
    this.endpoint.closeHolder(holder, code);
    this.forwarded.closeHolder(holder, code);
  }
}

export function openNodeSockets(parts: NodeSocketParts): NodeSockets {
  const { server, pool, members, sweeper, wrongTokens, unfinished, abuse, stats } = parts;
  const sessions = { pool, members: members.admissions, liveness: sweeper, stats };
  const gate = nodeGate({
    loopback: loopbackPolicyOf(server),
    isOpenToLan: server.allowOpenLan,
    authenticate: (...use) => members.authenticate(...use),
  });
  const admit = nodeAdmission({ gate, wrongTokens, isProven: (nodeId, token) => pool.identities.isProvenBy(nodeId, token) });
  const endpoint = new NodeEndpoint({
    ...parts,
    admit,
    limits: { ...endpointLimitsOf(server), unfinished, abuse },
    openSession: (link, { principal }, onHolder) => new NodeSession(sessions, link, principal, onHolder),
  });
  const forwarded = new ForwardedNodes({
    ...parts,
    admit,
    linkOf: pool.linkOf,
    principalWith: (id) => members.principalWith(id),
    holdJudgement: () => {
      sweeper.holdJudgement();
    },
    openSession: (...session) => new NodeSession(sessions, ...session),
  });
  return new NodeSockets(endpoint, forwarded);
}
