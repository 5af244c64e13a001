// The owner's view of the GPUs: history over restarts, programs, and which GPUs are offered. A real agent with scripted
// hardware, and a scripted scheduler over a real socket.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Agent } from '../../src/main/agent/agent';
import { configuredChoice } from '../../src/main/agent/core/gpu-choice';
import { gpuHandlers } from '../../src/main/app-api/gpu-handlers';
import { settingWriter } from '../../src/main/app-api/setting-writer';
import { known, NOTHING_REPORTED } from '../../src/main/hardware/parse/reading';
import { loadConfig } from '../../src/main/platform/config/load-config';
import { musterPaths } from '../../src/main/platform/paths';
import { SettingsService } from '../../src/main/settings/settings-service';
import { gpuHistorySchema, gpuProcessesSchema } from '../../src/shared/api/gpu';
import { linkIs, useAgentBench } from '../support/agent-bench';
import { gpu } from '../support/fake-hardware';
import { until } from '../support/until';

const bench = useAgentBench();
const inState = (name: string) => path.join(bench().folder, name);
const live = (use: number, usedGb: number) => ({
  ...NOTHING_REPORTED,
  utilizationPercent: known(use),
  memoryUsedGb: known(usedGb),
  memoryTotalGb: known(24),
  powerW: known(200),
});
const A = gpu({ live: live(80, 10) });
const B = gpu({ key: 'GPU-b', uuid: 'GPU-b', index: 1, name: 'second', live: live(5, 1) });

const events = (name: string) => bench().lines.filter(({ event }) => event === name);

describe('history', () => {
  test('each reading with its parts; kept over a restart, with the gap of it', async () => {
    const { hardware, clock } = bench();
    hardware.adapters = [A];
    hardware.share = { ownerPercent: 20, ownerMeanPercent: 20, poolMemoryGb: 6, programs: null };
    const agent = await bench().open();
    await agent.start();
    await bench().readLoads(3);
    const before = gpuHistorySchema.parse(agent.gpuHistory('5m'));
    expect(before.times).toHaveLength(4);
    expect(before.gpus).toEqual([
      {
        key: 'GPU-a',
        use_percent: [80, 80, 80, 80],
        pool_percent: [60, 60, 60, 60],
        owner_percent: [20, 20, 20, 20],
        memory_used_gb: [10, 10, 10, 10],
        pool_memory_gb: [6, 6, 6, 6],
        owner_memory_gb: [4, 4, 4, 4],
        temperature_c: [null, null, null, null],
        power_w: [200, 200, 200, 200],
      },
    ]);
    expect(before.cpu).toMatchObject({ percent: [12, 12, 12, 12], owner_percent: [12, 12, 12, 12], memory_percent: [34, 34, 34, 34] });
    clock.sleep(60_000);
    const after = await bench().restarted(agent);
    const shown = after.gpuHistory('5m');
    expect(shown.gpus[0]?.use_percent).toEqual([80, 80, 80, 80, null, 80]);
    expect((shown.times[5] ?? 0) - (shown.times[3] ?? 0)).toBeGreaterThanOrEqual(60_000);
    expect(gpuHistorySchema.parse(after.gpuHistory('24h')).gpus[0]?.use_percent.at(-1)).toBe(80);
  });

  test('a card that hangs -> a gap, not 0; old figures are not repeated', async () => {
    const { hardware } = bench();
    hardware.adapters = [A];
    const agent = await bench().open();
    await agent.start();
    hardware.fault = 'gpu_lost';
    await bench().readLoads(1);
    hardware.fault = null;
    hardware.ageMs = 4000;
    await bench().readLoads(2);
    hardware.ageMs = 0;
    await bench().readLoads(1);
    expect(agent.gpuHistory('5m').gpus[0]?.use_percent).toEqual([80, null, 80]);
  });

  test.each([
    ['damaged', () => 'not a history'],
    ['cut', () => readFileSync(inState('load-history.bin')).subarray(0, 5000)],
  ])('file %s -> an empty history and a log line; the agent starts', async (_title, content) => {
    const agent = await bench().open();
    await agent.start();
    await agent.stop({ timeoutMs: 0 });
    bench().agents.length = 0;
    writeFileSync(inState('load-history.bin'), content());
    const next = await bench().open();
    expect(next.gpuHistory('1h').times).toEqual([]);
    expect(events('load_history_forgotten')).toMatchObject([{ level: 'warn', fields: { reason: 'damaged' } }]);
    await next.start();
  });
});

