// Honest traffic beside every attack: an attacker at another address, and a scheduler in a process of its own. No heartbeat of the honest
// node is late, health checks are answered, and memory is bounded. `npm test` attacks for a short time, with few samples, and compares
// the median. `npm run test:long` attacks for longer, and compares the 99th percentile. Both are compared with the time before the attack,
// because the machine may be loaded. On a loaded machine the requests of an attack wait for each other, and an honest one waits among them:
// its median is at most twice the time of an attacker's request, which it waits for before it takes as long itself. One of three times that
// follow each other must be within the limits: other work may hold the machine in one of them, an attack that succeeds does so in each.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HonestTraffic, type Measured } from '../support/honest-traffic';
import { bearer, OWNER_KEY, sendRequest } from '../support/http-api';
import { accept, chatOutput, readyNode, submit, succeed } from '../support/job-pool';
import { MusterLab, type MusterProcess } from '../support/muster-process';
import { isLong } from '../support/repetitions';

const ATTACK_MS = isLong ? 15_000 : 1500;
const MAX_GROWTH_MIB = 300;
const SAMPLE_MS = 100;
/** On a quiet machine. On a loaded one, some times the time without an attack, before or after it: the load can begin meanwhile. */
const MAX_HEALTH_MS = 100;
const MAX_RATIO = 8;
/** However long the requests of the attacker take. On a loaded machine, some times the time without an attack. */
const MAX_MEDIAN_MS = 500;
const MAX_MEDIAN_RATIO = 150;
const TIMES = 3;
const QUIET_MS = 1000;
const TOML = `[server]
host = "0.0.0.0"
port = 0
[scheduler]
load_balancer.resource_threshold = 100
`;

const lab = new MusterLab();
let scheduler: MusterProcess;
let target: { readonly url: string; readonly port: number };
let invitation = '';
let programKey = '';
let largeJob = '';
let quiet: Measured;

let honest: HonestTraffic;

