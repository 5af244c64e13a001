// The scheduler kills itself with SIGKILL at every named kill point of a job (before and after each commit, send, receipt and
// answer), under traffic and with real agents. The invariants hold after each kill and at the end.
// `npm test` takes a random quarter of the points.
// MUSTER_FAULT_POINTS: the number of points. MUSTER_FAULT_ROUNDS: the number of kills at each point. MUSTER_FAULT_SEED: the seed of a run to be repeated.
import { execFileSync } from 'node:child_process';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { FaultPool } from '../support/faults/fault-pool';
import { KILL_POINTS } from '../support/faults/fault-scheduler';
import { ACTS, dice, type NamedPoint, pointName, shuffledPoints } from '../support/faults/kill-point-list';
import { waitUntilResumed, Traffic } from '../support/faults/traffic';
import { faultSeed, repetitions } from '../support/repetitions';

const ROUNDS = repetitions({ few: 1, many: 10 }, 'MUSTER_FAULT_ROUNDS');
const POINTS = repetitions({ few: 18, many: 2 * ACTS.length }, 'MUSTER_FAULT_POINTS');
const SEED = faultSeed();
const SECONDS_PER_ROUND = 300;
/** A scheduler that has not reached the point after this time is killed, and the next one tries. */
const REACH_MS = 8000;
const MAX_TRIES = 4;

const pools: FaultPool[] = [];
beforeAll(() => {
  // A scheduler that kills itself never writes Node's compile cache: this process writes the part that only these schedulers load.
  execFileSync(process.execPath, ['--eval', ''], { env: { ...process.env, NODE_OPTIONS: KILL_POINTS } });
});
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

/** Runs one scheduler until it is killed. True: it was killed at the point. */
async function runUntilKilled(pool: FaultPool, traffic: Traffic, point: NamedPoint): Promise<boolean> {
  await pool.startScheduler(point).catch(() => undefined);
  traffic.wanted = point.act;
  const timer = setTimeout(() => {
    pool.scheduler.signal('SIGKILL');
  }, REACH_MS);
  const ended = pool.scheduler.finished;
  await Promise.all(pool.nodes.map((node) => Promise.race([ended, waitUntilResumed(pool, node).catch(() => undefined)])));
  await pool.recordSchedulerEnd();
  clearTimeout(timer);
  traffic.wanted = null;
  return pool.scheduler.output.includes(`killed ${point.side} ${point.act}\n`);
}

async function reached(pool: FaultPool, traffic: Traffic, point: NamedPoint): Promise<boolean> {
  for (let tries = 0; tries < MAX_TRIES; tries++) if (await runUntilKilled(pool, traffic, point)) return true;
  return false;
}

interface RoundResult {
  readonly missed: readonly string[];
  readonly kills: number;
  readonly jobs: number;
  readonly runs: number;
}

async function round(points: readonly NamedPoint[], seed: number): Promise<RoundResult> {
  const pool = await FaultPool.open();
  pools.push(pool);
  const traffic = new Traffic(pool, dice(seed));
  pool.scheduler.signal('SIGTERM');
  await pool.recordSchedulerEnd();
  const missed: string[] = [];
  for (const point of points) {
    if (!(await reached(pool, traffic, point))) missed.push(pointName(point));
    const violations = await pool.violations({ isAtRest: false });
    if (violations.length > 0) throw new Error(`after the kill ${pointName(point)}:\n${violations.join('\n')}`);
  }
  await pool.startScheduler();
  await Promise.all(pool.nodes.map((node) => waitUntilResumed(pool, node)));
  await traffic.stop();
  await pool.verify();
  const kills = pool.events.filter(({ type }) => type === 'stored').length;
  const runs = pool.nodes.flatMap((node) => node.runs()).filter(({ event }) => event === 'begin').length;
  return { missed, kills, jobs: pool.accepted.size, runs };
}

/** Several rounds print their figures, one line each. */
function printRound(n: number, results: readonly RoundResult[]): void {
  if (ROUNDS === 1) return;
  const sum = (of: (one: RoundResult) => number): string => String(results.reduce((total, one) => total + of(one), 0));
  const figures = `${sum(({ kills }) => kills)} kills, ${sum(({ jobs }) => jobs)} jobs, ${sum(({ runs }) => runs)} runs`;
  process.stdout.write(`round ${String(n + 1)} of ${String(ROUNDS)}: ${figures}\n`);
}

test(
  `scheduler killed at ${String(POINTS)} named points ${String(ROUNDS)} times, seed ${String(SEED)} -> no job lost, none run twice`,
  { timeout: ROUNDS * SECONDS_PER_ROUND * 1000 },
  async () => {
    const random = dice(SEED);
    for (let n = 0; n < ROUNDS; n++) {
      const points = shuffledPoints(random).slice(0, POINTS);
      const half = points.length / 2;
      const results = await Promise.all([round(points.slice(0, half), random() * 1e9), round(points.slice(half), random() * 1e9)]);
      printRound(n, results);
      expect(results.flatMap(({ missed }) => missed)).toEqual([]);
      await Promise.all(pools.splice(0).map((pool) => pool.close()));
    }
  },
);
