// The built program's command line: exit codes, where words and data go, tokens, and that no secret is ever written.
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MusterLab } from '../support/muster-process';
import { withoutGpu } from '../support/no-gpu';
import { WAIT_LIMIT_MS } from '../support/within';

const FREE_PORT = '[server]\nport = 0\n[scheduler.node_health]\nheartbeat_interval_seconds = 0.5\nheartbeat_timeout_seconds = 2\n';
const GPU = ['--simulate-gpu', 'RTX 4090:24'];

let lab: MusterLab;
beforeEach(() => {
  lab = new MusterLab();
});
afterEach(async () => {
  await lab.close();
});

const tokenIn = (folder: string, name: 'join-token' | 'admin-token' | 'submit-token') =>
  readFileSync(path.join(folder, name), 'utf8').trim();

describe('exit codes', () => {
  test('2 for a wrong command line, and nothing is started', async () => {
    expect(await lab.run(['schedular'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('did you mean "scheduler"?'),
    });
    expect(await lab.run(['scheduler', '--prot', '1'])).toMatchObject({ code: 2, stderr: expect.stringContaining('did you mean --port?') });
    expect(await lab.run(['agent', '--data-dir', lab.dataDir('a'), ...GPU])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('--scheduler ws://HOST:7080'),
    });
    expect(await lab.run(['pool', '--data-dir', lab.dataDir('b', FREE_PORT), '--simulate-gpu', 'RTX'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--simulate-gpu: agent.simulate_gpu: expected "NAME:GB"'),
    });
  });

  test('3 for an invalid configuration, with file, line and key', async () => {
    const folder = lab.dataDir('a', '[scheduler.node_health]\nheartbeat_timeout_seconds = 1\n');
    for (const command of ['scheduler', 'pool', 'doctor', 'nodes']) {
      const { code, stderr } = await lab.run([command, '--data-dir', folder]);
      expect([command, code, stderr]).toEqual([
        command,
        3,
        expect.stringContaining(`${folder}/config.toml:2: scheduler.node_health.heartbeat_timeout_seconds: `),
      ]);
    }
  });

  test('5 where nothing listens, 6 where the scheduler refuses', async () => {
    const folder = lab.dataDir('a', FREE_PORT);
    const scheduler = lab.start(['scheduler', '--data-dir', folder]);
    const url = await scheduler.url();
    expect(await lab.run(['drain', 'nobody', '--url', url])).toMatchObject({
      code: 6,
      stdout: '',
      stderr: expect.stringContaining('nobody: no node has this id'),
    });
    await scheduler.end();
    expect(await lab.run(['nodes', '--url', url])).toMatchObject({ code: 5, stdout: '', stderr: expect.stringContaining('ECONNREFUSED') });
  });

  test('1 when the port is taken, named in the log and on stderr', async () => {
    const url = await lab.start(['scheduler', '--data-dir', lab.dataDir('a', FREE_PORT)]).url();
    const { port } = new URL(url);
    const second = lab.start(['scheduler', '--data-dir', lab.dataDir('b'), '--port', port]);
    expect(await second.line('start_failed')).toMatchObject({ level: 'error', code: 'PORT_IN_USE', port: Number(port) });
    expect(await second.finished).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`another program listens on 127.0.0.1:${port}`),
    });
  });
});

