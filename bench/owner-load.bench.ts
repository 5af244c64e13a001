// What an agent costs its owner: the whole idle agent, and the parts of the measurement of the owner's load. Linux only, because the
// processor time of a process tree is read from procfs.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { timesOf } from '../src/main/hardware/parse/linux-processes';
import type { PoolServer } from '../src/main/hardware/parse/pool-sample';
import { readNames, readTrees } from '../src/main/hardware/probe/process-trees';
import { sendRequest } from '../tests/support/http-api';
import { MusterLab, type MusterProcess } from '../tests/support/muster-process';
import { until } from '../tests/support/until';
import { importBundled } from './bundled';
import type * as Core from './owner-load-core';

const PROC = '/proc';
const MS_PER_TICK = 10;
const IDLE_FOR_MS = 60_000;
/** The work after the registration ends: the model is verified, the first probes have run. */
const SETTLE_MS = 20_000;
const MAX_IDLE_PERCENT = 1;
/** LOAD_INTERVAL_MS of the agent. */
const READING_INTERVAL_MS = 2500;
const READINGS = 400;
const READS = 20_000;
const LISTINGS = 10;
/** A large tree: programs with many threads, and small ones. */
const NODE_PROGRAMS = 20;
const SMALL_PROGRAMS = 36;

const lab = new MusterLab();
const figures: Record<string, string | number>[] = [];
let core: typeof Core;
let agent: MusterProcess;
let server: PoolServer;

const add = (figure: string, value: number, unit: string): void => {
  figures.push({ figure, value: `${value.toPrecision(2)} ${unit}`, load: loadavg()[0]?.toFixed(1) ?? '' });
};
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const pidOf = ({ child }: { readonly child: { readonly pid?: number | undefined } }): number => child.pid ?? 0;
const treeOf = (...pids: readonly number[]) => readTrees(PROC, pids, new Set());
const ticksOf = (...pids: readonly number[]): number =>
  treeOf(...pids).reduce((total, stat) => {
    const { ownTicks, endedTicks } = timesOf(stat);
    return total + ownTicks + endedTicks;
  }, 0);

describe.skipIf(process.platform !== 'linux')("the owner's load", () => {
  beforeAll(async () => {
    core = (await importBundled('bench/owner-load-core.ts')) as typeof core;
    const runtime = spawn(process.execPath, [path.join(import.meta.dirname, 'chat-runtime.mjs')], { stdio: ['ignore', 'pipe', 'inherit'] });
    lab.own(runtime);
    const [line] = (await once(createInterface({ input: runtime.stdout }), 'line')) as [string];
    const { port } = JSON.parse(line) as { readonly port: number };
    server = { id: 'talker', port, processNames: [] };
    const scheduler = lab.start(['scheduler', '--data-dir', lab.dataDir('scheduler', '[server]\nport = 0\n')]);
    const url = new URL(await scheduler.url());
    const folder = lab.dataDir('agent', '', { models: false });
    agent = lab.start(['agent', '--data-dir', folder, '--scheduler', `ws://${url.host}`, '--simulate-gpu', 'Test:24'], {
      MUSTER_RUNTIMES_URLS: `http://127.0.0.1:${String(port)}`,
    });
    await scheduler.line('node_status_changed', { to: 'ready' });
    const models = async () => (await sendRequest(Number(url.port), { path: '/v1/models' })).text;
    await until('the model to be ready', async () => (await models()).includes('talker'), 60_000);
  }, 120_000);
  afterAll(async () => {
    console.table(figures);
    await lab.close();
  });

  test('idle agent: the process tree uses less than 1 % of a core', async () => {
    await wait(SETTLE_MS);
    const [before, startMonotonicMs] = [ticksOf(pidOf(agent)), performance.now()];
    await wait(IDLE_FOR_MS);
    const percent = (((ticksOf(pidOf(agent)) - before) * MS_PER_TICK) / (performance.now() - startMonotonicMs)) * 100;
    add(`idle agent, ${String(treeOf(pidOf(agent)).length)} processes, of a core`, percent, '%');
    expect(percent).toBeLessThan(MAX_IDLE_PERCENT);
  });

  test('reading of the load: the additional cost of the processes of the pool', async () => {
    const programs = Array.from({ length: NODE_PROGRAMS + SMALL_PROGRAMS }, (_, i) =>
      i < NODE_PROGRAMS
        ? spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => undefined, 1e6)'], { stdio: ['ignore', 'pipe', 'ignore'] })
        : spawn('sleep', ['600'], { stdio: 'ignore' }),
    );
    for (const program of programs) lab.own(program);
    await Promise.all(programs.flatMap(({ stdout }) => (stdout === null ? [] : [once(stdout, 'data')])));
    const many = programs.map(({ pid }) => pid ?? 0);
    const perReadingMs = async (pids: readonly number[], servers: readonly PoolServer[]): Promise<number> => {
      const pool = new core.PoolSampler();
      const query = { pids, ports: [], servers, isWorking: false, isViewed: false, readsClients: false };
      const reading = async () => {
        await core.measureMachine(lab.folder);
        if (pids.length > 0) await pool.sample(query, PROC, { path: null, rows: [] });
      };
      await reading();
      const before = process.cpuUsage();
      for (let i = 0; i < READINGS; i++) await reading();
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000 / READINGS;
    };
    const without = await perReadingMs([], []);
    const idle = await perReadingMs([pidOf(agent)], [server]);
    const large = await perReadingMs(many, [server]);
    const threads = many.reduce((total, pid) => total + readNames(`${PROC}/${String(pid)}/task`).length, 0);
    add('reading without the processes of the pool', without, 'ms');
    add('reading with the processes of a headless agent and a model server', idle, 'ms');
    add(`reading with ${String(many.length)} processes and ${String(threads)} threads`, large, 'ms');
    add('the last one, of a core', (large / READING_INTERVAL_MS) * 100, '%');
    expect((large / READING_INTERVAL_MS) * 100).toBeLessThan(MAX_IDLE_PERCENT);
  });

  test('one process by its pid costs less than a hundredth of the list of all processes', async () => {
    const before = process.cpuUsage();
    for (let i = 0; i < READS; i++) core.readProcess(PROC, pidOf(agent));
    const { user, system } = process.cpuUsage(before);
    const oneMs = (user + system) / 1000 / READS;
    // The library starts `ps`, so the time of ended children counts.
    const ticks = ticksOf(process.pid);
    for (let i = 0; i < LISTINGS; i++) await core.listAllProcesses();
    const listMs = ((ticksOf(process.pid) - ticks) * MS_PER_TICK) / LISTINGS;
    add('one process by its pid', oneMs, 'ms');
    add(`list of all ${String(readNames(PROC).filter((name) => /^\d+$/.test(name)).length)} processes`, listMs, 'ms');
    expect(listMs / oneMs).toBeGreaterThan(100);
  });
});
