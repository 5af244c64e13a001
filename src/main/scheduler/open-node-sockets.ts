// The sockets of nodes: those of this process, and those that replicas forward.
import type { UnfinishedBytes } from './access/unfinished-bytes';
import type { WrongTokens } from './access/wrong-tokens';
import type { AbuseLog } from '../platform/abuse-log';
import type { ServerConfig } from '../platform/config/config';
import { loopbackPolicyOf } from './members/core/principal';
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

export function openNodeSockets(parts: NodeSocketParts): NodeEndpoint {
  const { server, pool, members, sweeper, wrongTokens, unfinished, abuse, stats } = parts;
  const sessions = { pool, members: members.admissions, liveness: sweeper, stats };
  const gate = nodeGate({
    loopback: loopbackPolicyOf(server),
    isOpenToLan: server.allowOpenLan,
    authenticate: (...use) => members.authenticate(...use),
  });
  const admit = nodeAdmission({ gate, wrongTokens, isProven: (nodeId, token) => pool.identities.isProvenBy(nodeId, token) });
  return new NodeEndpoint({
    ...parts,
    admit,
    limits: { ...endpointLimitsOf(server), unfinished, abuse },
    openSession: (link, { principal }, onHolder) => new NodeSession(sessions, link, principal, onHolder),
  });
}