/** Of Linux alone: the system of the tests with this limit. */
const residentMib = (): number | null => {
  if (process.platform !== 'linux') return null;
  const status = readFileSync(`/proc/${String(scheduler.child.pid)}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024;
};

/** A job of the attacker with a result of 15 MB. */
async function jobWithLargeResult(): Promise<string> {
  const node = await readyNode(target.url, {}, bearer(OWNER_KEY));
  const { json } = await submit(target.port, {}, bearer(programKey));
  const assign = await node.until('job_assign');
  accept(node, assign);
  succeed(node, assign, chatOutput('x'.repeat(15_000_000)));
  await node.until('job_result_ack');
  node.close();
  return (json() as { readonly job_id: string }).job_id;
}

beforeAll(async () => {
  scheduler = lab.start(['scheduler', '--data-dir', lab.dataDir('scheduler', TOML, { models: false })]);
  const url = await scheduler.url();
  target = { url, port: Number(new URL(url).port) };
  const created = await sendRequest(target.port, { method: 'POST', path: '/api/v1/invites', body: { uses: 1000 } });
  invitation = (created.json() as { readonly key: string }).key;
  // High limits: requests are refused because of their content, not because of their number.
  const limits = { requests_per_second: 100_000, megabytes_per_minute: 1_000_000 };
  const key = await sendRequest(target.port, { method: 'POST', path: '/api/v1/keys', body: { name: 'attacker', limits } });
  programKey = (key.json() as { readonly key: string }).key;
  largeJob = await jobWithLargeResult();
  honest = await HonestTraffic.start(target, bearer(OWNER_KEY));
  quiet = await honest.during(QUIET_MS);
});
afterAll(async () => {
  await honest.stop();
  await lab.close();
});

/** The longer times of two measurements. */
const slower = (one: Measured, other: Measured): Measured => ({
  healthP50Ms: Math.max(one.healthP50Ms, other.healthP50Ms),
  healthP99Ms: Math.max(one.healthP99Ms, other.healthP99Ms),
  beatP50Ms: Math.max(one.beatP50Ms, other.beatP50Ms),
  beatP99Ms: Math.max(one.beatP99Ms, other.beatP99Ms),
  count: one.count + other.count,
});

/** The status that shows that requests of the attack get as far as they can. */
const REACHED: Readonly<Record<string, string>> = {
  'bodies of many objects': '400',
  'bodies at the limit of the structure': '404',
  'jobs of one program': '202',
  'wrong tokens': '429',
};

describe('honest traffic beside an attack', () => {
  test.each([
    'bodies of many objects',
    'bodies at the limit of the structure',
    'jobs of one program',
    'half requests',
    'unread answers',
    'ghost nodes',
    'silent node sockets',
    'wrong tokens',
    'requests to join',
    'TLS handshakes at once',
    'half-open TLS',
    'many connections',
  ])('%s -> honest node stays available, health check answered, memory bounded', { timeout: 120_000 }, async (attack) => {
    const [before, lines] = [residentMib(), scheduler.lines.length];
    let most = 0;
    const attacker = new Worker(path.join(import.meta.dirname, '../support/attacker.mjs'), {
      workerData: { attack, port: target.port, invitation, programKey, largeJob },
    });
    let [acts, actMs, statuses]: [number, number, readonly string[]] = [0, 0, []];
    attacker.on('message', (report: { readonly acts: number; readonly actMs: number; readonly statuses: readonly string[] }) => {
      ({ acts, actMs, statuses } = report);
    });
    await expect.poll(() => acts, { timeout: 10_000 }).toBeGreaterThan(0);
    const sampler = setInterval(() => (most = Math.max(most, residentMib() ?? 0)), SAMPLE_MS);
    const limitMs = (quietMs: number): number => Math.max(MAX_HEALTH_MS, MAX_RATIO * quietMs);
    const medianLimitMs = (quietMs: number): number =>
      Math.max(limitMs(quietMs), Math.min(Math.max(MAX_MEDIAN_MS, MAX_MEDIAN_RATIO * quietMs), 2 * actMs));
    const isServed = ({ healthP50Ms, beatP50Ms }: Measured): boolean =>
      healthP50Ms < medianLimitMs(quiet.healthP50Ms) && beatP50Ms < medianLimitMs(quiet.beatP50Ms);
    let measured = await honest.during(ATTACK_MS);
    honest.expectUnharmed(measured);
    for (let time = 1; time < TIMES && !isServed(measured); time++) {
      measured = await honest.during(ATTACK_MS);
      honest.expectUnharmed(measured);
    }
    clearInterval(sampler);
    expect(statuses).toEqual(expect.arrayContaining(attack in REACHED ? [REACHED[attack]] : []));
    const grown = most - (before ?? 0);
    await attacker.terminate();
    if (!isServed(measured)) quiet = slower(quiet, await honest.during(QUIET_MS));
    process.stdout.write(
      `${attack}: ${String(acts)} acts, each ${actMs.toFixed(0)} ms; /healthz p50 ${measured.healthP50Ms.toFixed(0)}, p99 ${measured.healthP99Ms.toFixed(0)} ms (quiet p99 ${quiet.healthP99Ms.toFixed(0)} ms); heartbeat p99 ${measured.beatP99Ms.toFixed(0)} ms; RSS +${grown.toFixed(0)} MiB\n`,
    );
    expect(measured.healthP50Ms).toBeLessThan(medianLimitMs(quiet.healthP50Ms));
    expect(measured.beatP50Ms).toBeLessThan(medianLimitMs(quiet.beatP50Ms));
    if (isLong) expect(measured.healthP99Ms).toBeLessThan(limitMs(quiet.healthP99Ms));
    if (isLong) expect(measured.beatP99Ms).toBeLessThan(limitMs(quiet.beatP99Ms));
    expect(grown).toBeLessThan(MAX_GROWTH_MIB);
    const late = scheduler.lines.slice(lines).filter((line) => line['node_id'] === 'honest' && line.event === 'heartbeat_timeout');
    expect(late).toEqual([]);
  });
});
