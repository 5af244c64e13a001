// The real probe process with a stand-in nvidia-smi that replays recordings, hangs or fails.
import { execFile } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { nodeProbeChild, type SpawnProbeChild } from '../../src/main/hardware/probe/probe-child-process';
import { HardwareProber, type ProberOptions } from '../../src/main/hardware/probe/prober';
import type { HardwareReport } from '../../src/main/hardware/parse/types';
import { toWireLoad } from '../../src/main/hardware/decide/wire-hardware';
import { systemClock } from '../../src/main/platform/clock';
import { silentLogger } from '../../src/main/platform/logger';
import { type BuiltProbe, buildProbe } from '../support/built-probe';
import { until } from '../support/until';

/** A killed child has ended after this time. */
const WAIT_LIMIT_MS = 10_000;
const root = join(import.meta.dirname, '../..');
const fixtures = join(root, 'tests/fixtures/hardware');
let built: BuiltProbe | null = null;
const scriptPath = (): string => built?.scriptPath ?? '';

/** A folder for one test: `bin` is first in PATH, `sys` and `proc` replace those of Linux. */
let machine = '';
const probers: HardwareProber[] = [];

beforeAll(async () => {
  built = await buildProbe();
});
afterAll(() => {
  built?.remove();
});

beforeEach(() => {
  machine = mkdtempSync(join(tmpdir(), 'muster-probe-'));
  for (const folder of ['bin', 'sys/bus/pci/devices', 'proc']) mkdirSync(join(machine, folder), { recursive: true });
  vi.stubEnv('PATH', `${join(machine, 'bin')}:${process.env['PATH'] ?? ''}`);
});
afterEach(() => {
  for (const prober of probers.splice(0)) prober.close();
  vi.unstubAllEnvs();
  rmSync(machine, { recursive: true, force: true });
});

const inBin = (name: string): string => join(machine, 'bin', name);
const say = (name: string, text: string): void => {
  writeFileSync(inBin(name), text);
};
const replay = (name: string, recording: string): void => {
  copyFileSync(join(fixtures, 'nvidia', recording), inBin(name));
};
const asked = (): readonly string[] =>
  readFileSync(inBin('asked'), 'utf8')
    .trim()
    .split('\n')
    // The list of computing programs is asked beside it, at any time.
    .filter((line) => line.includes('--query-gpu'));

function installNvidiaSmi(): void {
  copyFileSync(join(fixtures, 'bin/nvidia-smi'), inBin('nvidia-smi'));
  chmodSync(inBin('nvidia-smi'), 0o755);
}

function plugIn(tree: string): void {
  const devices = JSON.parse(readFileSync(join(fixtures, 'sysfs', `${tree}.json`), 'utf8')) as Record<string, Record<string, string>>;
  for (const [address, { driver, ...files }] of Object.entries(devices)) {
    const folder = join(machine, 'sys/bus/pci/devices', address);
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    if (driver !== undefined) symlinkSync(`../../drivers/${driver}`, join(folder, 'driver'));
  }
}

function proberWith({ settings, timings, spawnChild, ...options }: Partial<ProberOptions> = {}): HardwareProber {
  const prober = new HardwareProber({
    spawnChild: spawnChild ?? nodeProbeChild(scriptPath()),
    clock: systemClock,
    logger: silentLogger,
    settings: { sysfsRoot: join(machine, 'sys'), procRoot: join(machine, 'proc'), nvidiaTimeoutMs: 1500, diskPath: machine, ...settings },
    timings: { answerWithinMs: 10_000, ...timings },
    ...options,
  });
  probers.push(prober);
  return prober;
}

const outcomes = (report: HardwareReport): Readonly<Record<string, string>> =>
  Object.fromEntries(report.trace.map(({ source, outcome }) => [source, outcome]));

