// How the cost of a pool grows with its nodes: two replicas and a leader, with PostgreSQL and NATS, beside one scheduler alone with its files in
// the same run. All are processes of the built program, and the nodes behave as agents do: what each process uses in a quiet pool, how long
// all nodes need to register, and to register again after a kill -9 of the leader (a restart of the scheduler that is alone).
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addressOf, clusterEnv, startMember } from '../tests/support/cluster-lab';
import { MusterLab, type MusterProcess } from '../tests/support/muster-process';
import { NatsServer } from '../tests/support/nats';
import { TestPostgres } from '../tests/support/postgres';
import { until } from '../tests/support/until';
import { within } from '../tests/support/within';

const SIZES = (process.env['BENCH_POOL_SIZES'] ?? '2000,5000,10000').split(',').map(Number);
/** One process may have so many sockets at most; the files of the scheduler come on top. */
const MAX_SOCKETS = Number(process.env['BENCH_MAX_SOCKETS'] ?? 19_000);
const QUIET_MS = 30_000;
const LIMIT_MS = 180_000;
const POLL_MS = 100;
/** All nodes have one address. */
const LIMITS = [
  '[server]\nmax_handshakes_per_address = 1000\nmax_new_nodes_per_minute = 1000000\nmax_connections_per_address = 100000',
  '[scheduler]\nmax_nodes = 50000\nmax_profile_bytes = 1000000000\n',
].join('\n');
const figuresFolder = mkdtempSync(path.join(tmpdir(), 'muster-figures-'));
const WITH_FIGURES = {
  FIGURES_FOLDER: figuresFolder,
  NODE_OPTIONS: `--import ${pathToFileURL(path.join(import.meta.dirname, 'process-figures.mjs')).href} ${process.env['BENCH_NODE_OPTIONS'] ?? ''}`,
};

interface Figures {
  readonly cpuMs: number;
  readonly rssMb: number;
  readonly delayP99Ms: number;
  readonly delayMaxMs: number;
  readonly longestTurnMs: number;
}

let lab: MusterLab;
let database: TestPostgres;
let nats: NatsServer;
const rows: Record<string, string | number>[] = [];

beforeAll(async () => {
  lab = new MusterLab();
  [database, nats] = await Promise.all([TestPostgres.start({ isDurable: true }), NatsServer.start()]);
});
afterAll(async () => {
  await lab.close();
  await nats.close();
  await database.remove();
  rmSync(figuresFolder, { recursive: true });
  console.table(rows);
});

/** Nodes in processes of their own, half of them in each. */
class Nodes {
  readonly #children: readonly ChildProcess[];
  readonly #lines: readonly Interface[];

  constructor(count: number, urls: readonly string[]) {
    const program = path.join(import.meta.dirname, 'pool-nodes.mjs');
    const sockets = urls.map((url) => `${url.replace('http', 'ws')}/ws/node`).join(',');
    this.#children = [Math.ceil(count / 2), Math.floor(count / 2)].map((part) => {
      const child = spawn(process.execPath, [program, String(part), sockets], { stdio: ['pipe', 'pipe', 'inherit'] });
      lab.own(child);
      return child;
    });
    this.#lines = this.#children.map(({ stdout }) => createInterface({ input: stdout ?? process.stdin }));
  }

  /** Registered since the last time that they were forgotten. */
  async registered(question: 'count' | 'forget' = 'count'): Promise<number> {
    const answers = this.#lines.map((lines) => once(lines, 'line') as Promise<[string]>);
    for (const { stdin } of this.#children) stdin?.write(`${question}\n`);
    const counts = await within('the processes of the nodes', Promise.all(answers), LIMIT_MS);
    return counts.reduce((sum, [count]) => sum + Number(count), 0);
  }

  async end(): Promise<void> {
    await Promise.all(
      this.#children.map(async (child) => {
        const exit = once(child, 'exit');
        child.kill('SIGKILL');
        await exit;
      }),
    );
  }
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function figuresOf(member: MusterProcess): Promise<Figures> {
  const file = path.join(figuresFolder, `${String(member.child.pid)}.json`);
  rmSync(file, { force: true });
  member.signal('SIGUSR2');
  await until('the figures of a process', () => existsSync(file), LIMIT_MS);
  return JSON.parse(readFileSync(file, 'utf8')) as Figures;
}

const figuresOfAll = (members: readonly MusterProcess[]): Promise<Figures[]> => Promise.all(members.map(figuresOf));

/** Seconds until all are registered. */
async function secondsUntilAll(nodes: Nodes, count: number): Promise<number> {
  const startMonotonicMs = performance.now();
  while ((await nodes.registered()) < count) {
    expect(performance.now() - startMonotonicMs, 'ms until all nodes are registered').toBeLessThan(LIMIT_MS);
    await sleep(POLL_MS);
  }
  return (performance.now() - startMonotonicMs) / 1000;
}

