// The scheduler kills itself with SIGKILL at every named point of a job's life (before and after each commit, send, receipt and
// answer), again and again, under traffic and with real agents. After each death and at the end the invariants hold.
// MUSTER_FAULT_ROUNDS: how often each point is taken; MUSTER_FAULT_SEED: the dice of a run that is to be repeated.
import { afterEach, expect, test } from 'vitest';
import { FaultPool } from '../support/faults/fault-pool';
import { dice, type NamedPoint, pointName, shuffledPoints } from '../support/faults/kill-point-list';
import { backInUse, Traffic } from '../support/faults/traffic';
import { faultSeed, repetitions } from '../support/repetitions';

const ROUNDS = repetitions({ few: 1, many: 10 }, 'MUSTER_FAULT_ROUNDS');
const SEED = faultSeed();
const SECONDS_PER_ROUND = 300;
/** A life in which the point is not reached by then is ended, and another is tried. */
const REACH_MS = 8000;
const MAX_TRIES = 4;

const pools: FaultPool[] = [];
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

/** One life of the scheduler; true: it died at the point. */
async function live(pool: FaultPool, traffic: Traffic, point: NamedPoint): Promise<boolean> {
  await pool.startScheduler(point).catch(() => undefined);
  traffic.wanted = point.act;
  const timer = setTimeout(() => {
    pool.scheduler.signal('SIGKILL');
  }, REACH_MS);
  const isDead = pool.scheduler.finished;
  await Promise.all(pool.nodes.map((node) => Promise.race([isDead, backInUse(pool, node).catch(() => undefined)])));
  await pool.buried();
  clearTimeout(timer);
  traffic.wanted = null;
  return pool.scheduler.output.includes(`killed ${point.side} ${point.act}\n`);
}

async function reached(pool: FaultPool, traffic: Traffic, point: NamedPoint): Promise<boolean> {
  for (let tries = 0; tries < MAX_TRIES; tries++) if (await live(pool, traffic, point)) return true;
  return false;
}

interface Told {
  readonly missed: readonly string[];
  readonly deaths: number;
  readonly jobs: number;
  readonly runs: number;
}

async function round(points: readonly NamedPoint[], seed: number): Promise<Told> {
  const pool = await FaultPool.open();
  pools.push(pool);
  const traffic = new Traffic(pool, dice(seed));
  pool.scheduler.signal('SIGTERM');
  await pool.buried();
  const missed: string[] = [];
  for (const point of points) {
    if (!(await reached(pool, traffic, point))) missed.push(pointName(point));
    const violations = pool.violations({ isAtRest: false });
    if (violations.length > 0) throw new Error(`after the death ${pointName(point)}:\n${violations.join('\n')}`);
  }
  await pool.startScheduler();
  await Promise.all(pool.nodes.map((node) => backInUse(pool, node)));
  await traffic.stop();
  await pool.verify();
  const deaths = pool.events.filter(({ type }) => type === 'stored').length;
  const runs = pool.nodes.flatMap((node) => node.runs()).filter(({ event }) => event === 'begin').length;
  return { missed, deaths, jobs: pool.accepted.size, runs };
}

/** For a long run, whose figures are wanted: one line for each round. */
function tell(n: number, told: readonly Told[]): void {
  if (ROUNDS === 1) return;
  const sum = (of: (one: Told) => number): string => String(told.reduce((total, one) => total + of(one), 0));
  const figures = `${sum(({ deaths }) => deaths)} deaths, ${sum(({ jobs }) => jobs)} jobs, ${sum(({ runs }) => runs)} runs`;
  process.stdout.write(`round ${String(n + 1)} of ${String(ROUNDS)}: ${figures}\n`);
}

test(
  `killed at every named point ${String(ROUNDS)} times, seed ${String(SEED)}, the scheduler loses no job and runs none twice`,
  { timeout: ROUNDS * SECONDS_PER_ROUND * 1000 },
  async () => {
    const random = dice(SEED);
    for (let n = 0; n < ROUNDS; n++) {
      const points = shuffledPoints(random);
      const half = points.length / 2;
      const told = await Promise.all([round(points.slice(0, half), random() * 1e9), round(points.slice(half), random() * 1e9)]);
      tell(n, told);
      expect(told.flatMap(({ missed }) => missed)).toEqual([]);
      await Promise.all(pools.splice(0).map((pool) => pool.close()));
    }
  },
);
