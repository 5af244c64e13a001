// The owner's load and the pool's, measured by the real probe process on real processes. Other programs of this machine use it as well,
// so two probers measure at the same time: one knows that processes work for the pool, the other one does not. Their difference is the
// use of these processes, which the test reads as well.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseCpuTicks, parseProcessStat } from '../../src/main/hardware/parse/linux-processes';
import { NO_POOL_USE, type PoolUse } from '../../src/main/hardware/parse/pool-sample';
import type { LoadReport } from '../../src/main/hardware/parse/types';
import { nodeProbeChild } from '../../src/main/hardware/probe/probe-child-process';
import { HardwareProber } from '../../src/main/hardware/probe/prober';
import { systemClock } from '../../src/main/platform/clock';
import { silentLogger } from '../../src/main/platform/logger';
import { type BuiltProbe, buildProbe } from '../support/built-probe';
import { until } from '../support/until';

const LIMIT_MS = 20_000;
/** Readings of one comparison. Between two of them the busy process uses this time: 0.3 s. */
const READINGS = 4;
const TICKS_PER_READING = 30;
const fixtures = join(import.meta.dirname, '../fixtures/hardware');
let built: BuiltProbe | null = null;
let folder = '';
const probers: HardwareProber[] = [];
const programs: ChildProcess[] = [];