test('programs: their names are in no message to the scheduler', async () => {
  const { hardware } = bench();
  hardware.adapters = [A];
  hardware.share = {
    ...hardware.share,
    programs: { list: [{ pid: 7, name: 'private-name', percent: 60, memoryGb: 9.1, isPool: false }], ageMs: 0 },
  };
  const agent = await bench().connected();
  const connection = await bench().scheduler.connection(0);
  expect(JSON.stringify(agent.gpuProcesses())).toContain('private-name');
  await bench().readLoads(8);
  connection.send({ type: 'load_request', node_id: 'node-1' });
  await until('heartbeats', () => connection.received.filter(({ type }) => type === 'node_heartbeat').length > 2);
  expect(JSON.stringify(connection.received)).not.toContain('private-name');
  expect(JSON.stringify(agent.view())).not.toContain('private-name');
});

test('programs: while they are looked at, the probe lists them often; then no more', async () => {
  const { hardware, clock } = bench();
  const agent = await bench().open();
  await agent.start();
  expect(agent.gpuProcesses().gpus).toEqual([{ key: 'GPU-a', programs: null, read_at: null }]);
  const program = { pid: 7, name: 'game', percent: 60, memoryGb: 9.1, isPool: false };
  hardware.share = { ...hardware.share, programs: { list: [program], ageMs: 400 } };
  await bench().readLoads(1);
  expect(hardware.isViewed).toBe(true);
  expect(gpuProcessesSchema.parse(agent.gpuProcesses())).toEqual({
    gpus: [
      {
        key: 'GPU-a',
        read_at: clock.wallMs() - 400,
        programs: [{ pid: 7, name: 'game', gpu_percent: 60, memory_gb: 9.1, is_pool: false }],
      },
    ],
  });
  await bench().readLoads(8);
  expect(hardware.isViewed).toBe(false);
});