describe('output', () => {
  test('the first log line of a scheduler and of a pool says where it listens, and the dashboard is there', async () => {
    const scheduler = lab.start(['scheduler', '--data-dir', lab.dataDir('a', FREE_PORT)]);
    const pool = lab.start(['pool', '--data-dir', lab.dataDir('b', FREE_PORT, { models: false }), ...GPU]);
    for (const started of [scheduler, pool]) {
      const url = await started.url();
      expect(started.lines[0]).toMatchObject({ event: 'scheduler_listening', url, host: '127.0.0.1', port: Number(new URL(url).port) });
      expect((await fetch(url, { signal: AbortSignal.timeout(WAIT_LIMIT_MS) })).status).toBe(200);
    }
    const url = await pool.url();
    await pool.line('node_status_changed', { to: 'ready' });
    expect(await pool.end()).toMatchObject({ code: 0, stderr: `Dashboard: ${url}\n` });
  });

  test('config show says where each value comes from, as text and as JSON', async () => {
    const folder = lab.dataDir('a', '[server]\nhost = "127.0.0.2"\n');
    const shown = await lab.run(['config', 'show', '--port', '1234', '--data-dir', folder], { MUSTER_LOG_LEVEL: 'warn' });
    expect(shown.code).toBe(0);
    expect(shown.stdout).toMatch(/server\.host +"127\.0\.0\.2" +\S+config\.toml:2\n/);
    const json = await lab.run(['config', 'show', '--json', '--data-dir', folder], { MUSTER_LOG_LEVEL: 'warn' });
    const { settings } = JSON.parse(json.stdout) as { settings: { key: string; origin: unknown }[] };
    expect(settings.find(({ key }) => key === 'log.level')?.origin).toEqual({ from: 'env', name: 'MUSTER_LOG_LEVEL' });
  });

  test('the doctor shows a simulated GPU as such, verifies models, and ends with 0', async () => {
    const folder = lab.dataDir('a', FREE_PORT);
    const text = await lab.run(['doctor', '--data-dir', folder, ...GPU]);
    expect(text.stdout).toMatch(/RTX 4090 \(simulated\) +24 GB +accepted/);
    expect(text.stdout).toMatch(/example-greeting +ready +all_verified/);
    expect(text.code).toBe(0);
  });

  test('the doctor ends with 4 exactly when no GPU is usable, and has looked', async () => {
    const { code, stdout } = await lab.run(['doctor', '--json', '--data-dir', lab.dataDir('a', FREE_PORT)]);
    const { hardware } = JSON.parse(stdout) as { hardware: { gpus: { accepted: boolean; available: boolean }[]; trace: unknown[] } };
    expect(code).toBe(hardware.gpus.some(({ accepted, available }) => accepted && available) ? 0 : 4);
    expect(hardware.trace.length).toBeGreaterThan(0);
  });

  test('the doctor walks the way to the scheduler and says which step fails', async () => {
    const folder = lab.dataDir('a', FREE_PORT);
    const scheduler = lab.start(['scheduler', '--data-dir', lab.dataDir('b', FREE_PORT)]);
    const url = await scheduler.url();
    const reached = await lab.run(['doctor', '--data-dir', folder, ...GPU, '--scheduler', url]);
    expect([reached.code, reached.stdout]).toEqual([0, expect.stringMatching(/scheduler: protocol +passed/)]);
    await scheduler.end();
    const lost = await lab.run(['doctor', '--data-dir', folder, ...GPU, '--scheduler', url]);
    expect([lost.code, lost.stdout]).toEqual([5, expect.stringMatching(/scheduler: port +failed +refused/)]);
  });
});

describe('a scheduler that others can reach', () => {
  test('makes its tokens, lets in who has them, and writes them nowhere', async () => {
    const folder = lab.dataDir('scheduler', FREE_PORT);
    const scheduler = lab.start(['scheduler', '--data-dir', folder, '--host', '0.0.0.0', '--log-level', 'debug']);
    const url = await scheduler.url();
    expect(scheduler.lines[0]).toMatchObject({ event: 'scheduler_listening' });
    const [join, admin, submit] = [tokenIn(folder, 'join-token'), tokenIn(folder, 'admin-token'), tokenIn(folder, 'submit-token')];
    expect(await scheduler.line('token_required', { role: 'join' })).toMatchObject({
      file: path.join(folder, 'join-token'),
      created: true,
    });
    for (const name of ['join-token', 'admin-token', 'submit-token']) expect(statSync(path.join(folder, name)).mode & 0o777).toBe(0o600);

    const without = lab.start(['agent', '--data-dir', lab.dataDir('without'), '--scheduler', url, ...GPU, '--log-level', 'debug']);
    await without.line('link_changed', { to: 'refused' });
    expect(await without.line('join_token_wanted')).toMatchObject({
      level: 'warn',
      fix: expect.stringContaining('--token-file') as string,
    });
    await scheduler.line('node_upgrade_refused', { code: 'UNAUTHORIZED' });
    const reachable = await scheduler.line('reachable_at');
    expect(reachable['join']).toMatch(/^muster agent --scheduler ws:\/\/\S+:\d+ --token-file FILE$/);
    const tokenFile = path.join(lab.folder, 'token-of-the-pool');
    writeFileSync(tokenFile, `${join}\n`);
    const member = lab.start([
      'agent',
      '--data-dir',
      lab.dataDir('with'),
      '--scheduler',
      url,
      '--token-file',
      tokenFile,
      ...GPU,
      '--log-level',
      'debug',
    ]);
    await member.line('node_status_received', { status: 'ready' });

    // Without the data folder there is no admin token; with it there is.
    const stranger = await lab.run(['nodes', '--url', url, '--data-dir', lab.dataDir('elsewhere')]);
    expect(stranger).toMatchObject({ code: 6, stdout: '', stderr: expect.stringContaining('--admin-token-file') });
    const operator = await lab.run(['nodes', '--json', '--url', url, '--data-dir', folder]);
    expect([operator.code, (JSON.parse(operator.stdout) as { nodes: unknown[] }).nodes.length]).toEqual([0, 1]);

    // The submit token is for jobs, from anywhere.
    const submitFile = path.join(folder, 'submit-token');
    const submitter = ['--url', url, '--data-dir', lab.dataDir('elsewhere'), '--admin-token-file', submitFile];
    const submitted = await lab.run(['submit', '--model', 'none', '--prompt', 'hello', '--json', ...submitter]);
    expect([submitted.code, JSON.parse(submitted.stdout)]).toMatchObject([0, { status: 'queued' }]);
    const curious = await lab.run(['nodes', ...submitter]);
    expect(curious).toMatchObject({ code: 6, stderr: expect.stringContaining('FORBIDDEN') });

    const identity = readFileSync(path.join(lab.folder, 'with', 'identity.json'), 'utf8');
    const nodeToken = /"node_token": "([^"]+)"/.exec(identity)?.[1] ?? expect.unreachable('the agent keeps its node token');
    const written = [scheduler, member, without].map(({ output }) => output).join('') + operator.stdout + operator.stderr;
    for (const secret of [join, admin, submit, nodeToken]) expect(written).not.toContain(secret);
  });

  test('narrows a token file that others could read, and says so', async () => {
    const folder = lab.dataDir('scheduler', FREE_PORT);
    const file = path.join(folder, 'join-token');
    writeFileSync(file, 'a-token-that-is-long-enough\n');
    chmodSync(file, 0o644);
    const scheduler = lab.start(['scheduler', '--data-dir', folder, '--host', '0.0.0.0']);
    expect(await scheduler.line('token_file_was_readable_by_others')).toMatchObject({ level: 'warn', role: 'join', file });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('with allow_open_lan asks nodes for nothing', async () => {
    const scheduler = lab.start([
      'scheduler',
      '--data-dir',
      lab.dataDir('scheduler', '[server]\nport = 0\nhost = "0.0.0.0"\nallow_open_lan = true\n'),
    ]);
    const url = await scheduler.url();
    await scheduler.line('open_lan');
    const agent = lab.start(['agent', '--data-dir', lab.dataDir('agent'), '--scheduler', url, ...GPU]);
    await agent.line('link_changed', { to: 'registered' });
  });
});