beforeAll(async () => {
  built = await buildProbe();
});
afterAll(() => {
  built?.remove();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-owner-'));
  mkdirSync(join(folder, 'sys'));
  vi.stubEnv('PATH', `${folder}:${process.env['PATH'] ?? ''}`);
});
afterEach(() => {
  for (const prober of probers.splice(0)) prober.close();
  for (const { pid } of programs.splice(0)) if (pid !== undefined) killGroup(pid);
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

/** Runs the script in its own process group, until it has written a line: the line. */
async function run(script: string): Promise<{ readonly pid: number; readonly line: string }> {
  const program = spawn(process.execPath, ['-e', script], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  programs.push(program);
  const [line] = (await once(program.stdout, 'data')) as Buffer[];
  return { pid: program.pid ?? 0, line: line?.toString().trim() ?? '' };
}

const BUSY = `console.log(process.pid); setImmediate(() => { for (;;); });`;
/** A process that starts a busy one and waits. Its line: the pid of the busy one. */
const PARENT = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(BUSY)}], { stdio: ['ignore', 'inherit', 'ignore'] });`;
const SHORT_LIVED = `
  const { spawnSync } = require('node:child_process');
  console.log(process.pid);
  for (;;) spawnSync(process.execPath, ['-e', 'for (const end = Date.now() + 100; Date.now() < end;);']);`;
const BUSY_SERVER = `
  const server = require('node:net').createServer().listen(PORT, '127.0.0.1', () => {
    console.log(server.address().port);
    setImmediate(() => { for (;;); });
  });`;

function prober(gpus: 'none' | 'nvidia'): HardwareProber {
  const made = new HardwareProber({
    spawnChild: nodeProbeChild(built?.scriptPath ?? ''),
    clock: systemClock,
    logger: silentLogger,
    settings: { sysfsRoot: join(folder, 'sys'), procRoot: '/proc', nvidiaTimeoutMs: 3000, diskPath: null },
    timings: { answerWithinMs: LIMIT_MS, killMs: LIMIT_MS },
    ...(gpus === 'none' ? { simulated: [{ name: 'RTX 4090', memoryGb: 24 }] } : {}),
  });
  probers.push(made);
  return made;
}

const machineTicks = () => parseCpuTicks(readFileSync('/proc/stat', 'utf8')) ?? { busy: 0, total: 0 };
const ticksOf = (pid: number): number => {
  const stat = parseProcessStat(readFileSync(`/proc/${String(pid)}/stat`, 'utf8'));
  return stat === null ? 0 : stat.ownTicks + stat.endedTicks;
};

interface Comparison {
  /** Percent of the machine that the busy process used, as the test reads it. */
  readonly used: number;
  /** The owner's load without and with the knowledge of the pool's processes. */
  readonly unaware: number;
  readonly aware: number;
}

/** Measures until the busy process has used enough time for a comparison. */
async function compare(busyPid: number, use: () => PoolUse): Promise<Comparison> {
  const [unaware, aware] = [prober('none'), prober('none')];
  await Promise.all([unaware.inventory(), aware.inventory()]);
  const measure = () => Promise.all([unaware.load(), aware.load(use())]);
  const [machine, ticks] = [machineTicks(), ticksOf(busyPid)];
  let [without, withPool] = await measure();
  for (let reading = 1; reading <= READINGS; reading++) {
    await until('processor time of the busy process', () => ticksOf(busyPid) - ticks >= reading * TICKS_PER_READING, LIMIT_MS);
    [without, withPool] = await measure();
  }
  const now = machineTicks();
  return {
    used: ((ticksOf(busyPid) - ticks) / (now.total - machine.total)) * 100,
    unaware: without.ownerCpuPercent ?? NaN,
    aware: withPool.ownerCpuPercent ?? NaN,
  };
}

/** The part of its use by which the knowledge of the pool's processes lowers the owner's load: 1 if they work for the pool, else 0. */
const partOf = ({ used, unaware, aware }: Comparison): number => (unaware - aware) / used;
const musterPids =
  (...pids: readonly number[]) =>
  (): PoolUse => ({ ...NO_POOL_USE, pids });
const EXACT = { about1: { min: 0.6, max: 1.4 }, about0: { min: -0.4, max: 0.4 } };

function expectPart(comparison: Comparison, { min, max }: { readonly min: number; readonly max: number }): void {
  expect(comparison.used, JSON.stringify(comparison)).toBeGreaterThan(1);
  expect(comparison.unaware, JSON.stringify(comparison)).toBeGreaterThan(comparison.used * 0.6);
  expect(partOf(comparison), JSON.stringify(comparison)).toBeGreaterThan(min);
  expect(partOf(comparison), JSON.stringify(comparison)).toBeLessThan(max);
}

describe.skipIf(process.platform !== 'linux')('owner load: CPU', { timeout: 90_000 }, () => {
  it('busy process of the owner -> owner load; the same process of the pool -> subtracted', async () => {
    const { pid } = await run(BUSY);
    expectPart(await compare(pid, musterPids(99_999_999)), EXACT.about0);
    expectPart(await compare(pid, musterPids(pid)), EXACT.about1);
  });

  it('busy child of a pool process -> subtracted', async () => {
    const { pid, line } = await run(PARENT);
    expectPart(await compare(Number(line), musterPids(pid)), EXACT.about1);
  });

  it('short-lived children of a pool process -> subtracted', async () => {
    const { pid } = await run(SHORT_LIVED);
    expectPart(await compare(pid, musterPids(pid)), EXACT.about1);
  });

  it('scheduler in its own program on this machine -> subtracted', async () => {
    const { pid, line } = await run(BUSY_SERVER.replace('PORT', '0'));
    expectPart(await compare(pid, () => ({ ...NO_POOL_USE, ports: [Number(line)] })), EXACT.about1);
  });

  it('model server, found by its port: subtracted while it runs a job, also after it started again', async () => {
    const first = await run(BUSY_SERVER.replace('PORT', '0'));
    const port = Number(first.line);
    const server = { id: 'server', port, processNames: [] };
    const used = (usedAtMonotonicMs: number | null): PoolUse => ({ ...NO_POOL_USE, servers: [{ ...server, usedAtMonotonicMs }], jobAtMonotonicMs: usedAtMonotonicMs }); // oxfmt-ignore
    expectPart(await compare(first.pid, () => used(systemClock.monotonicMs())), EXACT.about1);
    expectPart(await compare(first.pid, () => used(null)), EXACT.about0);
    killGroup(first.pid);
    const second = await run(BUSY_SERVER.replace('PORT', String(port)));
    expectPart(await compare(second.pid, () => used(systemClock.monotonicMs())), EXACT.about1);
  });

  it('model server not found -> its use is unknown while it runs a job', async () => {
    const measured = prober('none');
    await measured.inventory();
    const use = (usedAtMonotonicMs: number | null): PoolUse => ({
      ...NO_POOL_USE,
      servers: [{ id: 'server', port: 1, processNames: ['no-such-program'], usedAtMonotonicMs }],
      jobAtMonotonicMs: usedAtMonotonicMs,
    });
    await measured.load(use(systemClock.monotonicMs()));
    expect((await measured.load(use(systemClock.monotonicMs()))).ownerCpuPercent).toBeNull();
    const quiet = prober('none');
    await quiet.inventory();
    await quiet.load(use(null));
    await until(
      'a tick',
      (
        (before) => () =>
          machineTicks().total > before + 10
      )(machineTicks().total),
      LIMIT_MS,
    );
    expect((await quiet.load(use(null))).ownerCpuPercent).not.toBeNull();
  });
});

describe.skipIf(process.platform !== 'linux')('owner load: NVIDIA', { timeout: 90_000 }, () => {
  const inBin = (name: string): string => join(folder, name);
  const asked = (what: string): number =>
    readFileSync(inBin('asked'), 'utf8')
      .split('\n')
      .filter((line) => line.includes(what)).length;
  const HEADER = '# gpu         pid   type     sm    mem    enc    dec    jpg    ofa    command\n# Idx           #    C/G      %      %\n';
  const MEMORY_HEADER =
    '# gpu   pid   type     sm    mem    enc    dec    jpg    ofa     fb   ccpm    command\n# Idx     #    C/G      %      %\n';
  const working = (...pids: readonly number[]): PoolUse => ({ ...NO_POOL_USE, pids, jobAtMonotonicMs: systemClock.monotonicMs() });

  beforeEach(() => {
    copyFileSync(join(fixtures, 'bin/nvidia-smi'), inBin('nvidia-smi'));
    chmodSync(inBin('nvidia-smi'), 0o755);
    copyFileSync(join(fixtures, 'nvidia/h100-busy.csv'), inBin('query.stdout'));
  });

  /** Loads until the process list of nvidia-smi was used: then the owner's load of the GPU is known. */
  async function untilKnown(measured: HardwareProber, use: () => PoolUse): Promise<LoadReport> {
    let report = await measured.load(use());
    await until('the list of processes', async () => {
      report = await measured.load(use());
      return report.ownerGpuPercent !== null;
    }, LIMIT_MS); // oxfmt-ignore
    return report;
  }

  it('no pool job -> the total; the programs once in 30 s', async () => {
    const [own, owner] = [await run(PARENT), await run(BUSY)];
    const rows = ` 0 ${String(owner.pid)} C 60 1 - - - - 2048 0 game\n 0 ${String(own.pid)} C - - - - - - 1024 0 muster\n`;
    writeFileSync(inBin('pmon.stdout'), MEMORY_HEADER + rows);
    const measured = prober('nvidia');
    await measured.inventory();
    const use = { ...NO_POOL_USE, pids: [own.pid] };
    let report = await measured.load(use);
    expect(report).toMatchObject({ ownerGpuPercent: 100 });
    await until('the list of programs', async () => {
      report = await measured.load(use);
      return report.shares[0]?.programs !== null;
    }, LIMIT_MS); // oxfmt-ignore
    expect(report.shares[0]).toMatchObject({
      poolMemoryGb: 1,
      programs: {
        list: [
          { pid: owner.pid, percent: 60, memoryGb: 2, isPool: false },
          { pid: own.pid, percent: null, memoryGb: 1, isPool: true },
        ],
      },
    });
    expect(asked('pmon')).toBe(1);
  });

  it('pool job and a program of the owner -> the part of the owner', async () => {
    const job = await run(PARENT);
    const owner = await run(BUSY);
    writeFileSync(inBin('pmon.stdout'), `${HEADER} 0 ${job.line} C 60 1 - - - - job\n 0 ${String(owner.pid)} C+G 20 1 - - - - game\n`);
    const measured = prober('nvidia');
    await measured.inventory();
    expect(await untilKnown(measured, () => working(job.pid))).toMatchObject({ ownerGpuPercent: 25 });
    expect(asked('pmon')).toBe(1);
  });

  it('pmon fails -> the list of computing programs: the pool is not on the card, so the total', async () => {
    const owner = await run(BUSY);
    writeFileSync(inBin('apps.stdout'), `${String(owner.pid)}, GPU-00000000-0000-0000-0000-000000000000, 21354\n`);
    const measured = prober('nvidia');
    await measured.inventory();
    expect(await untilKnown(measured, () => working(process.pid + 1_000_000))).toMatchObject({ ownerGpuPercent: 100 });
    expect([asked('pmon'), asked('compute-apps')]).toEqual([1, 1]);
  });

  it('pmon hangs -> killed; the readings come in time, with the last value', async () => {
    const measured = prober('nvidia');
    await measured.inventory();
    writeFileSync(inBin('hang-pmon'), '');
    expect(await measured.load(NO_POOL_USE)).toMatchObject({ ownerGpuPercent: 100 });
    for (let reading = 0; reading < 3; reading++)
      expect(await measured.load(working(1))).toMatchObject({ ownerGpuPercent: 100, gpus: [{ available: true }] });
    await until('the process id of pmon', () => existsSync(inBin('pid')), LIMIT_MS);
    const pid = Number(readFileSync(inBin('pid'), 'utf8'));
    await until('the end of pmon', () => !existsSync(`/proc/${String(pid)}`), LIMIT_MS);
  });
});
