// The command line of the built program: exit codes, stdout and stderr, tokens, and no secret in any output.
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { withoutGpu } from '../support/no-gpu';
import { reservePort } from '../support/reserved-port';
import { until } from '../support/until';
import { WAIT_LIMIT_MS } from '../support/within';
import { useLab } from '../support/use-lab';

const FREE_PORT = '[server]\nport = 0\n[scheduler.node_health]\nheartbeat_interval_seconds = 0.5\nheartbeat_timeout_seconds = 2\n';
const GPU = ['--simulate-gpu', 'RTX 4090:24'];

const lab = useLab();

describe('exit codes', () => {
  test('exit code 2: invalid command line, nothing started', async () => {
    expect(await lab().run(['schedular'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('did you mean "scheduler"?'),
    });
    expect(await lab().run(['scheduler', '--prot', '1'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('did you mean --port?'),
    });
    expect(await lab().run(['agent', '--data-dir', lab().dataDir('a'), ...GPU])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining("--scheduler 'wss://HOST:7080#pin="),
    });
    expect(await lab().run(['pool', '--data-dir', lab().dataDir('b', FREE_PORT), '--simulate-gpu', 'RTX'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--simulate-gpu: agent.simulate_gpu: expected "NAME:GB"'),
    });
  });

  test('exit code 3: invalid configuration, with file, line and key', async () => {
    const folder = lab().dataDir('a', '[scheduler.node_health]\nheartbeat_timeout_seconds = 1\n');
    for (const command of ['scheduler', 'pool', 'doctor', 'nodes']) {
      const { code, stderr } = await lab().run([command, '--data-dir', folder]);
      expect([command, code, stderr]).toEqual([
        command,
        3,
        expect.stringContaining(`${folder}/config.toml:2: scheduler.node_health.heartbeat_timeout_seconds: `),
      ]);
    }
  });

  test('exit code 5: no listener; exit code 6: refused by the scheduler', async () => {
    const folder = lab().dataDir('a', FREE_PORT);
    const scheduler = lab().start(['scheduler', '--data-dir', folder]);
    const url = await scheduler.url();
    await until('the address', () => existsSync(path.join(folder, 'scheduler.json')));
    // The port of the configuration is 0: the command finds the running scheduler.
    expect(await lab().run(['drain', 'no-such-node', '--data-dir', folder])).toMatchObject({
      code: 6,
      stdout: '',
      stderr: expect.stringContaining('no-such-node: no node has this ID'),
    });
    await scheduler.end();
    expect(await lab().run(['nodes', '--url', url])).toMatchObject({
      code: 5,
      stdout: '',
      stderr: expect.stringContaining('ECONNREFUSED'),
    });
    expect(await lab().run(['nodes', '--data-dir', folder])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no scheduler is found on this data folder'),
    });
  });

  test('exit code 1: port in use, named with its program in the log and on stderr', async () => {
    const url = await lab()
      .start(['scheduler', '--data-dir', lab().dataDir('a', FREE_PORT)])
      .url();
    const { port } = new URL(url);
    const second = lab().start(['scheduler', '--data-dir', lab().dataDir('b'), '--port', port]);
    // Only Linux names the program that has the port.
    const program = process.platform === 'linux' ? { program: path.basename(process.execPath) } : {};
    const named = process.platform === 'linux' ? `the program "${path.basename(process.execPath)}"` : 'another program';
    expect(await second.line('start_failed')).toMatchObject({ level: 'error', code: 'PORT_IN_USE', port: Number(port), ...program });
    expect(await second.finished).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`${named} listens on 127.0.0.1:${port}`),
    });
  });
});