/** A zombie has ended; its parent has not read its exit code yet. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${String(pid)}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe.skipIf(process.platform !== 'linux')('probe process', { timeout: 30_000 }, () => {
  it('recorded H100 -> found, idle, then busy', async () => {
    installNvidiaSmi();
    replay('query.stdout', 'h100-idle.csv');
    const prober = proberWith();
    const report = await prober.inventory();
    expect(report.adapters).toMatchObject([
      { name: 'NVIDIA H100 80GB HBM3', index: 0, memoryGb: 79.6, available: true, verdict: { accepted: true } },
    ]);
    expect(outcomes(report)).toMatchObject({ 'nvidia-smi': 'found', sysfs: 'nothing' });
    expect([report.cpuCores > 0, report.memoryGb > 0, report.platform]).toEqual([true, true, 'linux']);

    const idle = toWireLoad(report, await prober.load()).resource_usage;
    expect(idle).toMatchObject({ gpu_percent: 0, gpu_mem_percent: 0 });
    expect([idle.cpu_percent, idle.mem_percent].every((percent) => percent !== null && percent >= 0 && percent <= 100)).toBe(true);
    replay('query.stdout', 'h100-busy.csv');
    const busy = await prober.load();
    expect(toWireLoad(report, busy).resource_usage).toMatchObject({ gpu_percent: 100, gpu_mem_percent: 26.2 });
    expect(busy.diskFreeGb).toBeGreaterThan(0);
  });

  it('older driver -> one more query, with fewer fields', async () => {
    installNvidiaSmi();
    say('refuse-fields', 'mig.mode.current');
    say('query.stdout', '0, GPU-1, Tesla K80, 00000000:01:00.0, 390.157, 11441, 0, 0, 30, 26.10\n');
    const prober = proberWith();
    expect((await prober.inventory()).adapters).toMatchObject([{ name: 'Tesla K80', memoryGb: 11.2, available: true }]);
    await prober.load();
    expect(asked().map((line) => line.includes('mig.mode.current'))).toEqual([true, false, false]);
  });

  it('MIG card -> its instances listed', async () => {
    installNvidiaSmi();
    replay('query.stdout', 'mig.csv');
    replay('list.stdout', 'mig-list.txt');
    const [card] = (await proberWith().inventory()).adapters;
    expect(card?.migInstances.map((instance) => instance.profile)).toEqual(['3g.40gb', '1g.10gb']);
  });

  it('nvidia-smi exits with 9 -> driver not loaded', async () => {
    installNvidiaSmi();
    replay('query.stdout', 'driver-not-loaded.txt');
    say('exit-code', '9');
    const report = await proberWith().inventory();
    expect(report.adapters.filter((adapter) => adapter.verdict.accepted)).toEqual([]);
    expect([report.faults.map((fault) => fault.code), outcomes(report)['nvidia-smi']]).toEqual([['driver_not_loaded'], 'failed']);
  });

  it('nvidia-smi hangs -> killed, reported, recovers', async () => {
    installNvidiaSmi();
    replay('query.stdout', 'two-gpus.csv');
    const prober = proberWith({ settings: { sysfsRoot: join(machine, 'sys'), procRoot: join(machine, 'proc'), nvidiaTimeoutMs: 400 } });
    const report = await prober.inventory();
    say('hang', '');
    const hung = await prober.load();
    expect(hung.gpus.map(({ available, unavailableCode }) => [available, unavailableCode])).toEqual([
      [false, 'probe_timeout'],
      [false, 'probe_timeout'],
    ]);
    expect(toWireLoad(report, hung).resource_usage.gpu_percent).toBeNull();
    expect(hung.cpuPercent).not.toBeNull();
    const pid = Number(readFileSync(inBin('pid'), 'utf8'));
    await until('the end of the program', () => !isRunning(pid), WAIT_LIMIT_MS);

    const before = asked().length;
    await prober.load();
    expect(asked().length).toBe(before);
    rmSync(inBin('hang'));
    const back = await prober.inventory();
    expect(back.adapters.map((adapter) => adapter.available)).toEqual([true, true]);
  });

  it('nvidia-smi hangs -> last readings with their age', async () => {
    installNvidiaSmi();
    replay('query.stdout', 'h100-busy.csv');
    const prober = proberWith({ timings: { answerWithinMs: 100 } });
    await prober.inventory();
    say('hang', '');
    const answer = await prober.load();
    expect(answer.ageMs).toBeGreaterThan(0);
    expect(answer.gpus).toMatchObject([{ available: true, live: { utilizationPercent: { known: true, value: 100 } } }]);
  });

  it('no answer -> process killed with its nvidia-smi, started again', async () => {
    installNvidiaSmi();
    replay('query.stdout', 'h100-idle.csv');
    const prober = proberWith({
      timings: { killMs: 1500, answerWithinMs: 10_000 },
      settings: { sysfsRoot: join(machine, 'sys'), procRoot: join(machine, 'proc'), nvidiaTimeoutMs: 60_000 },
    });
    await prober.inventory();
    say('hang', '');
    const hung = await prober.load();
    expect(hung).toMatchObject({ gpus: [{ available: false, unavailableCode: 'probe_timeout' }], faults: [{ code: 'probe_timeout' }] });
    const pid = Number(readFileSync(inBin('pid'), 'utf8'));
    await until('the end of the program', () => !isRunning(pid), WAIT_LIMIT_MS);

    rmSync(inBin('hang'));
    expect((await prober.inventory()).adapters).toMatchObject([{ available: true }]);
    expect(await prober.load()).toMatchObject({ gpus: [{ available: true }], ageMs: 0 });
  });

  it('AMD cards in sysfs -> read, with the reason of each refusal', async () => {
    plugIn('amd-desktop');
    installNvidiaSmi();
    replay('query.stdout', 'no-devices.txt');
    say('exit-code', '6');
    const prober = proberWith();
    const report = await prober.inventory();
    expect(
      report.adapters.map(({ busAddress, memoryGb, verdict }) => [busAddress, memoryGb, verdict.accepted ? 'accepted' : verdict.code]),
    ).toEqual([
      ['0000:03:00.0', 24, 'accepted'],
      ['0000:0e:00.0', 0.5, 'integrated_small'],
      ['0000:c3:00.0', null, 'display_only'],
    ]);
    expect(outcomes(report)).toMatchObject({ 'nvidia-smi': 'nothing', sysfs: 'found' });
    expect((await prober.load()).gpus).toMatchObject([{ available: true, live: { temperatureC: { known: true, value: 43 } } }]);
  });

  it('simulated GPUs -> no real GPU probed', async () => {
    installNvidiaSmi();
    replay('query.stdout', 'h100-idle.csv');
    const prober = proberWith({ simulated: [{ name: 'RTX 4090', memoryGb: 24 }] });
    const report = await prober.inventory();
    expect(report.adapters).toMatchObject([{ name: 'RTX 4090', simulated: true }]);
    expect(toWireLoad(report, await prober.load()).gpus).toMatchObject([{ index: 0, available: true }]);
    expect(existsSync(inBin('asked'))).toBe(false);
  });

  it('process names -> the names of running processes', async () => {
    const prober = proberWith();
    const here = process.title.split(' ')[0] ?? 'node';
    const alive = await prober.processesAlive(['node', here, 'no-such-process-4711']);
    expect(alive?.has('no-such-process-4711')).toBe(false);
    expect(alive?.size).toBeGreaterThan(0);
  });

  it('process cannot be started -> probe failed', async () => {
    const spawnChild: SpawnProbeChild = nodeProbeChild(scriptPath(), join(machine, 'no-such-node'));
    const prober = proberWith({ spawnChild, simulated: [] });
    const report = await prober.inventory();
    expect([report.adapters, report.faults.map((fault) => fault.code), report.cpuCores > 0]).toEqual([[], ['probe_failed'], true]);
    expect(await prober.processesAlive(['node'])).toBeNull();
  });

  it('parent killed -> process and its nvidia-smi end', async () => {
    installNvidiaSmi();
    say('hang', '');
    const settings = {
      probeGpus: true,
      sysfsRoot: join(machine, 'sys'),
      procRoot: join(machine, 'proc'),
      nvidiaTimeoutMs: 60_000,
      diskPath: null,
    };
    const program = `
      const { fork } = require('node:child_process');
      const child = fork(${JSON.stringify(scriptPath())}, [], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], detached: true });
      child.send(${JSON.stringify({ id: 1, kind: 'load', settings, ignoreBackoff: true, pool: null })});
      require('node:fs').writeSync(1, String(child.pid));`;
    const parent = execFile(process.execPath, ['-e', program]);
    let output = '';
    parent.stdout?.on('data', (text: string) => {
      output += text;
    });
    await until('the id of the program', () => existsSync(inBin('pid')) && readFileSync(inBin('pid'), 'utf8').trim() !== '', WAIT_LIMIT_MS);
    const nvidiaSmi = Number(readFileSync(inBin('pid'), 'utf8'));
    expect([isRunning(Number(output)), isRunning(nvidiaSmi)]).toEqual([true, true]);
    parent.kill('SIGKILL');
    await until('the end of both programs', () => !isRunning(Number(output)) && !isRunning(nvidiaSmi), WAIT_LIMIT_MS);
  });
});
