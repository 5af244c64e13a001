// The leader of a cluster kills itself with SIGKILL at every named kill point, and at those that only a cluster has, under traffic and with
// real agents. Another member leads. The invariants hold after each kill and at the end, and the history of clients and nodes has no defect.
// MUSTER_FAULT_ROUNDS: the number of kills at each point. MUSTER_FAULT_SEED: the seed of a run to be repeated.
import { afterEach, describe, expect, test } from 'vitest';
import { type ClusterOfFaults, openClusterOfFaults } from '../support/faults/cluster-of-faults';
import { ACTS, CLUSTER_ACTS, dice, FIRST_ACTS, type NamedPoint, pointName, shuffledPoints } from '../support/faults/kill-point-list';
import { Traffic, waitUntilResumed } from '../support/faults/traffic';
import { natsServer } from '../support/nats';
import { faultSeed, repetitions } from '../support/repetitions';
import { requirePostgres, skipNote } from '../support/requirements';

const missing = natsServer.missing ?? requirePostgres().missing;
const ROUNDS = repetitions({ few: 1, many: 1 }, 'MUSTER_FAULT_ROUNDS');
const SEED = faultSeed();
const SECONDS_PER_ROUND = 1800;
/** A member that has not reached the point after this time is killed, and the next leader tries. */
const REACH_MS = 10_000;
/** The lease of the killed leader ends before. */
const FIRST_REACH_MS = 25_000;
const MAX_TRIES = 4;
/** A request may wait for several leaders: most are killed within a second after they lead, 7 s apart. */
const REQUEST_LIMIT_MS = 180_000;
/** A lease of 7 s, and a look of a candidate. */
const LIMIT_MS = 10_000;

interface Killing extends ClusterOfFaults {
  readonly traffic: Traffic;
  readonly random: () => number;
  /** How long the cluster was without a leader, except for the time that opened the scheduler of the next term. */
  readonly tookMs: number[];
}

const closes: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closes.splice(0).map((close) => close()));
});

/** The acts on connections are done by the member that has them: then the leader. Else any member has the connections. */
function placeFor({ act }: NamedPoint, { pool, cluster, random }: Killing): void {
  const { members } = cluster.pool;
  const isOnSocket = (ACTS as readonly string[]).includes(act) && !act.startsWith('commit:');
  const member = isOnSocket ? cluster.leader : (members[Math.floor(random() * members.length)] ?? cluster.leader);
  cluster.place(member);
  pool.clientProxy.leadTo(cluster.port);
}

/** Kills a member. True: it died at the point. */
async function killAt(killing: Killing, point: NamedPoint): Promise<boolean> {
  const { pool, cluster, traffic } = killing;
  const { leader } = cluster;
  const isFirst = FIRST_ACTS.includes(point.act);
  const armed = isFirst ? cluster.pool.others(leader) : [leader];
  placeFor(point, killing);
  for (const member of armed) cluster.arm(member, point);
  traffic.wanted = point.act;
  if (isFirst) cluster.process.signal('SIGKILL');
  const timer = setTimeout(() => armed[0] && cluster.pool.processOf(armed[0]).signal('SIGKILL'), isFirst ? FIRST_REACH_MS : REACH_MS);
  const ended = Promise.race(armed.map((member) => cluster.pool.processOf(member).finished));
  await Promise.all(pool.nodes.map((node) => Promise.race([ended, waitUntilResumed(pool, node).catch(() => undefined)])));
  await ended;
  const killedMs = performance.now();
  clearTimeout(timer);
  traffic.wanted = null;
  await pool.recordStored();
  const isReached = armed.some((member) => cluster.pool.processOf(member).output.includes(`killed ${point.side} ${point.act}\n`));
  await goOn(killing, killedMs);
  return isReached;
}

