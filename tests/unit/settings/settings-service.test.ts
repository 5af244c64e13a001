import { chmod, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { MusterConfig } from '../../../src/main/platform/config/config';
import { loadConfig } from '../../../src/main/platform/config/load-config';
import type { LogFields, LogLevel } from '../../../src/main/platform/logger';
import { musterPaths } from '../../../src/main/platform/paths';
import { SettingsService, type SettingsServiceOptions } from '../../../src/main/settings/settings-service';
import { ManualClock } from '../../support/manual-clock';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'muster-settings-'));
  file = path.join(folder, 'config.toml');
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

interface OpenOptions extends Partial<SettingsServiceOptions> {
  readonly toml?: string;
  readonly env?: Record<string, string>;
  readonly flags?: Record<string, string>;
}

async function open({ toml, env = {}, flags = {}, ...rest }: OpenOptions = {}) {
  if (toml !== undefined) await writeFile(file, toml);
  const sources = { flags, env, configFile: file, explicitFile: false };
  const loaded = await loadConfig(sources);
  if (!loaded.ok) throw new Error(loaded.error.reason);
  const clock = new ManualClock();
  const logged: [LogLevel, string, LogFields | undefined][] = [];
  const levels: LogLevel[] = [];
  const agents: MusterConfig['agent'][] = [];
  const hosts: MusterConfig['server'][] = [];
  const schedulers: MusterConfig[] = [];
  const desktops: MusterConfig['desktop'][] = [];
  const logger = {
    log: (level: LogLevel, event: string, fields?: LogFields) => void logged.push([level, event, fields]),
    isEnabled: () => true,
    setLevel: (level: LogLevel) => void levels.push(level),
  };
  const paths = musterPaths(folder);
  const service = new SettingsService({
    sources,
    loaded: loaded.value,
    paths,
    clock,
    logger,
    hasAgent: true,
    hasSchedulerChild: true,
    ...rest,
  });
  await service.start({
    configureAgent: ({ agent }) => void agents.push(agent),
    configureDesktop: ({ desktop }) => void desktops.push(desktop),
    configureScheduler: (config) => void schedulers.push(config),
    onSchedulerSettings: ({ server }) => void hosts.push(server),
  });
  const view = (key: string) => service.list().settings.find((setting) => setting.key === key);
  return { service, view, clock, logged, levels, agents, hosts, schedulers, desktops };
}

/** Lets the service look at the file until the condition holds. */
const look = (clock: ManualClock, until: () => void): Promise<void> =>
  vi.waitFor(() => {
    clock.advance(2000);
    until();
  });

test('list: value and origin of each source, when a change applies', async () => {
  const { view, service } = await open({
    toml: '# mine\n[agent]\nmax_concurrent_jobs = 2\n[log]\nlevel = "warn"\n',
    env: { MUSTER_LOG_LEVEL: 'error' },
    flags: { port: '7099' },
    chosenInApp: () => ({ 'server.announce': false }),
  });
  expect(view('agent.max_concurrent_jobs')).toMatchObject({ value: 2, default: 4, origin: { from: 'file', line: 3 }, applies: 'at_once' });
  expect(view('log.level')).toMatchObject({
    value: 'error',
    origin: { from: 'env', name: 'MUSTER_LOG_LEVEL' },
    choices: ['debug', 'info', 'warn', 'error'],
  });
  expect(view('server.port')).toMatchObject({ value: 7099, origin: { from: 'flag', name: '--port' }, applies: 'restart_scheduler' });
  expect(view('server.announce')).toMatchObject({ value: false, origin: { from: 'app' } });
  expect(view('agent.name')).toMatchObject({ value: null, origin: { from: 'default' } });
  expect(service.list()).toMatchObject({ file, fault: null, folders: { config: folder, logs: path.join(folder, 'logs') } });
});

test('list: no agent in the program -> no settings of an agent; no child -> the scheduler needs a restart of Muster', async () => {
  const { service, view } = await open({ hasAgent: false, hasSchedulerChild: false });
  expect(service.list().settings.filter(({ key }) => /^(agent|runtimes)\./.test(key))).toEqual([]);
  expect(view('server.port')?.applies).toBe('restart');
});

test('set: agent setting -> in the file, the agent has it at once, logged', async () => {
  const { service, view, agents, hosts, levels, logged } = await open({ toml: '[agent] # a\nname = "x"\n' });
  expect(await service.set([{ key: 'agent.limits.gpu_percent', value: 45 }])).toMatchObject({
    ok: true,
    value: { value: 45, origin: { from: 'file', line: 5 } },
  });
  expect(await readFile(file, 'utf8')).toBe('[agent] # a\nname = "x"\n\n[agent.limits]\ngpu_percent = 45\n');
  expect(agents.map(({ limits }) => limits.gpuPercent)).toEqual([45]);
  expect([hosts, levels]).toEqual([[], []]);
  expect(view('agent.limits.gpu_percent')).not.toHaveProperty('running');
  expect(logged).toEqual([['info', 'settings_changed', { keys: ['agent.limits.gpu_percent'], wait_for_restart: [] }]]);

  expect(await service.set([{ key: 'agent.limits.gpu_percent', value: null }])).toMatchObject({
    ok: true,
    value: { value: null, origin: { from: 'default' } },
  });
  expect(agents.at(-1)?.limits.gpuPercent).toBe(null);
});