describe('output', () => {
  test('scheduler and pool: first log line is scheduler_listening, dashboard is served', async () => {
    const scheduler = lab().start(['scheduler', '--data-dir', lab().dataDir('a', FREE_PORT)]);
    const pool = lab().start(['pool', '--data-dir', lab().dataDir('b', FREE_PORT, { models: false }), ...GPU]);
    for (const started of [scheduler, pool]) {
      const url = await started.url();
      expect(started.lines[0]).toMatchObject({ event: 'scheduler_listening', url, host: '127.0.0.1', port: Number(new URL(url).port) });
      expect((await fetch(url, { signal: AbortSignal.timeout(WAIT_LIMIT_MS) })).status).toBe(200);
    }
    await pool.line('node_status_changed', { to: 'ready' });
    expect(await pool.end()).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^Dashboard: http:\/\/\S+\/#code=ms_\S+\n$/) as string,
    });
  });

  test('config show: origin of each value, as text and JSON', async () => {
    const folder = lab().dataDir('a', '[server]\nhost = "127.0.0.2"\n');
    const shown = await lab().run(['config', 'show', '--port', '1234', '--data-dir', folder], { MUSTER_LOG_LEVEL: 'warn' });
    expect(shown.code).toBe(0);
    expect(shown.stdout).toMatch(/server\.host +"127\.0\.0\.2" +\S+config\.toml:2\n/);
    const json = await lab().run(['config', 'show', '--json', '--data-dir', folder], { MUSTER_LOG_LEVEL: 'warn' });
    const { settings } = JSON.parse(json.stdout) as { settings: { key: string; origin: unknown }[] };
    expect(settings.find(({ key }) => key === 'log.level')?.origin).toEqual({ from: 'env', name: 'MUSTER_LOG_LEVEL' });
  });

  test('doctor: simulated GPU is marked, models are verified, exit code 0', async () => {
    const folder = lab().dataDir('a', FREE_PORT);
    const text = await lab().run(['doctor', '--data-dir', folder, ...GPU]);
    expect(text.stdout).toMatch(/RTX 4090 \(simulated\) +24 GB +accepted/);
    expect(text.stdout).toMatch(/example-greeting +ready +all_verified/);
    expect(text.code).toBe(0);
  });

  test('doctor: exit code 4 only without a usable GPU, with the trace of the probe', async () => {
    const { code, stdout } = await lab().run(['doctor', '--json', '--data-dir', lab().dataDir('a', FREE_PORT)]);
    const { hardware } = JSON.parse(stdout) as { hardware: { gpus: { accepted: boolean; available: boolean }[]; trace: unknown[] } };
    expect(code).toBe(hardware.gpus.some(({ accepted, available }) => accepted && available) ? 0 : 4);
    expect(hardware.trace.length).toBeGreaterThan(0);
  });

  test('doctor: no usable GPU, beside a pool whose node simulates its GPUs -> said', async () => {
    const folder = lab().dataDir('a', FREE_PORT);
    const pool = lab().start(['pool', '--data-dir', folder, ...GPU]);
    await pool.line('node_status_changed', { to: 'ready' });
    const { code, stdout } = await lab().run(['doctor', '--json', '--data-dir', folder]);
    expect(JSON.parse(stdout)).toMatchObject({ network: { is_host: true }, simulated_gpus: ['RTX 4090 24 GB'] });
    expect(code).toBe(0);
  });

  test('doctor: connection test of the scheduler, with the failed step', async () => {
    const folder = lab().dataDir('a', FREE_PORT);
    // The folder of another computer has another key.
    rmSync(path.join(folder, 'admin-token'));
    const host = lab().dataDir('b', FREE_PORT);
    const { port, release } = await reservePort();
    const ollama = { MUSTER_SERVER_OLLAMA_PORT: String(port) };
    const scheduler = lab().start(['scheduler', '--data-dir', host], ollama);
    const url = await scheduler.url();
    await scheduler.line('ollama_port_opened', { port });
    const onHost = await lab().run(['doctor', '--json', '--data-dir', host, ...GPU], ollama);
    expect(JSON.parse(onHost.stdout)).toMatchObject({
      network: { is_host: true, listen: { port: Number(new URL(url).port) }, ollama_port: { port, state: 'scheduler', is_own: true } },
    });
    const reached = await lab().run(['doctor', '--data-dir', folder, ...GPU, '--scheduler', url], ollama);
    expect([reached.code, reached.stdout]).toEqual([0, expect.stringMatching(/scheduler: protocol +passed/)]);
    expect(reached.stdout).toMatch(new RegExp(`Ollama clients at 127\\.0\\.0\\.1:${String(port)} +in use by another scheduler`));
    await scheduler.end();
    release();
    const lost = await lab().run(['doctor', '--data-dir', folder, ...GPU, '--scheduler', url]);
    expect([lost.code, lost.stdout]).toEqual([5, expect.stringMatching(/scheduler: port +failed +refused/)]);
  });
});