const metric = async (url: string, name: string): Promise<number> => {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? NaN);
};
const untilAllReady = (url: string, count: number): Promise<unknown> =>
  until('all nodes to be ready', async () => (await metric(url, 'muster_nodes\\{status="ready"\\}')) === count, LIMIT_MS);

const text = (values: readonly number[], digits = 0): string => values.map((value) => value.toFixed(digits)).join(', ');

/** `members`: the leader is the first one. `fail` returns the members that are left. */
async function measure(
  name: string,
  count: number,
  pool: {
    readonly members: readonly MusterProcess[];
    readonly urls: readonly string[];
    readonly fail: () => Promise<readonly MusterProcess[]>;
  },
): Promise<void> {
  const { members, urls } = pool;
  const [metricsUrl = ''] = urls;
  const nodes = new Nodes(count, urls);
  await figuresOfAll(members);
  const registeredS = await secondsUntilAll(nodes, count);
  const registering = await figuresOfAll(members);
  await untilAllReady(metricsUrl, count);
  await figuresOfAll(members);
  const before = await figuresOfAll(members);
  const startMonotonicMs = performance.now();
  await sleep(QUIET_MS);
  const quiet = await figuresOfAll(members);
  const quietMs = performance.now() - startMonotonicMs;
  await nodes.registered('forget');
  const failedMonotonicMs = performance.now();
  const left = await pool.fail();
  await secondsUntilAll(nodes, count);
  const againS = (performance.now() - failedMonotonicMs) / 1000;
  const again = await figuresOfAll(left);
  await untilAllReady(metricsUrl, count);
  const readyS = (performance.now() - failedMonotonicMs) / 1000;
  await nodes.end();
  rows.push({
    pool: name,
    nodes: count,
    'registered, s': registeredS.toFixed(1),
    'CPU meanwhile, s': text(
      registering.map(({ cpuMs }) => cpuMs / 1000),
      1,
    ),
    'turn, ms': text(registering.map(({ longestTurnMs }) => longestTurnMs)),
    'quiet: CPU, %': text(
      quiet.map(({ cpuMs }, i) => (100 * (cpuMs - (before[i]?.cpuMs ?? NaN))) / quietMs),
      1,
    ),
    'RSS, MB': text(quiet.map(({ rssMb }) => rssMb)),
    'delay p99, ms': text(
      quiet.map(({ delayP99Ms }) => delayP99Ms),
      1,
    ),
    'delay max, ms': text(quiet.map(({ delayMaxMs }) => delayMaxMs)),
    'turn, ms ': text(quiet.map(({ longestTurnMs }) => longestTurnMs)),
    'registered again, s': againS.toFixed(1),
    'ready again, s': readyS.toFixed(1),
    'turn, ms  ': text(again.map(({ longestTurnMs }) => longestTurnMs)),
    load: (loadavg()[0] ?? NaN).toFixed(1),
  });
  console.table(rows.slice(-1));
}

test.each(SIZES.filter((count) => count <= MAX_SOCKETS))(
  '%i nodes at one scheduler with its files',
  async (count) => {
    const dataDir = lab.dataDir(`alone-${String(count)}`, LIMITS, { models: false });
    const start = (port: string): MusterProcess => lab.start(['scheduler', '--data-dir', dataDir, '--port', port], WITH_FIGURES);
    const first = start('0');
    const url = await first.url();
    const running = [first];
    await measure('alone', count, {
      members: [first],
      urls: [url],
      fail: async () => {
        await first.end('SIGKILL');
        const next = start(new URL(url).port);
        running.push(next);
        await next.url();
        return [next];
      },
    });
    await running.at(-1)?.end();
  },
  600_000,
);

test.each(SIZES)(
  '%i nodes at two replicas of a third member that leads',
  async (count) => {
    const env = { ...clusterEnv(database, await database.newDatabase()), MUSTER_CLUSTER_BUS_URL: nats.url, ...WITH_FIGURES };
    const start = async (name: string): Promise<{ readonly member: MusterProcess; readonly url: string }> => {
      const member = startMember(lab, env, { name, dataDir: lab.dataDir(`${name}-${String(count)}`, LIMITS, { models: false }) });
      const { url } = await addressOf(member);
      await (name === 'leader' ? member.line('cluster_leads') : member.line('cluster_channel_opened', { epoch: 1 }));
      return { member, url };
    };
    const leader = await start('leader');
    const replicas = [await start('a'), await start('b')];
    const left = replicas.map(({ member }) => member);
    await measure('cluster: leader, a, b', count, {
      members: [leader.member, ...left],
      urls: replicas.map(({ url }) => url),
      fail: async () => {
        await leader.member.end('SIGKILL');
        return left;
      },
    });
    for (const member of left) await member.end();
  },
  600_000,
);
