// A leader, or a replica, in a process of its own, for the benchmark of nodes at replicas. Its parent asks for figures.
// Usage: led-nodes leader|replica <NATS URL> <folder>.
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { systemClock } from '../src/main/platform/clock';
import { AbuseLog } from '../src/main/platform/abuse-log';
import { silentLogger } from '../src/main/platform/logger';
import { openNatsBus } from '../src/main/scheduler/cluster/bus/open-nats-bus';
import { openListener } from '../src/main/scheduler/open-listener';
import { openScheduler } from '../src/main/scheduler/open-scheduler';
import { ResponseMemory } from '../src/main/scheduler/api/client-apis/response-memory';
import { ResponseCopies } from '../src/main/scheduler/response-copies/response-copies';
import { openReplica } from '../src/main/scheduler/replica/open-replica';
import { ReachedLimits } from '../src/main/scheduler/replica/reached-limits';
import { testConfig } from '../tests/support/test-scheduler';

export interface Figures {
  readonly cpuMs: number;
  /** Heartbeats that the leader has handled. */
  readonly heartbeats: number;
}

const [, , role = '', natsUrl = '', folder = ''] = process.argv;
const clock = systemClock;
const opened = await openNatsBus({ url: natsUrl, credentialsFile: null, caFile: null, memberName: role }, 'bench', clock);
if (!opened.ok) throw new Error(opened.error);
const bus = opened.value;
// All nodes have one address, and are silent between the rounds.
const config = await testConfig({
  server: { maxHandshakesPerAddress: 200, maxNewNodesPerMinute: 100_000 },
  nodeHealth: { heartbeatTimeoutSeconds: 3600 },
});

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

async function lead(): Promise<void> {
  const cluster = {
    port: { view: () => Promise.reject(new Error('no cluster')), stepDown: () => Promise.resolve(false) },
    epoch: 1,
    mayAssign: () => true,
    replicas: { bus, clock, epoch: 1, leads: () => true, copies: new ResponseCopies(new ResponseMemory(clock), clock, '') },
    openListener,
  };
  const options = { config, clock, logger: silentLogger, version: '0', ownerKey: () => 'owner-key-of-the-bench', cluster };
  const scheduler = await openScheduler({ ...options, databaseFile: path.join(folder, 'scheduler.db') });
  if (!scheduler.ok) throw new Error(scheduler.error.code);
  const listening = await scheduler.value.listen({ app: null, rendererDir: null });
  if (!listening.ok) throw new Error(listening.error.code);
  const { url } = listening.value;
  const handled = async (): Promise<number> => {
    const text = await (await fetch(`${url}/metrics`)).text();
    return Number(/^muster_heartbeat_handling_seconds_count (\S+)$/m.exec(text)?.[1] ?? 0);
  };
  process.on('message', () => void handled().then((heartbeats) => process.send?.({ cpuMs: cpuMs(), heartbeats } satisfies Figures)));
  process.send?.({ url });
}

async function serve(): Promise<void> {
  const limits = new ReachedLimits(clock);
  const abuse = new AbuseLog({ clock, logger: silentLogger, counters: limits });
  const replica = openReplica({ bus, config: config.server, clock, logger: silentLogger, abuse, limits, version: '0', leader: () => null });
  await replica.link.whenLed(20_000);
  const server = createServer();
  server.on('upgrade', replica.nodes.upgrade);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.on('message', () => process.send?.({ cpuMs: cpuMs(), heartbeats: 0 } satisfies Figures));
  process.send?.({ url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}` });
}

process.on('disconnect', () => process.exit());
await (role === 'leader' ? lead() : serve());
