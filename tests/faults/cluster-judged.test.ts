// Every fault of a cluster under the judge: durable jobs, streams, chats and drains run during the fault, and the invariants hold after it,
// also in the database. With a planted defect the judge finds violations.
import { setTimeout as pause } from 'node:timers/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import type { ClusterPool, ClusterPoolMember } from '../support/faults/cluster-pool';
import { JudgedCluster, type JudgedOptions } from '../support/faults/judged-cluster';
import { dice } from '../support/faults/kill-point-list';
import { clockEnv, setClock } from '../support/faults/member-clock';
import type { Plant } from '../support/faults/planted-defect';
import { natsServer } from '../support/nats';
import { startPgBouncer, type TestPgBouncer } from '../support/pgbouncer';
import { TestPostgres } from '../support/postgres';
import { faultSeed } from '../support/repetitions';
import { requirePostgres, skipNote } from '../support/requirements';
import { until } from '../support/until';

const missing = natsServer.missing ?? requirePostgres().missing;
const SEED = faultSeed();
const LIMIT = { timeout: 400_000 };
/** A lease of 7 s, and a look of a candidate. */
const TAKE_OVER_MS = 10_000;
const STOPPED_MS = 30_000;
const WAIT_MS = 60_000;

const HOUR_MS = 3_600_000;
const PLANTED_DEFECT = `--import ${pathToFileURL(path.join(import.meta.dirname, '../support/faults/planted-defect.ts')).href}`;

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const secondsOf = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

interface MemberFault {
  readonly fault: string;
  readonly begin: (pool: ClusterPool, member: ClusterPoolMember) => void;
  readonly heal: (pool: ClusterPool, member: ClusterPoolMember) => void;
  /** Not shorter than this. */
  readonly lastsMs?: number;
  /** Longer than a leader without the bus needs to notice it: else it judges the nodes at other members as lost. */
  readonly heartbeatTimeoutSeconds?: number;
}

const STOPPED: MemberFault = {
  fault: 'stopped for 30 s and continued',
  begin: (pool, member) => {
    pool.processOf(member).signal('SIGSTOP');
  },
  heal: (pool, member) => {
    pool.processOf(member).signal('SIGCONT');
  },
  lastsMs: STOPPED_MS,
};
const CUT: readonly MemberFault[] = (['databaseProxy', 'busProxy'] as const).map((proxy) => ({
  fault: `cut off from the ${proxy === 'busProxy' ? 'bus' : 'database'} only`,
  begin: (_pool, member) => {
    member[proxy].set({ isHeld: true });
  },
  heal: (_pool, member) => {
    member[proxy].heal();
  },
  ...(proxy === 'busProxy' ? { heartbeatTimeoutSeconds: 15 } : {}),
}));

const AT = ['replica', 'leader'] as const;

/** Any member with another epoch has taken the lease, which the leader does not know yet. */
async function takeLease({ cluster }: JudgedCluster): Promise<void> {
  const taken = "SET epoch = epoch + 1, holder = 'other 1', expires_at = clock_timestamp() + interval '7 s'";
  await cluster.database.query(`UPDATE leader ${taken} WHERE id = 1`, cluster.pool.database);
}

/** Kills it, starts it again, and judges. */
async function killLeader(judged: JudgedCluster, fault: string): Promise<void> {
  const faultMs = performance.now();
  judged.cluster.process.signal('SIGKILL');
  const tookMs = await judged.takeOver(faultMs);
  await judged.goOn();
  await judged.cluster.start();
  await judged.goOn();
  print(`${fault}, leader killed: another leads after ${secondsOf(tookMs)}; ${await judged.verify()}`);
  expect(tookMs).toBeLessThan(TAKE_OVER_MS);
  expect(judged.cutStreams).toEqual([]);
}

