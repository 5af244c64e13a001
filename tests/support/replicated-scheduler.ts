// A scheduler that leads, and replicas that forward to it over the bus of one process. Time on the bus is real.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { AbuseLog } from '../../src/main/platform/abuse-log';
import { systemClock } from '../../src/main/platform/clock';
import type { ClusterPort } from '../../src/main/contracts/cluster-port';
import type { InProcessNetwork } from '../../src/main/scheduler/cluster/bus/in-process-network';
import { Front } from '../../src/main/scheduler/api/front';
import { openReplica, type Replica } from '../../src/main/scheduler/replica/open-replica';
import { KeptLog, startTestScheduler, testConfig, type TestScheduler, type TestSchedulerOptions } from './test-scheduler';
import { within } from './within';

export const POOL = 'pool-1';
const NO_COUNTERS = { authFailed: () => undefined, limitReached: () => undefined };
const CLUSTER: ClusterPort = { view: () => Promise.reject(new Error('no cluster')), stepDown: () => Promise.resolve(false) };

export interface TestReplica extends Replica {
  readonly port: number;
  readonly url: string;
  readonly log: KeptLog;
  close(): Promise<void>;
}

export async function startReplica(network: InProcessNetwork, options: TestSchedulerOptions = {}): Promise<TestReplica> {
  const { bus } = network.join(POOL, systemClock);
  const log = new KeptLog();
  const abuse = new AbuseLog({ clock: systemClock, logger: log, counters: NO_COUNTERS });
  const { server: config } = await testConfig(options);
  const replica = openReplica({ bus, config, clock: systemClock, logger: log, abuse, version: '1.2.3', leader: () => null });
  const front = new Front(replica.server);
  front.server.listen(0, '127.0.0.1');
  await once(front.server, 'listening');
  const { port } = front.server.address() as AddressInfo;
  return {
    ...replica,
    port,
    url: `http://127.0.0.1:${String(port)}`,
    log,
    close: async () => {
      replica.stop();
      abuse.stop();
      await front.close();
      await bus.close();
    },
  };
}

/** Its own HTTP server listens, too. */
export async function startLeader(network: InProcessNetwork, epoch: number, options: TestSchedulerOptions = {}): Promise<TestScheduler> {
  const { bus } = network.join(POOL, systemClock);
  const { openListener } = await import('../../src/main/scheduler/open-listener');
  const cluster = { port: CLUSTER, mayAssign: () => true, replicas: { bus, clock: systemClock, epoch, leads: () => true }, openListener };
  const scheduler = await startTestScheduler({ ...options, cluster });
  return {
    ...scheduler,
    stop: async () => {
      await scheduler.stop();
      await bus.close();
    },
  };
}

/** The replica has a channel to this leader. */
export async function whenLed(replica: TestReplica): Promise<void> {
  await within('a channel to the leader', replica.link.whenLed(10_000));
}