/** Clients and nodes go to a member that lives, another member leads, and the killed ones start again. */
async function goOn({ pool, cluster, tookMs }: Killing, killedMs: number): Promise<void> {
  const alive = cluster.living();
  for (const member of alive) cluster.arm(member, null);
  cluster.place(alive[0] ?? cluster.leader);
  pool.clientProxy.leadTo(cluster.port);
  const [ledMs] = await Promise.all([cluster.pool.leader().then(() => performance.now()), cluster.start()]);
  const openedMs = Number(cluster.process.lines.findLast(({ event }) => event === 'cluster_leads')?.['opened_ms']);
  // Without two candidates, it includes the start of a member.
  if (alive.length === 2) tookMs.push(ledMs - killedMs - openedMs);
}

async function isReachedBy(killing: Killing, point: NamedPoint): Promise<boolean> {
  for (let tries = 0; tries < MAX_TRIES; tries++) if (await killAt(killing, point)) return true;
  return false;
}

interface RoundResult {
  readonly missed: readonly string[];
  readonly tookMs: readonly number[];
  readonly jobs: number;
  readonly runs: number;
}

async function round(points: readonly NamedPoint[], seed: number): Promise<RoundResult> {
  const { pool, cluster } = await openClusterOfFaults((opened) => closes.push(() => opened.close()), {
    requestLimitMs: REQUEST_LIMIT_MS,
  });
  const random = dice(seed);
  const traffic = new Traffic(pool, random);
  const killing: Killing = { pool, cluster, traffic, random, tookMs: [] };
  const missed: string[] = [];
  for (const point of points) {
    if (!(await isReachedBy(killing, point))) missed.push(pointName(point));
    const violations = await pool.violations({ isAtRest: false });
    if (violations.length > 0) throw new Error(`after the kill ${pointName(point)}:\n${violations.join('\n')}\n${cluster.pool.report()}`);
  }
  // The last kill was a moment ago: its nodes are away for as long as a take-over may take.
  await Promise.all(pool.nodes.map((node) => waitUntilResumed(pool, node, 2 * LIMIT_MS)));
  await traffic.stop();
  await pool.verify();
  const runs = pool.nodes.flatMap((node) => node.runs()).filter(({ event }) => event === 'begin').length;
  return { missed, tookMs: killing.tookMs, jobs: pool.accepted.size, runs };
}

function printRound(results: readonly RoundResult[]): void {
  const sum = (of: (one: RoundResult) => number): string => String(results.reduce((total, one) => total + of(one), 0));
  const tookMs = results.flatMap((one) => one.tookMs).toSorted((one, other) => one - other);
  const [median, longest] = [tookMs[Math.floor(tookMs.length / 2)], tookMs.at(-1)].map((ms = 0) => `${(ms / 1000).toFixed(1)} s`);
  process.stdout.write(
    `${sum((one) => one.tookMs.length)} take-overs, ${sum(({ jobs }) => jobs)} jobs, ${sum(({ runs }) => runs)} runs, ` +
      `another leads after ${String(median)} (median), ${String(longest)} (longest)\n`,
  );
}

/** `npm run test:long` only (vitest.config.ts). */
describe.skipIf(missing !== undefined)(`kill points of a cluster${skipNote(missing === undefined ? {} : { missing })}`, () => {
  test(
    `leader killed at every named point ${String(ROUNDS)} times, seed ${String(SEED)} -> no job lost, none run twice`,
    { timeout: ROUNDS * SECONDS_PER_ROUND * 1000 },
    async () => {
      const random = dice(SEED);
      for (let n = 0; n < ROUNDS; n++) {
        const points = shuffledPoints(random, [...ACTS, ...CLUSTER_ACTS]);
        const half = points.length / 2;
        const results = await Promise.all([round(points.slice(0, half), random() * 1e9), round(points.slice(half), random() * 1e9)]);
        printRound(results);
        expect(results.flatMap(({ missed }) => missed)).toEqual([]);
        expect(Math.max(...results.flatMap(({ tookMs }) => tookMs))).toBeLessThan(LIMIT_MS);
        await Promise.all(closes.splice(0).map((close) => close()));
      }
    },
  );
});