/** `npm run test:long` only (vitest.config.ts). */
describe.skipIf(missing !== undefined)(
  `cluster under the judge, seed ${String(SEED)}${skipNote(missing === undefined ? {} : { missing })}`,
  () => {
    const closes: (() => Promise<unknown>)[] = [];
    afterEach(async () => {
      for (const close of closes.splice(0).toReversed()) await close();
    });
    const open = async (options: JudgedOptions): Promise<JudgedCluster> => {
      const judged = await JudgedCluster.open((pool) => closes.push(() => pool.close()), dice(SEED), options);
      closes.push(() => judged.end());
      await judged.goOn();
      return judged;
    };

    const leaderFaults = [STOPPED, ...CUT].flatMap((fault) => AT.map((at) => ({ ...fault, at })));
    test.each(leaderFaults)(
      'leader $fault, connections at the $at -> another leads within 10 s',
      LIMIT,
      async ({ fault, at, begin, heal, lastsMs = 0, heartbeatTimeoutSeconds }) => {
        const judged = await open({ at, ...(heartbeatTimeoutSeconds === undefined ? {} : { heartbeatTimeoutSeconds }) });
        const { pool, leader: old } = judged.cluster;
        const faultMs = performance.now();
        begin(pool, old);
        const tookMs = await judged.takeOver(faultMs);
        await judged.goOn();
        await pause(Math.max(0, faultMs + lastsMs - performance.now()));
        heal(pool, old);
        await until('the former leader to end its term', async () => !(await pool.leads(old)), WAIT_MS);
        await judged.goOn();
        print(`leader ${fault}, connections at the ${at}: another leads after ${secondsOf(tookMs)}; ${await judged.verify()}`);
        expect(tookMs).toBeLessThan(TAKE_OVER_MS);
        if (at === 'replica') expect(judged.cutStreams).toEqual([]);
      },
    );

    test.each(CUT)('replica with nodes and clients $fault -> the leader stays', LIMIT, async ({ fault, begin, heal }) => {
      const judged = await open({ at: 'replica' });
      const { connected } = judged;
      const { pool, leader } = judged.cluster;
      begin(pool, connected);
      const isCut = fault.includes('bus');
      if (isCut) await until('the replica to refuse traffic', async () => !(await pool.isReady(connected)), WAIT_MS);
      await judged.goOn();
      expect([await pool.leader(), await pool.isReady(connected), judged.connected === connected]).toEqual([leader, !isCut, !isCut]);
      heal(pool, connected);
      await until('the replica to take traffic', () => pool.isReady(connected), WAIT_MS);
      await judged.goOn();
      print(`replica ${fault}: ${await judged.verify()}`);
    });

    test('bus killed and started again -> the leader stays', LIMIT, async () => {
      const judged = await open({ at: 'replica' });
      const { pool, leader } = judged.cluster;
      await pool.bus?.kill();
      await pool.bus?.restart();
      await judged.goOn();
      expect(await pool.leader()).toBe(leader);
      print(`bus restarted: ${await judged.verify()}`);
      expect(judged.cutStreams).toEqual([]);
    });

    test('database restarted, in order and by a crash -> the cluster goes on', LIMIT, async () => {
      const judged = await open({ at: 'replica', postgres: { isDurable: true } });
      for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
        await judged.cluster.database.stop(signal);
        await judged.cluster.database.restart();
        await judged.goOn();
      }
      print(`database restarted: ${await judged.verify()}`);
      expect(judged.cutStreams).toEqual([]);
    });

    test('PgBouncer in transaction mode, leader killed -> another leads within 10 s', LIMIT, async () => {
      const bouncers: TestPgBouncer[] = [];
      closes.push(() => Promise.all(bouncers.map((bouncer) => bouncer.stop())));
      const judged = await open({
        at: 'replica',
        async prepare(server) {
          bouncers.push(await startPgBouncer(server, ['default_pool_size = 15'], ['a', 'b', 'c']));
        },
        databaseHosts: () => bouncers.map(({ port }) => `127.0.0.1:${String(port)}`).join(','),
      });
      await killLeader(judged, 'PgBouncer');
    });

    test.each([HOUR_MS, -HOUR_MS])('clocks set by %d ms, leader killed -> another leads within 10 s', LIMIT, async (aheadMs) => {
      const judged = await open({ at: 'replica', memberEnv: clockEnv });
      const { pool, leader } = judged.cluster;
      const [next = leader] = pool.others(leader);
      await setClock(pool, leader, aheadMs);
      await setClock(pool, next, -aheadMs);
      await judged.goOn();
      expect(await pool.leader()).toBe(leader);
      await killLeader(judged, `clocks set by ${String(aheadMs)} ms`);
    });

    test('standby promoted after the primary died, with synchronous_standby_names -> no accepted job is lost', LIMIT, async () => {
      const standbys: TestPostgres[] = [];
      closes.push(() => Promise.all(standbys.map((standby) => standby.remove())));
      const judged = await open({
        at: 'replica',
        postgres: { isDurable: true, settings: ['max_wal_senders = 5'] },
        async prepare(primary) {
          standbys.push(await TestPostgres.start({ isDurable: true, primary }));
          await primary.query("ALTER SYSTEM SET synchronous_standby_names = '*'");
          await primary.query('SELECT pg_reload_conf()');
        },
        databaseHosts: (_member, primary) => [primary, ...standbys].map(({ port }) => `127.0.0.1:${String(port)}`).join(','),
      });
      const [standby] = standbys;
      if (standby === undefined) throw new Error('no standby');
      const { epoch } = judged;
      await judged.cluster.database.stop('SIGQUIT');
      standby.promote();
      const promotedMs = performance.now();
      judged.cluster.database = standby;
      await standby.query("ALTER SYSTEM SET synchronous_standby_names = ''");
      await standby.query('SELECT pg_reload_conf()');
      await judged.furtherTerm(epoch);
      const tookMs = performance.now() - promotedMs;
      await judged.goOn();
      print(`standby promoted: a member leads ${secondsOf(tookMs)} after the promotion; ${await judged.verify()}`);
      expect(judged.cutStreams).toEqual([]);
    });

    test('lease taken in the database -> the former leader writes nothing', LIMIT, async () => {
      const judged = await open({ at: 'replica' });
      const { epoch } = judged;
      await takeLease(judged);
      await judged.furtherTerm(epoch + 1);
      await judged.goOn();
      print(`lease taken: ${await judged.verify()}`);
      expect(judged.cutStreams).toEqual([]);
    });

    const plants: readonly { readonly plant: Plant; readonly found: RegExp }[] = [
      { plant: 'assigns twice', found: /I5: \S+ 1 was sent to node-. and again to node-/ },
      { plant: 'commits nothing', found: /I1: \S+ was accepted and is not on the disk/ },
      { plant: 'does not compare the epoch', found: /wrote \w+ in epoch \d+ of other 1/ },
    ];
    test.each(plants)('planted defect: a member $plant -> the judge finds it', LIMIT, async ({ plant, found }) => {
      const judged = await open({
        at: 'replica',
        memberEnv: () => ({ NODE_OPTIONS: PLANTED_DEFECT, MUSTER_TEST_PLANT: plant }),
      });
      const { epoch } = judged;
      await takeLease(judged);
      await judged.furtherTerm(epoch + 1);
      await judged.goOn();
      await expect(judged.verify()).rejects.toThrow(found);
    });
  },
);
