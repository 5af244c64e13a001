import { beforeEach, describe, expect, it } from 'vitest';
import { HardwareProber } from '../../../../src/main/hardware/probe/prober';
import type { LoadSample, ProbeRequest } from '../../../../src/main/hardware/probe/probe-messages';
import { silentLogger } from '../../../../src/main/platform/logger';
import { loadSample, nvidiaAnswer } from '../fixtures';
import { ManualClock } from '../../../support/manual-clock';
import { ScriptedProbeChild } from '../scripted-probe-child';

let clock = new ManualClock();
let children: ScriptedProbeChild[] = [];
/** The answers of the children. Undefined: no answer. */
let answers: Partial<Record<ProbeRequest['kind'], unknown>> = {};

beforeEach(() => {
  clock = new ManualClock();
  children = [];
  answers = {
    load: loadSample({ nvidia: nvidiaAnswer('nvidia/two-gpus.csv') }),
    identity: { cpuModel: 'A CPU', osName: 'An OS' },
    controllers: { controllers: [], appleWiredLimitMib: null, trace: [] },
    processes: ['ollama'],
  };
});

function prober(simulated: readonly { name: string; memoryGb: number }[] = []): HardwareProber {
  const spawnChild = (): ScriptedProbeChild => {
    const child = new ScriptedProbeChild();
    child.onRequest = ({ id, kind }) => {
      if (answers[kind] !== undefined) child.say({ id, ok: true, value: answers[kind] });
    };
    children.push(child);
    return child;
  };
  return new HardwareProber({ spawnChild, clock, logger: silentLogger, simulated });
}

const asked = (kind: ProbeRequest['kind']): number =>
  children.flatMap((child) => child.requests).filter((request) => request.kind === kind).length;
const states = (report: { readonly gpus: readonly { readonly available: boolean; readonly unavailableCode: string | null }[] }) =>
  report.gpus.map((gpu) => gpu.unavailableCode ?? gpu.available);