test('supervised daemon: stdin ends -> stops in order', async () => {
  const scheduler = lab().start(['scheduler', '--data-dir', lab().dataDir('a', FREE_PORT)], { MUSTER_SUPERVISED: '1' });
  await scheduler.url();
  scheduler.child.stdin?.end();
  await scheduler.line('stop_requested', { cause: 'stdin_ended' });
  expect(await scheduler.finished).toMatchObject({ code: 0 });
});

test('supervised daemon in an Electron utility process: message of the parent -> stops in order', async () => {
  // Such a process has a port to its parent. Here a signal sends the message of the parent.
  const port = `import { EventEmitter } from 'node:events'; process.parentPort = new EventEmitter();
    process.on('SIGUSR2', () => process.parentPort.emit('message', { data: 'stop' }));`;
  const scheduler = lab().start(['scheduler', '--data-dir', lab().dataDir('a', FREE_PORT)], {
    MUSTER_SUPERVISED: '1',
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(port)}`,
  });
  await scheduler.url();
  scheduler.child.stdin?.end();
  scheduler.signal('SIGUSR2');
  await scheduler.line('stop_requested', { cause: 'supervisor_requested' });
  expect(await scheduler.finished).toMatchObject({ code: 0 });
});

test('agent: signal during the hardware probe -> stops in order', async () => {
  const agent = lab().start(['agent', '--data-dir', lab().dataDir('a'), '--scheduler', 'ws://127.0.0.1:1', ...GPU]);
  await agent.line('link_changed', { to: 'waiting' });
  expect(await agent.end()).toMatchObject({ code: 0, stderr: '' });
});

test('daemon without supervisor: stdin ends -> continues', async () => {
  const scheduler = lab().start(['scheduler', '--data-dir', lab().dataDir('a', FREE_PORT)]);
  const url = await scheduler.url();
  scheduler.child.stdin?.end();
  expect((await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(WAIT_LIMIT_MS) })).status).toBe(200);
  expect(await scheduler.end()).toMatchObject({ code: 0 });
});

test('daemon: unhandled error -> logged, exit code 1', async () => {
  const bug = `process.on('SIGUSR2', () => void Promise.reject(new Error('a bug')));`;
  const scheduler = lab().start(['scheduler', '--data-dir', lab().dataDir('a', FREE_PORT)], {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(bug)}`,
  });
  await scheduler.url();
  scheduler.signal('SIGUSR2');
  expect(await scheduler.line('unexpected_error')).toMatchObject({ level: 'error', error: { name: 'Error', message: 'a bug' } });
  expect(await scheduler.finished).toMatchObject({ code: 1, signal: null });
});

test.skipIf(process.platform !== 'linux')('agent: no GPU -> keeps running, probes in the log', async () => {
  const none = withoutGpu(path.join(lab().folder, 'bin'));
  const url = await lab()
    .start(['scheduler', '--data-dir', lab().dataDir('scheduler', FREE_PORT)])
    .url();
  const agent = lab().start(['agent', '--data-dir', lab().dataDir('agent'), '--scheduler', url], none);
  const { probes, adapters } = await agent.line('no_usable_gpu');
  expect(probes).toEqual([
    { source: 'nvidia-smi', outcome: 'nothing', detail: 'No devices were found' },
    { source: 'sysfs', outcome: 'nothing', detail: null },
    { source: 'systeminformation', outcome: 'nothing', detail: null },
  ]);
  expect(adapters).toEqual([]);
  expect(await agent.end()).toMatchObject({ code: 0 });
});
