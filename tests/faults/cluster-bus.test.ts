// A cluster whose bus fails: for all members, for the leader, for a replica with nodes.
import { describe, expect, test } from 'vitest';
import { ClusterClients } from '../support/faults/cluster-clients';
import type { ClusterPool, ClusterPoolMember } from '../support/faults/cluster-pool';
import { settle, traffic } from '../support/faults/cluster-scenario';
import { dice } from '../support/faults/kill-point-list';
import { useClusterPools } from '../support/faults/use-cluster-pool';
import { sendRequest } from '../support/http-api';
import { natsServer } from '../support/nats';
import { faultSeed } from '../support/repetitions';
import { requirePostgres, skipNote } from '../support/requirements';
import { until } from '../support/until';

const missing = natsServer.missing ?? requirePostgres().missing;
const SEED = faultSeed();
const LIMIT = { timeout: 300_000 };
const WAIT_MS = 60_000;

const secondsSince = (sinceMs: number): string => `${((performance.now() - sinceMs) / 1000).toFixed(1)} s`;
const registrations = (pool: ClusterPool, sinceMs: number): readonly unknown[] =>
  pool.wire.filter(({ atMs, direction, message }) => atMs >= sinceMs && direction === 'up' && message['type'] === 'node_register');
const hasChannel = ({ process }: ClusterPoolMember): boolean =>
  process?.lines.findLast(({ event }) => event.startsWith('cluster_channel_'))?.event === 'cluster_channel_opened';

/** `npm run test:long` only (vitest.config.ts). */
describe.skipIf(missing !== undefined)(
  `faults of the bus of a cluster, seed ${String(SEED)}${skipNote(missing === undefined ? {} : { missing })}`,
  () => {
    const openPool = useClusterPools();

    test('bus killed and started again under traffic -> the same leader, the same connections of nodes, no job lost', LIMIT, async () => {
      const pool = await openPool({ hasBus: true });
      const clients = new ClusterClients(pool, dice(SEED));
      await traffic(clients);
      const leader = await pool.leader();
      const killedMs = performance.now();
      await pool.bus?.kill();
      await pool.bus?.restart();
      const again = await until('a result', () => clients.endedAtMs.find((ms) => ms > killedMs + 1000), WAIT_MS);
      process.stdout.write(`bus restarted: a result after ${((again - killedMs) / 1000).toFixed(1)} s\n`);
      await traffic(clients, 10);
      expect(await pool.leader()).toBe(leader);
      expect(registrations(pool, killedMs)).toEqual([]);
      await settle(pool, clients);
    });

    test('leader cut off from the bus only -> a member with the bus leads, no job lost, none run twice', LIMIT, async () => {
      const pool = await openPool({ hasBus: true });
      const clients = new ClusterClients(pool, dice(SEED));
      await traffic(clients);
      const old = await pool.leader();
      const cutMs = performance.now();
      old.busProxy.set({ isHeld: true });
      const next = await pool.leader(pool.others(old));
      process.stdout.write(`leader without the bus: ${next.name} leads after ${secondsSince(cutMs)}\n`);
      await traffic(clients, 10);
      process.stdout.write(`leader without the bus: 10 results after ${secondsSince(cutMs)}\n`);
      await until('the former leader to end its term', async () => !(await pool.leads(old)), WAIT_MS);
      old.busProxy.heal();
      await until('its channel to the next leader', () => hasChannel(old), WAIT_MS);
      await traffic(clients, 10);
      await settle(pool, clients);
    });

    test('replica cut off from the bus only -> its nodes go to another member, and it takes no traffic', LIMIT, async () => {
      const pool = await openPool({ hasBus: true });
      // The nodes connect to the first member.
      const [replica] = pool.members;
      if (replica === undefined) throw new Error('no replica');
      if ((await pool.leader()) === replica) {
        await sendRequest(replica.reserved.port, { method: 'POST', path: '/api/v1/cluster/step-down', body: {} });
        await pool.leader(pool.others(replica));
        await pool.nodesReady();
      }
      const clients = new ClusterClients(pool, dice(SEED));
      await traffic(clients);
      const cutMs = performance.now();
      replica.busProxy.set({ isHeld: true });
      await until('the replica to refuse traffic', async () => !(await pool.isReady(replica)), WAIT_MS);
      process.stdout.write(`replica without the bus: not ready after ${secondsSince(cutMs)}\n`);
      const onReplica = () => pool.wire.findLast(({ member, atMs }) => member === replica.name && atMs > cutMs + 20_000) !== undefined;
      await traffic(clients, 10);
      await pool.nodesReady();
      process.stdout.write(`replica without the bus: all nodes ready after ${secondsSince(cutMs)}\n`);
      expect(onReplica()).toBe(false);
      replica.busProxy.heal();
      await until('the replica to take traffic', () => pool.isReady(replica), WAIT_MS);
      await traffic(clients, 10);
      await settle(pool, clients);
    });

    test('replica cut off from the database only -> it serves nodes and clients, because its leader has it', LIMIT, async () => {
      const pool = await openPool({ hasBus: true });
      const clients = new ClusterClients(pool, dice(SEED));
      await traffic(clients);
      const leader = await pool.leader();
      const [replica] = pool.others(leader);
      if (replica === undefined) throw new Error('no replica');
      const cutMs = performance.now();
      replica.databaseProxy.set({ isHeld: true });
      await traffic(clients, 60);
      process.stdout.write(`replica without the database: 60 results after ${secondsSince(cutMs)}\n`);
      expect([await pool.isReady(replica), await pool.leader()]).toEqual([true, leader]);
      expect(registrations(pool, cutMs)).toEqual([]);
      replica.databaseProxy.heal();
      await traffic(clients, 10);
      await settle(pool, clients);
    });
  },
);