describe('prober', () => {
  it('concurrent inventories -> one inventory, child for controllers stopped', async () => {
    const hardware = prober();
    const [one, other] = await Promise.all([hardware.inventory(), hardware.inventory()]);
    expect(one).toBe(other);
    expect([asked('load'), asked('controllers'), asked('identity')]).toEqual([1, 1, 1]);
    expect(children.map((child) => child.killed)).toEqual([false, true]);
    expect(one).toMatchObject({ cpuModel: 'A CPU', osName: 'An OS', adapters: [{ index: 0 }, { index: 1 }] });
  });

  it('concurrent loads -> one measurement', async () => {
    const hardware = prober();
    await hardware.inventory();
    const [one, other] = await Promise.all([hardware.load(), hardware.load()]);
    expect(one).toEqual(other);
    expect(asked('load')).toBe(2);
    expect(states(one)).toEqual([true, true]);
  });

  it('slow child -> last figures with their age, fresh figures later', async () => {
    const hardware = prober();
    await hardware.inventory();
    delete answers['load'];
    clock.advance(4000);
    const slow = hardware.load();
    clock.advance(1000);
    expect(await slow).toMatchObject({ ageMs: 5000, cpuPercent: 4, gpus: [{ available: true }, { available: true }] });
    children[0]?.answer('load', loadSample({ nvidia: nvidiaAnswer('nvidia/two-gpus.csv') }));
    answers['load'] = loadSample({});
    expect((await hardware.load()).ageMs).toBe(0);
  });

  it('child killed -> during the backoff, load resolves at once: probe_timeout for each GPU, last figures of the machine', async () => {
    const hardware = prober();
    await hardware.inventory();
    delete answers['load'];
    const hung = hardware.load();
    clock.advance(1000);
    expect(states(await hung)).toEqual([true, true]);
    clock.advance(4000);
    const failed = await hardware.load();
    expect(states(failed)).toEqual(['probe_timeout', 'probe_timeout']);
    expect(failed).toMatchObject({ cpuPercent: 4, memPercent: 12.5, ageMs: 5000, faults: [{ code: 'probe_timeout', busAddress: null }] });
    expect(children[0]?.killed).toBe(true);
  });

  it('card lost -> kept in the next inventory', async () => {
    const hardware = prober();
    await hardware.inventory();
    answers['load'] = loadSample({ nvidia: nvidiaAnswer('nvidia/two-gpus-one-lost.txt', 15) });
    const report = await hardware.inventory();
    expect(report.adapters.map((adapter) => [adapter.index, adapter.memoryGb, adapter.unavailableCode])).toEqual([
      [0, 24, null],
      [1, 24, 'gpu_lost'],
    ]);
  });

  it('nvidia-smi hangs -> systeminformation skipped', async () => {
    answers['load'] = loadSample({
      nvidia: {
        ...nvidiaAnswer('nvidia/no-devices.txt', 6),
        outcome: 'timeout',
        faults: [{ code: 'probe_timeout', busAddress: null, detail: null }],
      },
    });
    const report = await prober().inventory();
    expect(asked('controllers')).toBe(0);
    expect(report.trace).toContainEqual({
      source: 'systeminformation',
      outcome: 'skipped',
      detail: 'not called while nvidia-smi hangs',
      durationMs: 0,
    });
    expect([report.cpuModel, report.faults.map((fault) => fault.code)]).toEqual(['A CPU', ['probe_timeout']]);
  });

  it('measurement fails -> simulated GPUs stay usable', async () => {
    const hardware = prober([{ name: 'RTX 4090', memoryGb: 24 }]);
    const report = await hardware.inventory();
    expect(report).toMatchObject({ adapters: [{ simulated: true, index: 0 }], trace: [{ source: 'simulated', outcome: 'found' }] });
    expect(children[0]?.requests[0]).toMatchObject({ settings: { probeGpus: false } });
    children[0]?.die('exited with 1');
    delete answers['load'];
    const load = hardware.load();
    clock.advance(5000);
    expect(states(await load)).toEqual([true]);
  });

  it('simulate: simulated GPUs in place of the real ones, and back; none of the others is kept as lost', async () => {
    const hardware = prober();
    await hardware.inventory();
    await hardware.load();
    await hardware.simulate([{ name: 'Simulated GPU', memoryGb: 24 }]);
    expect((await hardware.inventory()).adapters).toMatchObject([{ name: 'Simulated GPU', simulated: true }]);
    expect((await hardware.load()).gpus.map(({ key }) => key)).toEqual(['simulated-0']);
    expect(children[0]?.requests.at(-1)).toMatchObject({ settings: { probeGpus: false } });
    await hardware.simulate([]);
    expect((await hardware.inventory()).adapters).toMatchObject([
      { index: 0, simulated: false },
      { index: 1, simulated: false },
    ]);
    expect(states(await hardware.load())).toEqual([true, true]);
  });

  it('simulate: an inventory that runs ends before', async () => {
    const hardware = prober();
    const [before] = await Promise.all([hardware.inventory(), hardware.simulate([{ name: 'Simulated GPU', memoryGb: 24 }])]);
    expect(before.adapters).toHaveLength(2);
    expect((await hardware.inventory()).adapters).toHaveLength(1);
  });

  it('processesAlive: found by name; list unavailable -> null', async () => {
    const hardware = prober();
    expect(await hardware.processesAlive(['Ollama.exe', 'whisper'])).toEqual(new Set(['Ollama.exe']));
    answers['processes'] = null;
    expect(await hardware.processesAlive(['ollama'])).toBeNull();
  });

  const pool = (busy: number, pool: number): LoadSample['pool'] => ({
    cpu: { busy, total: busy === 0 ? 0 : 1000 },
    groups: [{ id: 'muster', processes: [{ pid: 1, parentPid: 0, startTicks: 1, ownTicks: pool, endedTicks: 0 }] }],
    nvidia: null,
    clients: null,
    programs: null,
  });
  const sampled = (sample: LoadSample['pool']) => loadSample({ nvidia: nvidiaAnswer('nvidia/two-gpus.csv'), pool: sample });

  it('owner load: difference of two loads, asked for the present processes of the pool', async () => {
    const hardware = prober();
    await hardware.inventory();
    const servers = [{ id: 'ollama', port: 11_434, processNames: ['ollama'], usedAtMonotonicMs: null }];
    answers['load'] = sampled(pool(0, 0));
    expect(await hardware.load({ pids: [7], ports: [7080], servers, jobAtMonotonicMs: null })).toMatchObject({ ownerCpuPercent: null });
    clock.advance(2500);
    answers['load'] = sampled(pool(500, 100));
    expect(await hardware.load({ pids: [7], ports: [7080], servers, jobAtMonotonicMs: clock.monotonicMs() })).toMatchObject({
      cpuPercent: 4,
      ownerCpuPercent: 40,
    });
    expect(children[0]?.requests.map((request) => request.kind === 'load' && request.pool)).toEqual([
      null,
      {
        pids: [7],
        ports: [7080],
        servers: [{ id: 'ollama', port: 11_434, processNames: ['ollama'] }],
        isWorking: false,
        isViewed: false,
        readsClients: false,
      },
      {
        pids: [7],
        ports: [7080],
        servers: [{ id: 'ollama', port: 11_434, processNames: ['ollama'] }],
        isWorking: true,
        isViewed: false,
        readsClients: false,
      },
    ]);
  });

  it('owner load: failed probe -> unknown, then starts again', async () => {
    const hardware = prober();
    await hardware.inventory();
    answers['load'] = sampled(pool(0, 0));
    await hardware.load();
    clock.advance(2500);
    answers['load'] = sampled(pool(500, 100));
    expect(await hardware.load()).toMatchObject({ ownerCpuPercent: 40 });
    delete answers['load'];
    const hung = hardware.load();
    clock.advance(1000);
    await hung;
    clock.advance(4000);
    expect(await hardware.load()).toMatchObject({ ownerCpuPercent: null, ownerGpuPercent: null });
    clock.advance(2000);
    answers['load'] = sampled(pool(600, 100));
    expect(await hardware.load()).toMatchObject({ ownerCpuPercent: null });
  });

  it('closed -> all children killed', async () => {
    const hardware = prober();
    await hardware.inventory();
    hardware.close();
    expect(children.every((child) => child.killed)).toBe(true);
    expect(clock.pending).toBe(0);
  });
});
