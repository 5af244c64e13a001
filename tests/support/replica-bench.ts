// Replicas and leaders in one process, over a bus in memory: each replica has a port for nodes, each leader is a real scheduler.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { Registry } from 'prom-client';
import { onTestFinished } from 'vitest';
import { AbuseLog } from '../../src/main/platform/abuse-log';
import { type Clock, systemClock } from '../../src/main/platform/clock';
import { accessPolicyOf } from '../../src/main/scheduler/access/access-policy';
import { UnfinishedBytes } from '../../src/main/scheduler/access/unfinished-bytes';
import { type Delays, InProcessNetwork } from '../../src/main/scheduler/cluster/bus/in-process-network';
import type { Channel } from '../../src/main/scheduler/cluster/channel/channel';
import { LeaderLink } from '../../src/main/scheduler/cluster/channel/leader-link';
import { loopbackPolicyOf, mostLoopbackOf } from '../../src/main/scheduler/members/core/principal';
import { SchedulerStats } from '../../src/main/scheduler/nodes/scheduler-stats';
import { endpointLimitsOf } from '../../src/main/scheduler/nodes/core/policies';
import { CHUNKS_TO_LEADER, type ReplicaChunks } from '../../src/main/scheduler/replica/replica-chunks';
import { ReplicaNodes } from '../../src/main/scheduler/replica/replica-nodes';
import { POOL, startLeader } from './replicated-scheduler';
import { KeptLog, temporaryDir, testConfig, type TestScheduler, type TestSchedulerOptions } from './test-scheduler';
import { until } from './until';

export interface TestReplica {
  readonly url: string;
  readonly nodes: ReplicaNodes;
  readonly link: LeaderLink;
  readonly log: KeptLog;
  /** The records that it sent to leaders, by type. */
  readonly sent: Record<string, number>;
  /** The connection to the bus. */
  readonly bus: { disconnect(): void; reconnect(): void };
  /** Closes its sockets and leaves. */
  stop(): Promise<void>;
}

export interface ReplicaOptions {
  /** Default: the real clock. */
  readonly clock?: Clock;
  readonly chunks?: ReplicaChunks;
  readonly server?: TestSchedulerOptions['server'];
}

/** Another leader, with the same database. */
export const takeOver = async (bench: ReplicaBench, leader: TestScheduler, replica: TestReplica): Promise<TestScheduler> => {
  await leader.stop();
  await until('the end of the channel', () => replica.link.channel === null);
  return bench.leader({ databaseFile: leader.databaseFile });
};

/** For leaders that follow one another. */
export function databaseFile(): string {
  const { dir, remove } = temporaryDir();
  onTestFinished(remove);
  return path.join(dir, 'scheduler.db');
}

export class ReplicaBench {
  readonly #network: InProcessNetwork;
  #epoch = 0;

  constructor(delays?: Delays) {
    this.#network = new InProcessNetwork(delays);
  }

  async leader(options: TestSchedulerOptions = {}): Promise<TestScheduler> {
    const scheduler = await startLeader(this.#network, ++this.#epoch, options);
    let stopped: Promise<void> | undefined;
    const stop = (): Promise<void> => (stopped ??= scheduler.stop());
    onTestFinished(stop);
    return { ...scheduler, stop };
  }

  /** Listens on loopback. */
  async replica({ clock = systemClock, chunks = CHUNKS_TO_LEADER, server: change = {} }: ReplicaOptions = {}): Promise<TestReplica> {
    const { bus, link: connection } = this.#network.join(POOL, systemClock);
    const link = new LeaderLink(bus, systemClock);
    const log = new KeptLog();
    const { server: config } = await testConfig({ server: change });
    const stats = new SchedulerStats(new Registry());
    const abuse = new AbuseLog({ clock: systemClock, logger: log, counters: stats });
    const unfinished = new UnfinishedBytes(64 * 1024 * 1024, () => undefined);
    const nodes = new ReplicaNodes({
      ...{ link, chunks, clock, logger: log, stats },
      access: accessPolicyOf(config.host, 'test', config.allowedHosts),
      loopback: mostLoopbackOf(loopbackPolicyOf(config)),
      limits: { ...endpointLimitsOf(config), unfinished, abuse },
    });
    const sent: Record<string, number> = {};
    link.onChannel((channel) => {
      countSent(channel, sent);
    });
    const server = createServer();
    server.on('upgrade', nodes.upgrade);
    const port = await listening(server);
    nodes.start();
    link.start();
    let stopped: Promise<void> | null = null;
    const stop = (): Promise<void> => (stopped ??= stopAll());
    const stopAll = async (): Promise<void> => {
      await nodes.stop();
      link.stop();
      server.close();
      server.closeAllConnections();
      abuse.stop();
      await bus.close();
    };
    onTestFinished(stop);
    return { url: `http://127.0.0.1:${String(port)}`, nodes, link, log, sent, bus: connection, stop };
  }

  /** A replica with a channel to the present leader. */
  async led(options: ReplicaOptions = {}): Promise<TestReplica> {
    const replica = await this.replica(options);
    await until('a channel to the leader', () => replica.link.channel);
    return replica;
  }
}

function countSent(channel: Channel, sent: Record<string, number>): void {
  const send = channel.send.bind(channel);
  channel.send = (type, head, body) => {
    sent[type] = (sent[type] ?? 0) + 1;
    send(type, head, body);
  };
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}