describe('offered GPUs', () => {
  const configFile = () => path.join(bench().folder, 'config.toml');

  /** The settings of the agent, in a real file; and the operation. */
  async function withSettings(agent: Agent, env: Readonly<Record<string, string>> = {}) {
    const sources = { flags: {}, env, configFile: configFile(), explicitFile: false };
    const loaded = await loadConfig(sources);
    if (!loaded.ok) throw new Error(loaded.error.reason);
    const { clock } = bench();
    const logger = { log: () => undefined, isEnabled: () => true, setLevel: () => undefined };
    const paths = musterPaths(bench().folder);
    const settings = new SettingsService({ sources, loaded: loaded.value, paths, clock, logger, hasAgent: true, hasSchedulerChild: false });
    await settings.start({
      configureAgent: ({ agent: { gpus, vramLimitsGb } }) => {
        agent.configure({ ...bench().optionsOf(), gpus: configuredChoice(gpus, vramLimitsGb) });
      },
    });
    onTestFinished(() => {
      settings.stop();
    });
    return gpuHandlers(agent, settingWriter(agent, settings))['gpu.offer'];
  }

  async function connected() {
    bench().hardware.adapters = [A, B];
    bench().hardware.share = { ownerPercent: 88, ownerMeanPercent: 88, poolMemoryGb: 2, programs: null };
    const agent = await bench().started();
    const connection = await bench().scheduler.connection(0);
    const registration = await connection.accept();
    await linkIs(agent, 'connected');
    return { agent, connection, registration, offer: await withSettings(agent) };
  }

  const offeredOf = (agent: Agent) => agent.view().hardware?.gpus.map(({ offered, vram_limit_gb: limit }) => [offered, limit]);

  test('not offered -> registered again without it at once; written to the file with its comments', async () => {
    writeFileSync(configFile(), '# mine\n[agent]\nname = "kai" # short\n');
    const { agent, connection, registration, offer } = await connected();
    expect(registration.hardware.gpus.map(({ uuid }) => uuid)).toEqual(['GPU-a', 'GPU-b']);
    expect(await offer({ key: 'GPU-a', offered: false })).toEqual({ ok: true, value: {} });
    expect(offeredOf(agent)).toEqual([
      [false, null],
      [true, null],
    ]);
    bench().clock.advance(1000);
    const again = await connection.accept();
    expect(again.hardware.gpus.map(({ uuid }) => uuid)).toEqual(['GPU-b']);
    const written = readFileSync(configFile(), 'utf8');
    expect(written).toMatch(/^# mine\n\[agent\]\nname = "kai" # short\n/);
    expect(written).toContain('gpus = ["GPU-b"]');
  });

  test('limit of the memory -> registered with it, and the heartbeat leaves only the rest free', async () => {
    const { agent, connection, offer } = await connected();
    await offer({ key: 'GPU-a', vram_limit_gb: 16 });
    bench().clock.advance(1000);
    const registration = await connection.accept();
    expect(registration.hardware.gpus.map(({ memory_gb }) => memory_gb)).toEqual([16, 24]);
    // The pool holds 2 GB of its 16 GB, and the card has 14 GB free.
    const heartbeat = connection.received.findLast((message) => message.type === 'node_heartbeat');
    expect(heartbeat?.gpus?.[0]).toMatchObject({ memory_used_gb: 2, memory_total_gb: 16 });
    expect(agent.view().hardware?.gpus[0]).toMatchObject({ vram_limit_gb: 16, memory_gb: 24, pool_memory_gb: 2, owner_memory_gb: 8 });
    await offer({ key: 'GPU-a', vram_limit_gb: null });
    expect(offeredOf(agent)?.[0]).toEqual([true, null]);
  });

  test('the last offered GPU, an unknown GPU -> refused, nothing changes', async () => {
    const { agent, offer } = await connected();
    await offer({ key: 'GPU-a', offered: false });
    expect(await offer({ key: 'GPU-b', offered: false })).toMatchObject({
      error: { code: 'INVALID_STATE', details: { reason: 'last_gpu' } },
    });
    expect(await offer({ key: 'GPU-x', offered: true })).toMatchObject({ error: { code: 'NOT_FOUND', details: { gpu: 'GPU-x' } } });
    expect(offeredOf(agent)?.map(([offered]) => offered)).toEqual([false, true]);
  });

  test('two changes at once -> both hold', async () => {
    const { agent, offer } = await connected();
    await Promise.all([offer({ key: 'GPU-a', offered: false }), offer({ key: 'GPU-b', vram_limit_gb: 8 })]);
    expect(offeredOf(agent)).toEqual([
      [false, null],
      [true, 8],
    ]);
  });

  test('set by an environment variable -> refused with its name, nothing changes', async () => {
    bench().hardware.adapters = [A, B];
    const agent = await bench().open();
    await agent.start();
    const offer = await withSettings(agent, { MUSTER_AGENT_GPUS: '0' });
    expect(await offer({ key: 'GPU-b', offered: true })).toMatchObject({
      error: { code: 'SETTING_REFUSED', details: { problem: 'overridden', reason: 'MUSTER_AGENT_GPUS' } },
    });
  });

  test('configured GPUs: by name; a name that no GPU has -> a log line', async () => {
    bench().hardware.adapters = [A, B];
    const agent = await bench().open({ gpus: { gpus: ['second', 'gone'], vramLimits: [] } });
    await agent.start();
    expect(offeredOf(agent)?.map(([offered]) => offered)).toEqual([false, true]);
    expect(events('chosen_gpus_not_found')).toMatchObject([{ fields: { gpus: ['gone'] } }]);
  });
});
