// A scheduler that leads, and replicas that forward to it over the bus of one process. Time on the bus is real.
import path from 'node:path';
import { AbuseLog } from '../../src/main/platform/abuse-log';
import { type Clock, systemClock } from '../../src/main/platform/clock';
import type { ClusterPort } from '../../src/main/contracts/cluster-port';
import { InProcessNetwork } from '../../src/main/scheduler/cluster/bus/in-process-network';
import { ResponseMemory } from '../../src/main/scheduler/api/client-apis/response-memory';
import { Front } from '../../src/main/scheduler/api/front';
import { openListener } from '../../src/main/scheduler/open-listener';
import { ResponseCopies } from '../../src/main/scheduler/response-copies/response-copies';
import { openReplica, type Replica } from '../../src/main/scheduler/replica/open-replica';
import { ReachedLimits } from '../../src/main/scheduler/replica/reached-limits';
import { ManualClock } from './manual-clock';
import { KeptLog, startTestScheduler, testConfig, type TestScheduler, type TestSchedulerOptions } from './test-scheduler';
import { within } from './within';

export const POOL = 'pool-1';
const CLUSTER: ClusterPort = { view: () => Promise.reject(new Error('no cluster')), stepDown: () => Promise.resolve(false) };

export interface TestReplica extends Replica {
  readonly port: number;
  readonly url: string;
  readonly log: KeptLog;
  close(): Promise<void>;
}

interface ReplicaSurroundings {
  readonly log?: KeptLog;
  /** Default: that of the system. */
  readonly clock?: Clock;
  /** With the CA of the pool, where the replica is open to the network. */
  readonly dataDir?: string;
}

export async function startReplica(
  network: InProcessNetwork,
  options: TestSchedulerOptions = {},
  { log = new KeptLog(), clock = systemClock, dataDir = '' }: ReplicaSurroundings = {},
): Promise<TestReplica> {
  const { bus } = network.join(POOL, clock);
  const limits = new ReachedLimits(clock);
  const abuse = new AbuseLog({ clock, logger: log, counters: limits });
  const { server: config } = await testConfig(options);
  const replica = openReplica({ bus, config, clock, logger: log, abuse, limits, version: '1.2.3', leader: () => null });
  const front = new Front(replica.server);
  const listener = await openListener({ server: front, config, dataDir, clock: systemClock, logger: log, abuse });
  if (!listener.ok) throw new Error(listener.error.code);
  const { port, close } = listener.value;
  return {
    ...replica,
    port,
    url: `http://127.0.0.1:${String(port)}`,
    log,
    close: async () => {
      await replica.stop();
      abuse.stop();
      await close();
      await bus.close();
    },
  };
}

/** Its own HTTP server listens, too. */
export async function startLeader(
  network: InProcessNetwork,
  epoch: number,
  options: TestSchedulerOptions = {},
  /** Of the member that leads. Default: it has no replica. */
  copies?: ResponseCopies,
): Promise<TestScheduler> {
  const { bus } = network.join(POOL, systemClock);
  const clock = options.clock ?? new ManualClock();
  const own = copies ?? new ResponseCopies(new ResponseMemory(clock), clock, '');
  const replicas = { bus, clock: systemClock, epoch, leads: () => true, copies: own };
  const cluster = { port: CLUSTER, epoch, mayAssign: () => true, replicas, openListener };
  const scheduler = await startTestScheduler({ ...options, clock, cluster });
  return {
    ...scheduler,
    stop: async () => {
      await scheduler.stop();
      await bus.close();
    },
  };
}

/** A leader and the replica at which its clients are. */
export async function startThroughReplica(options: TestSchedulerOptions): Promise<TestScheduler> {
  const network = new InProcessNetwork();
  const leader = await startLeader(network, 1, { ...options, server: { ...options.server, port: 0 } });
  const replica = await startReplica(network, options, { log: leader.log, dataDir: path.dirname(leader.databaseFile) });
  await whenLed(replica);
  return {
    ...leader,
    url: replica.url,
    port: replica.port,
    stop: async () => {
      await leader.stop();
      await replica.close();
    },
  };
}

/** The replica has a channel to this leader. */
export async function whenLed(replica: TestReplica): Promise<void> {
  await within('a channel to the leader', replica.link.whenLed(10_000));
}
