// A leader that is alive and must not lead any more: stopped and continued, or cut off from its database. And faults of the database.
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { LEASE_POLICY } from '../../src/main/scheduler/cluster/core/lease';
import { ClusterClients } from '../support/faults/cluster-clients';
import { foreignWrites } from '../support/faults/cluster-database';
import { type ClusterPool, epochOf } from '../support/faults/cluster-pool';
import { printRecovery, recovery, settle, traffic } from '../support/faults/cluster-scenario';
import { dice } from '../support/faults/kill-point-list';
import { useClusterPools } from '../support/faults/use-cluster-pool';
import { startPgBouncer, type TestPgBouncer } from '../support/pgbouncer';
import { TestPostgres } from '../support/postgres';
import { faultSeed } from '../support/repetitions';
import { requirePostgres, skipNote } from '../support/requirements';
import { until } from '../support/until';

const { missing } = requirePostgres();
const SEED = faultSeed();
const LIMIT = { timeout: 300_000 };
const STOPPED_MS = 30_000;

/** The connections on which nodes have registered since. */
const connectionsOfNodes = (pool: ClusterPool, sinceMs: number): Set<number> =>
  new Set(
    pool.wire.filter(({ atMs, message }) => atMs >= sinceMs && message['type'] === 'node_register').map(({ connection }) => connection),
  );

/** `npm run test:long` only (vitest.config.ts). */
describe.skipIf(missing !== undefined)(`cluster under faults, seed ${String(SEED)}${skipNote({ missing })}`, () => {
  const openPool = useClusterPools();

  /** With a bus, each member sends what the leader decides. */
  const BUSES = [{ hasBus: false }, { hasBus: true }];

  test.each(BUSES)('bus $hasBus: leader stopped for 30 s and continued -> it writes and dispatches nothing', LIMIT, async ({ hasBus }) => {
    const pool = await openPool({ hasBus });
    const clients = new ClusterClients(pool, dice(SEED));
    await traffic(clients);
    const old = await pool.leader();
    const stoppedMs = performance.now();
    pool.processOf(old).signal('SIGSTOP');
    const recovered = await recovery(pool, clients, stoppedMs, pool.others(old));
    printRecovery('leader stopped', recovered);
    await pause(Math.max(0, STOPPED_MS - (performance.now() - stoppedMs)));
    const wokenMs = performance.now();
    const lines = pool.processOf(old).lines.length;
    pool.processOf(old).signal('SIGCONT');
    await pool.processOf(old).line('cluster_lease_lost', {}, lines);
    await traffic(clients, 20);
    if (!hasBus) expect(pool.sentBy(old, 'job_assign', wokenMs)).toEqual([]);
    expect(await pool.leads(old)).toBe(false);
    expect(await pool.leader()).toBe(recovered.leader);
    await settle(pool, clients);
  });

  test.each(BUSES)('bus $hasBus: leader cut off from the database -> it gives up by its own clock', LIMIT, async ({ hasBus }) => {
    const pool = await openPool({ hasBus });
    const clients = new ClusterClients(pool, dice(SEED));
    await traffic(clients);
    const old = await pool.leader();
    const cutMs = performance.now();
    old.databaseProxy.set({ isHeld: true });
    await until('the leader to give up', async () => !(await pool.leads(old)), 20_000);
    const gaveUpAfterMs = performance.now() - cutMs;
    process.stdout.write(`cut off: the leader gives up after ${(gaveUpAfterMs / 1000).toFixed(1)} s\n`);
    expect(gaveUpAfterMs).toBeLessThan(LEASE_POLICY.ttlMs);
    const gaveUpMs = performance.now();
    printRecovery('leader cut off', await recovery(pool, clients, cutMs, pool.others(old)));
    await traffic(clients, 10);
    if (!hasBus) expect(pool.sentBy(old, 'job_assign', gaveUpMs)).toEqual([]);
    old.databaseProxy.heal();
    await traffic(clients, 10);
    expect(await pool.leads(old)).toBe(false);
    await settle(pool, clients);
  });

  test('database restarted under traffic, in order and by a crash -> the cluster goes on', LIMIT, async () => {
    const pool = await openPool({ postgres: { isDurable: true } });
    const clients = new ClusterClients(pool, dice(SEED));
    for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
      await traffic(clients);
      const stoppedMs = performance.now();
      await pool.server.stop(signal);
      await pool.server.restart();
      const again = await until('a result', () => clients.endedAtMs.find((ms) => ms > stoppedMs + 1000), 60_000);
      process.stdout.write(`database restarted (${signal}): a result after ${((again - stoppedMs) / 1000).toFixed(1)} s\n`);
    }
    await settle(pool, clients);
  });

  const PROMOTED = 'standby promoted after the primary died, with synchronous_standby_names -> no accepted job is lost';
  test.each(BUSES)(`bus $hasBus: ${PROMOTED}`, LIMIT, async ({ hasBus }) => {
    const standbys: TestPostgres[] = [];
    const pool = await openPool({
      hasBus,
      members: 3,
      postgres: { isDurable: true, settings: ['max_wal_senders = 5'] },
      async prepare(primary) {
        const standby = await TestPostgres.start({ isDurable: true, primary });
        standbys.push(standby);
        await primary.query("ALTER SYSTEM SET synchronous_standby_names = '*'");
        await primary.query('SELECT pg_reload_conf()');
      },
      databaseHosts: (_member, primary) => [primary, ...standbys].map(({ port }) => `127.0.0.1:${String(port)}`).join(','),
    });
    const [standby] = standbys;
    if (standby === undefined) throw new Error('no standby');
    try {
      const clients = new ClusterClients(pool, dice(SEED));
      await traffic(clients);
      const epoch = epochOf(await pool.leader());
      const before = connectionsOfNodes(pool, 0);
      const diedMs = performance.now();
      await pool.server.stop('SIGQUIT');
      standby.promote();
      await standby.query("ALTER SYSTEM SET synchronous_standby_names = ''");
      await standby.query('SELECT pg_reload_conf()');
      const promotedMs = performance.now();
      const recovered = await until('a result', () => clients.endedAtMs.find((ms) => ms > promotedMs), 60_000);
      process.stdout.write(
        `standby promoted: a result ${((recovered - promotedMs) / 1000).toFixed(1)} s after the promotion, ${((recovered - diedMs) / 1000).toFixed(1)} s after the death\n`,
      );
      await traffic(clients, 10);
      expect(epochOf(await pool.leader())).toBeGreaterThan(epoch);
      if (hasBus) expect(before).toEqual(connectionsOfNodes(pool, diedMs));
      await settle(pool, clients, { writers: false });
      expect(await foreignWrites(standby, pool.database)).toEqual([]);
    } finally {
      await standby.remove();
    }
  });

  test('PgBouncer in transaction mode: leader killed -> another leads, no job lost', LIMIT, async () => {
    const bouncers: TestPgBouncer[] = [];
    const pool = await openPool({
      async prepare(server) {
        bouncers.push(await startPgBouncer(server, ['default_pool_size = 15']));
      },
      databaseHosts: () => bouncers.map(({ port }) => `127.0.0.1:${String(port)}`).join(','),
    });
    try {
      const clients = new ClusterClients(pool, dice(SEED));
      await traffic(clients);
      const old = await pool.leader();
      const killedMs = performance.now();
      pool.processOf(old).signal('SIGKILL');
      printRecovery('PgBouncer, leader killed', await recovery(pool, clients, killedMs, pool.others(old)));
      await settle(pool, clients, { writers: false });
    } finally {
      await Promise.all(bouncers.map((bouncer) => bouncer.stop()));
    }
  });
});