test('a supervised daemon ends in order when its stdin ends', async () => {
  const scheduler = lab.start(['scheduler', '--data-dir', lab.dataDir('a', FREE_PORT)], { MUSTER_SUPERVISED: '1' });
  await scheduler.url();
  scheduler.child.stdin?.end();
  await scheduler.line('stop_requested', { cause: 'stdin_ended' });
  expect(await scheduler.finished).toMatchObject({ code: 0 });
});

test("as Electron's utility process, which has no stdin, it ends in order when its parent says so", async () => {
  // What Electron gives such a process: a port to its parent. Here a signal speaks for the parent.
  const port = `import { EventEmitter } from 'node:events'; process.parentPort = new EventEmitter();
    process.on('SIGUSR2', () => process.parentPort.emit('message', { data: 'stop' }));`;
  const scheduler = lab.start(['scheduler', '--data-dir', lab.dataDir('a', FREE_PORT)], {
    MUSTER_SUPERVISED: '1',
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(port)}`,
  });
  await scheduler.url();
  scheduler.child.stdin?.end();
  scheduler.signal('SIGUSR2');
  await scheduler.line('stop_requested', { cause: 'supervisor_asked' });
  expect(await scheduler.finished).toMatchObject({ code: 0 });
});

test('a signal ends an agent in order that still looks at its hardware', async () => {
  const agent = lab.start(['agent', '--data-dir', lab.dataDir('a'), '--scheduler', 'ws://127.0.0.1:1', ...GPU]);
  await agent.line('link_changed', { to: 'waiting' });
  expect(await agent.end()).toMatchObject({ code: 0, stderr: '' });
});

test('a daemon that is not supervised lives on when its stdin ends', async () => {
  const scheduler = lab.start(['scheduler', '--data-dir', lab.dataDir('a', FREE_PORT)]);
  const url = await scheduler.url();
  scheduler.child.stdin?.end();
  expect((await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(WAIT_LIMIT_MS) })).status).toBe(200);
  expect(await scheduler.end()).toMatchObject({ code: 0 });
});

test('an error that nobody handled is logged, and ends a daemon with 1', async () => {
  const bug = `process.on('SIGUSR2', () => void Promise.reject(new Error('a bug')));`;
  const scheduler = lab.start(['scheduler', '--data-dir', lab.dataDir('a', FREE_PORT)], {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(bug)}`,
  });
  await scheduler.url();
  scheduler.signal('SIGUSR2');
  expect(await scheduler.line('unexpected_error')).toMatchObject({ level: 'error', error: { name: 'Error', message: 'a bug' } });
  expect(await scheduler.finished).toMatchObject({ code: 1, signal: null });
});

test.skipIf(process.platform !== 'linux')('an agent without a GPU stays, and its log says what was looked at', async () => {
  const none = withoutGpu(path.join(lab.folder, 'bin'));
  const url = await lab.start(['scheduler', '--data-dir', lab.dataDir('scheduler', FREE_PORT)]).url();
  const agent = lab.start(['agent', '--data-dir', lab.dataDir('agent'), '--scheduler', url], none);
  const { looked_at: lookedAt, adapters } = await agent.line('no_usable_gpu');
  expect(lookedAt).toEqual([
    { source: 'nvidia-smi', outcome: 'nothing', detail: 'No devices were found' },
    { source: 'sysfs', outcome: 'nothing', detail: null },
    { source: 'systeminformation', outcome: 'nothing', detail: null },
  ]);
  expect(adapters).toEqual([]);
  expect(await agent.end()).toMatchObject({ code: 0 });
});