test('set: log level -> the logger has it', async () => {
  const { service, levels } = await open();
  await service.set([{ key: 'log.level', value: 'debug' }]);
  expect(levels).toEqual(['debug']);
});

test('set: scheduler setting -> waits, with the running value beside it, until the scheduler starts', async () => {
  const { service, view, agents, hosts } = await open();
  expect(await service.set([{ key: 'server.port', value: 7081 }])).toMatchObject({ ok: true, value: { value: 7081, running: 7080 } });
  expect([agents, hosts.map(({ port }) => port)]).toEqual([[], [7081]]);
  service.schedulerStarted();
  expect(view('server.port')).toMatchObject({ value: 7081 });
  expect(view('server.port')).not.toHaveProperty('running');
});

test('set: limit of the pool -> the scheduler has it at once, without the settings that wait for a restart', async () => {
  const { service, view, schedulers, hosts } = await open();
  await service.set([{ key: 'scheduler.job_timeout_seconds', value: 60 }]);
  hosts.length = 0;
  await service.set([{ key: 'scheduler.load_balancer.gpu_threshold', value: 40 }]);
  expect(view('scheduler.load_balancer.gpu_threshold')).toMatchObject({ value: 40, applies: 'at_once' });
  expect(view('scheduler.load_balancer.gpu_threshold')).not.toHaveProperty('running');
  expect(view('scheduler.job_timeout_seconds')).toMatchObject({ value: 60, running: 300, applies: 'restart_scheduler' });
  const [scheduler] = schedulers.map((config) => config.scheduler);
  expect([scheduler?.loadBalancer.gpuThreshold, scheduler?.jobTimeoutSeconds, schedulers.length, hosts]).toEqual([40, 300, 1, []]);
  expect(await service.set([{ key: 'scheduler.load_balancer.gpu_threshold', value: 101 }])).toMatchObject({ ok: false });
  expect(schedulers).toHaveLength(1);
});

test('set: setting read at the start -> waits, and the agent keeps the old value with a later change', async () => {
  const { service, view, agents } = await open();
  await service.set([{ key: 'agent.simulate_gpu', value: 'RTX 4090:24' }]);
  await service.set([{ key: 'agent.name', value: 'x' }]);
  service.schedulerStarted();
  expect(view('agent.simulate_gpu')).toMatchObject({ value: 'RTX 4090:24', running: null, applies: 'restart' });
  expect(agents).toMatchObject([{ name: 'x', simulateGpu: null }]);
});

test.each<[key: string, value: string | number | boolean | string[], problem: string]>([
  ['agent.limits.mem_percent', 190, 'out_of_range'],
  ['agent.max_concurrent_jobs', 1.5, 'out_of_range'],
  ['agent.max_concurrent_jobs', '3', 'out_of_range'],
  ['agent.share', 'often', 'not_expected'],
  ['agent.accept_public_jobs', 'yes', 'not_expected'],
  ['agent.simulate_gpu', 'RTX', 'not_expected'],
  ['agent.name', 'a\u0000b', 'not_expected'],
  ['agent.model_folders', ['\uD800'], 'not_expected'],
  ['agent.scheduler', 'muster://h/join#key=mi_secret', 'not_expected'],
  ['runtimes.urls', ['http://user:secret@127.0.0.1:1'], 'not_expected'],
  ['runtimes.urls', ['http://10.0.0.9:1'], 'conflict'],
  ['server.tls_cert_file', '/c.pem', 'conflict'],
  ['scheduler.node_health.heartbeat_interval_seconds', 50, 'conflict'],
])('set: %s = %j -> %s, nothing is written', async (key, value, problem) => {
  const { service, agents } = await open();
  expect(await service.set([{ key, value }])).toMatchObject({ ok: false, error: { code: 'SETTING_REFUSED', details: { key, problem } } });
  await expect(readFile(file)).rejects.toMatchObject({ code: 'ENOENT' });
  expect(agents).toEqual([]);
});

test('set: a conflict names the other setting; both together are accepted', async () => {
  const { service } = await open();
  const related = (key: string) => ({ ok: false, error: { details: { related: key } } });
  expect(await service.set([{ key: 'server.tls_key_file', value: '/k.pem' }])).toMatchObject(related('server.tls_cert_file'));
  expect(await service.set([{ key: 'server.tls_cert_file', value: '/c.pem' }])).toMatchObject(related('server.tls_key_file'));
  const both = [
    { key: 'server.tls_cert_file', value: '/c.pem' },
    { key: 'server.tls_key_file', value: '/k.pem' },
  ];
  expect(await service.set(both)).toMatchObject({ ok: true, value: { key: 'server.tls_cert_file', value: '/c.pem' } });
});

