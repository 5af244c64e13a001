// Opens what a member of a cluster with a bus does for its whole life: it holds the connections of nodes and clients, and forwards them.
import type { Server } from 'node:http';
import { hostname } from 'node:os';
import { Registry } from 'prom-client';
import { isLoopbackHost } from '../../../shared/loopback';
import type { AbuseLog } from '../../platform/abuse-log';
import type { Clock } from '../../platform/clock';
import type { ServerConfig } from '../../platform/config/config';
import type { Logger } from '../../platform/logger';
import { accessPolicyOf } from '../access/access-policy';
import { MAX_UNFINISHED_BYTES, UnfinishedBytes } from '../access/unfinished-bytes';
import type { Bus } from '../cluster/bus/bus';
import { JOIN_SOCKET_PATH } from '../../joining/core/join-messages';
import { JoinEndpoint } from '../join-socket/join-endpoint';
import { LeaderLink } from '../cluster/channel/leader-link';
import { ResponseMemory } from '../api/client-apis/response-memory';
import { ResponseCopies } from '../response-copies/response-copies';
import { loopbackPolicyOf, mostLoopbackOf } from '../members/core/principal';
import { endpointLimitsOf } from '../nodes/core/policies';
import { SchedulerStats } from '../nodes/scheduler-stats';
import { onBusAbsence } from './bus-absence';
import { PassedChunks } from './passed-chunks';
import type { ReachedLimits } from './reached-limits';
import { pathOf, refuseRequest } from './refuse-request';
import { ReplicaAnswers } from './replica-answers';
import { ReplicaNodes } from './replica-nodes';
import { ReplicaJoining } from './replica-joining';
import { createReplicaServer } from './replica-server';
import { RequestForwarder } from './request-forwarder';

export interface ReplicaOptions {
  readonly bus: Bus;
  readonly config: ServerConfig;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly abuse: AbuseLog;
  /** The counters of `abuse`. */
  readonly limits: ReachedLimits;
  readonly version: string;
  /** Host and port of the leader, where they are known and another member leads. */
  readonly leader: () => string | null;
}

export interface Replica {
  /** It never listens: connections are given to it. */
  readonly server: Server;
  readonly link: LeaderLink;
  readonly nodes: ReplicaNodes;
  readonly answers: ReplicaAnswers;
  /** The responses that the pool keeps. */
  readonly copies: ResponseCopies;
  /** Connections of nodes and clients end. */
  stop(): Promise<void>;
}

export function openReplica(options: ReplicaOptions): Replica {
  const { bus, config, clock, logger, abuse, limits, version, leader } = options;
  const { host, allowedHosts, maxBodyBytes, maxConnectionsPerAddress } = config;
  const access = accessPolicyOf(host, hostname(), allowedHosts, config);
  const loopback = mostLoopbackOf(loopbackPolicyOf(config));
  const link = new LeaderLink(bus, clock);
  limits.reportOn(() => link.channel);
  const answers = new ReplicaAnswers({ link, bus, clock });
  const memory = new ResponseMemory(clock);
  const copies = new ResponseCopies(memory, clock, link.replica);
  link.onChannel((channel) => copies.attach(channel, 'member'));
  const chunks = new PassedChunks({ link, bus, clock });
  const unfinished = new UnfinishedBytes(MAX_UNFINISHED_BYTES, (from) => {
    abuse.limitReached('unfinished_bytes', from);
  });
  const forwarder = new RequestForwarder({
    ...{ link, bus, clock, unfinished, leader, answers, loopback },
    refuse: refuseRequest,
  });
  const nodes = new ReplicaNodes({
    ...{ link, access, loopback, clock, logger, chunks },
    limits: { ...endpointLimitsOf(config), unfinished, abuse },
    stats: new SchedulerStats(new Registry()),
  });
  const newcomers = new ReplicaJoining(link);
  const joins = new JoinEndpoint(access);
  // As at the leader: the digits stand for the pin of the pool.
  if (!isLoopbackHost(host) && config.tlsFiles === null) joins.serve(newcomers);
  const server = createReplicaServer({
    ...{ link, forwarder, access, maxConnectionsPerAddress, maxBodyBytes, abuse, clock, version, leader },
    upgrade: (request, socket, head) => {
      const isJoin = pathOf(request) === JOIN_SOCKET_PATH;
      (isJoin ? joins : nodes).upgrade(request, socket, head);
    },
  });
  link.onChannel((channel) => {
    logger.log('info', 'cluster_channel_opened', { epoch: channel.epoch });
    void channel.ended.then((code) => {
      logger.log('info', 'cluster_channel_ended', { epoch: channel.epoch, code });
    });
  });
  const stopWatching = onBusAbsence(bus, clock, () => void nodes.sendAway());
  nodes.start();
  link.start();
  return {
    server,
    link,
    nodes,
    answers,
    copies,
    stop: async () => {
      stopWatching();
      joins.stop();
      await nodes.stop();
      link.stop();
      limits.stop();
      memory.stop();
      server.closeAllConnections();
    },
  };
}
