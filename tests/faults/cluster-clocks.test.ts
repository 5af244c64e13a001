// The wall clock of a member is set an hour ahead, or back, under traffic: of the leader, which then dies, and of a member that leads after it.
import { describe, expect, test } from 'vitest';
import { ClusterClients } from '../support/faults/cluster-clients';
import type { ClusterPool } from '../support/faults/cluster-pool';
import { printRecovery, recovery, settle, traffic } from '../support/faults/cluster-scenario';
import { dice } from '../support/faults/kill-point-list';
import { clockEnv, setClock } from '../support/faults/member-clock';
import { useClusterPools } from '../support/faults/use-cluster-pool';
import { natsServer } from '../support/nats';
import { faultSeed } from '../support/repetitions';
import { requirePostgres, skipNote } from '../support/requirements';

const missing = natsServer.missing ?? requirePostgres().missing;
const SEED = faultSeed();
const HOUR_MS = 3_600_000;
const LIMIT_MS = 10_000;
/** The leader takes no smaller difference for one. */
const TOLERANCE_MS = 2000;

/** The number of the last job. */
async function lastJob(pool: ClusterPool): Promise<number> {
  const [row] = await pool.server.query('SELECT max(seq) AS last FROM jobs', pool.database);
  return Number(row?.['last']);
}

/** How far the stored times of the jobs after this one are outside of the time since the start of the test. */
async function timesOffMs(pool: ClusterPool, sinceWallMs: number, afterJob: number): Promise<number> {
  const rows = await pool.server.query(`SELECT created_at, finished_at FROM jobs WHERE seq > ${String(afterJob)}`, pool.database);
  const times = rows.flatMap((row) => [Number(row['created_at']), Number(row['finished_at'])]);
  return Math.max(0, ...times.map((time) => Math.max(sinceWallMs - time, time - Date.now())));
}

/** `npm run test:long` only (vitest.config.ts). */
describe.skipIf(missing !== undefined)(
  `clocks of a cluster under traffic, seed ${String(SEED)}${skipNote(missing === undefined ? {} : { missing })}`,
  () => {
    const openPool = useClusterPools();

    test.each([HOUR_MS, -HOUR_MS])(
      'clock of each member set by %d ms under traffic, leader killed -> another leads within 10 s, no job lost',
      { timeout: 300_000 },
      async (aheadMs) => {
        const startedAtWallMs = Date.now();
        const pool = await openPool({ hasBus: true, members: 3, memberEnv: clockEnv });
        const clients = new ClusterClients(pool, dice(SEED));
        await traffic(clients);
        const old = await pool.leader();
        await setClock(pool, old, aheadMs);
        const known = await lastJob(pool);
        await traffic(clients, 20);
        expect(await pool.leader()).toBe(old);
        const [next, third] = pool.others(old);
        if (next === undefined || third === undefined) throw new Error('three members');
        await setClock(pool, next, -aheadMs);
        await traffic(clients, 20);
        expect(await pool.leader()).toBe(old);
        const killedMs = performance.now();
        pool.processOf(old).signal('SIGKILL');
        const recovered = await recovery(pool, clients, killedMs, pool.others(old));
        printRecovery(`clocks set by ${String(aheadMs)} ms, leader killed`, recovered);
        expect(recovered.ledAfterMs - recovered.openedMs).toBeLessThan(LIMIT_MS);
        await traffic(clients, 20);
        await settle(pool, clients);
        // Before `known`, the leader did not know that its clock had been set.
        expect(await lastJob(pool)).toBeGreaterThan(known + 40);
        expect(await timesOffMs(pool, startedAtWallMs, known)).toBeLessThan(TOLERANCE_MS);
      },
    );
  },
);