test('set: overridden by a flag, a variable or the app -> refused with its name; unknown key -> NOT_FOUND', async () => {
  const { service } = await open({
    env: { MUSTER_AGENT_NAME: 'e' },
    flags: { port: '1' },
    chosenInApp: () => ({ 'server.announce': true }),
  });
  const reasons = await Promise.all(
    (['agent.name', 'server.port', 'server.announce'] as const).map((key) => service.set([{ key, value: null }])),
  );
  const refused = (reason: string | null) => ({
    ok: false,
    error: { code: 'SETTING_REFUSED', details: { problem: 'overridden', reason } },
  });
  expect(reasons).toMatchObject([refused('MUSTER_AGENT_NAME'), refused('--port'), refused(null)]);
  expect(await service.set([{ key: 'agent.nmae', value: 'x' }])).toMatchObject({
    ok: false,
    error: { code: 'NOT_FOUND', details: { key: 'agent.nmae' } },
  });
});

test('watch: another program edits the file -> applied within two seconds', async () => {
  const { clock, agents, view } = await open({ toml: '[agent]\nmax_concurrent_jobs = 2\n' });
  await writeFile(file, '[agent]\nmax_concurrent_jobs = 3\n[server]\nport = 7081\n');
  await utimes(file, 5, 5);
  await look(clock, () => {
    expect(agents.map(({ maxConcurrentJobs }) => maxConcurrentJobs)).toEqual([3]);
  });
  expect(view('server.port')).toMatchObject({ value: 7081, running: 7080 });
});

test('watch: another program edits the file directly after a change here -> its edit is applied, too', async () => {
  const { service, clock, agents } = await open();
  await service.set([{ key: 'agent.max_concurrent_jobs', value: 2 }]);
  await writeFile(file, '[agent]\nmax_concurrent_jobs = 3\n');
  await look(clock, () => {
    expect(agents.map(({ maxConcurrentJobs }) => maxConcurrentJobs)).toEqual([2, 3]);
  });
});

test('reload that has begun before a change here -> its older content is not applied after the change', async () => {
  const { service, agents, view } = await open({ toml: '[agent]\nmax_concurrent_jobs = 2\n' });
  await Promise.all([service.reload(), service.set([{ key: 'agent.max_concurrent_jobs', value: 3 }]), service.reload()]);
  expect(agents.map(({ maxConcurrentJobs }) => maxConcurrentJobs)).toEqual([3]);
  expect(view('agent.max_concurrent_jobs')?.value).toBe(3);
});

test('list: the choices of the app are read once', async () => {
  const chosenInApp = vi.fn(() => ({ 'server.announce': false }));
  const { service } = await open({ chosenInApp });
  chosenInApp.mockClear();
  service.list();
  expect(chosenInApp).toHaveBeenCalledTimes(1);
});

test('watch: the file becomes invalid -> the settings stay, the fault is shown and logged once; valid again -> gone', async () => {
  const { clock, service, logged, agents } = await open({ toml: '[agent]\nname = "a"\n' });
  await writeFile(file, '[agent]\nname = 1\n');
  await look(clock, () => {
    expect(service.list().fault).toEqual({ line: 2, key: 'agent.name', reason: 'expected a text in quotes' });
  });
  await utimes(file, 6, 6);
  await service.reload();
  expect(logged.map(([level, event]) => [level, event])).toEqual([['warn', 'settings_file_invalid']]);
  expect(await service.set([{ key: 'agent.share', value: 'idle' }])).toMatchObject({
    ok: false,
    error: { details: { problem: 'file_invalid' } },
  });
  await rm(file);
  await look(clock, () => {
    expect(service.list().fault).toBe(null);
  });
  expect(agents.map(({ name }) => name)).toEqual([null]);
});

test('desktop app: its settings are shown and apply at once; another program does not show them', async () => {
  const { service, view, desktops, agents } = await open({ isDesktop: true });
  expect(view('desktop.on_close')).toMatchObject({
    value: 'ask',
    section: 'desktop',
    choices: ['ask', 'tray', 'quit'],
    applies: 'at_once',
  });
  expect(await service.set([{ key: 'desktop.on_close', value: 'tray' }])).toMatchObject({ ok: true });
  expect(await service.set([{ key: 'desktop.notify_paused', value: false }])).toMatchObject({ ok: true });
  expect(desktops).toMatchObject([{ onClose: 'tray' }, { onClose: 'tray', notify: { paused: false, joined: true } }]);
  expect(agents).toEqual([]);
  expect(await service.set([{ key: 'desktop.on_close', value: 'explode' }])).toMatchObject({ ok: false });
  expect(desktops).toHaveLength(2);
  expect((await open()).view('desktop.on_close')).toBeUndefined();
});

test('set: file is read-only -> refused with its path', async () => {
  const { service } = await open({ toml: '' });
  await chmod(file, 0o444);
  expect(await service.set([{ key: 'agent.name', value: 'x' }])).toMatchObject({
    ok: false,
    error: { code: 'SETTING_REFUSED', details: { problem: 'file_read_only', reason: file } },
  });
});
