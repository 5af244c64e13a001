import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { configErrorText } from '../../../../src/main/platform/config/config-error';
import { type ConfigSources, loadConfig } from '../../../../src/main/platform/config/load-config';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'muster-config-'));
  file = path.join(folder, 'config.toml');
});
afterEach(() => rm(folder, { recursive: true }));

async function load(toml: string | null, rest: Partial<ConfigSources> = {}) {
  if (toml !== null) await writeFile(file, toml);
  return loadConfig({ flags: {}, env: {}, configFile: file, explicitFile: false, ...rest });
}

async function loaded(toml: string | null, rest: Partial<ConfigSources> = {}) {
  const outcome = await load(toml, rest);
  if (!outcome.ok) throw new Error(configErrorText(outcome.error));
  return outcome.value;
}

async function faultOf(toml: string | null, rest: Partial<ConfigSources> = {}) {
  const outcome = await load(toml, rest);
  return outcome.ok ? null : configErrorText(outcome.error).replace(folder + path.sep, '');
}

const EVERY_NOTICE = { joined: true, join_request: true, job_failed: true, node_lost: true, pool_full: true, paused: true, update: true };

describe('defaults', () => {
  test('defaults: no source -> the documented default of every key', async () => {
    const { config, origins } = await loaded(null);
    expect(config).toEqual({
      cluster: null,
      server: {
        host: '127.0.0.1',
        port: 7080,
        ollamaPort: 0,
        maxMessageBytes: 16_777_216,
        maxBodyBytes: 12_000_000,
        registrationTimeoutSeconds: 10,
        firstMessageTimeoutSeconds: 2,
        maxHandshakesPerAddress: 8,
        maxNewNodesPerMinute: 60,
        maxConnectionsPerAddress: 1024,
        allowOpenLan: false,
        allowedHosts: [],
        tlsFiles: null,
        plainHttpApi: false,
        loopback: 'open',
        announce: true,
      },
      scheduler: {
        maxConcurrentJobsPerNode: 4,
        jobTimeoutSeconds: 300,
        requiredModels: [],
        offlineRetentionSeconds: 86_400,
        neverReadyRetentionSeconds: 300,
        maxNodes: 4096,
        maxProfileBytes: 134_217_728,
        statusPushIntervalSeconds: 30,
        drainTimeoutSeconds: 3600,
        keys: { requestsPerSecond: 50, megabytesPerMinute: 600, maxQueued: 10_000, maxStreams: 256, maxPriority: 0 },
        openai: { queueTimeoutSeconds: 60, busyTimeoutSeconds: 8, modelAliases: [] },
        jobs: { maxQueued: 100_000, retentionSeconds: 604_800, maxFinished: 100_000, maxStorageMb: 10_240, keepAnswers: false },
        loadBalancer: { strategy: 'predicted', holdJobs: true, cpuThreshold: null, gpuThreshold: null, memoryThreshold: null },
        nodeHealth: {
          heartbeatIntervalSeconds: 15,
          heartbeatTimeoutSeconds: 45,
          warmupTimeoutSeconds: 60,
          healthCheckSuccessThreshold: 3,
          failureRateWindowSize: 5,
          failureRateThreshold: 3,
          consecutiveFailureThreshold: 3,
          recoverySuccessThreshold: 1,
          periodicScanIntervalSeconds: 30,
        },
      },
      agent: {
        schedulerUrl: null,
        otherSchedulers: [],
        tokenFile: null,
        name: null,
        acceptPublicJobs: true,
        maxConcurrentJobs: 4,
        share: null,
        limits: { cpuPercent: null, gpuPercent: null, memoryPercent: null },
        gpus: null,
        vramLimitsGb: [],
        rules: {
          sharingHours: [],
          pauseOnFullScreen: false,
          fullScreenExceptions: [],
          pauseForPrograms: [],
          mainsPowerOnly: false,
          pauseAboveCelsius: null,
          moveJobs: false,
        },
        allowModelControl: null,
        wakeOnLan: false,
        unsharedModels: [],
        modelFolders: [],
        simulateGpu: null,
      },
      runtimes: { lookForLocal: true, urls: [], allowedHosts: [], apiKeyFiles: [], measureModels: false, pullModels: [] },
      desktop: { onClose: 'ask', startAtLogin: false, checkForUpdates: false, notify: EVERY_NOTICE },
      log: { level: 'info', format: 'auto' },
    });
    expect(new Set(Object.values(origins).map(({ from }) => from))).toEqual(new Set(['default']));
  });

  test('file: default file missing -> defaults; named file missing -> file_missing', async () => {
    expect(await faultOf(null)).toBeNull();
    expect(await faultOf(null, { explicitFile: true })).toBe('config.toml: file not found');
  });

  test('file: path is a folder -> file_unreadable', async () => {
    expect(await faultOf(null, { configFile: folder })).toContain('cannot be read (EISDIR)');
  });
});

describe('precedence', () => {
  const toml = '[server]\nport = 1\nhost = "10.0.0.1"\n[log]\nlevel = "warn"\n';

  test('precedence: flag, environment, file, default; each value with its origin', async () => {
    const { config, origins } = await loaded(toml, {
      flags: { port: '3' },
      env: { MUSTER_SERVER_PORT: '2', MUSTER_SERVER_HOST: '10.0.0.2' },
    });
    expect([config.server.port, config.server.host, config.log.level, config.log.format]).toEqual([3, '10.0.0.2', 'warn', 'auto']);
    expect([origins['server.port'], origins['server.host'], origins['log.level'], origins['log.format']]).toEqual([
      { from: 'flag', name: 'port' },
      { from: 'env', name: 'MUSTER_SERVER_HOST' },
      { from: 'file', file, line: 5 },
      { from: 'default' },
    ]);
  });

  test('environment: empty variable -> not set', async () => {
    expect((await loaded(toml, { env: { MUSTER_SERVER_PORT: '' } })).config.server.port).toBe(1);
  });

  test('environment: every kind of value', async () => {
    const { config } = await loaded(null, {
      env: {
        MUSTER_SCHEDULER_NODE_HEALTH_HEARTBEAT_INTERVAL_SECONDS: '0.2',
        MUSTER_SERVER_ALLOW_OPEN_LAN: 'true',
        MUSTER_SCHEDULER_REQUIRED_MODELS: 'a, b,',
        MUSTER_AGENT_NAME: 'box',
      },
    });
    expect(config.scheduler.nodeHealth.heartbeatIntervalSeconds).toBe(0.2);
    expect(config.server.allowOpenLan).toBe(true);
    expect(config.scheduler.requiredModels).toEqual(['a', 'b']);
    expect(config.agent.name).toBe('box');
  });
});

test('load balancer: strategy and hold_jobs from the file', async () => {
  const { config, origins } = await loaded('[scheduler.load_balancer]\nstrategy = "round_robin"\nhold_jobs = false\n');
  expect(config.scheduler.loadBalancer).toMatchObject({ strategy: 'round_robin', holdJobs: false });
  expect(origins['scheduler.load_balancer.strategy']).toEqual({ from: 'file', file, line: 2 });
});

describe('thresholds', () => {
  test('thresholds: resource_threshold sets all three, each has its own key', async () => {
    const { config, values, origins } = await loaded('[scheduler.load_balancer]\nresource_threshold = 50.5\ngpu_threshold = 90\n');
    expect(config.scheduler.loadBalancer).toEqual({
      strategy: 'predicted',
      holdJobs: true,
      cpuThreshold: 50.5,
      gpuThreshold: 90,
      memoryThreshold: 50.5,
    });
    expect(values['scheduler.load_balancer.cpu_threshold']).toBe(50.5);
    expect(origins['scheduler.load_balancer.cpu_threshold']).toEqual({ from: 'file', file, line: 2 });
  });

  test('thresholds: not configured -> null, so the defaults of dispatch hold', async () => {
    const { config } = await loaded('');
    expect(config.scheduler.loadBalancer).toEqual({
      strategy: 'predicted',
      holdJobs: true,
      cpuThreshold: null,
      gpuThreshold: null,
      memoryThreshold: null,
    });
  });
});

test.each([
  ['UTF-16', Buffer.from('\ufeff[server]\nport = 1\n', 'utf16le')],
  ['Latin-1', Buffer.from('[server]\nhost = "bücher"\n', 'latin1')],
])('file: in %s -> fault without a line', async (_encoding, bytes) => {
  await writeFile(file, bytes);
  expect(await faultOf(null)).toBe('config.toml: not UTF-8 text');
});

test('file: too large, or a device without an end -> refused before it is parsed', async () => {
  expect(await faultOf(`# ${'x'.repeat(256 * 1024)}`)).toBe('config.toml: larger than 256 KiB');
  expect(await faultOf(`# ${'x'.repeat(256 * 1024 - 2)}`)).toBeNull();
  if (process.platform === 'linux') expect(await faultOf(null, { configFile: '/dev/zero' })).toBe('/dev/zero: larger than 256 KiB');
});

const INVALID_FILES = [
  ['an unknown key with a suggestion', '[server]\n\nprot = 1\n', 'config.toml:3: server.prot: unknown key, did you mean server.port?'],
  ['an unknown key without a suggestion', '[server]\nzzzzzzzzzzzz = 1\n', 'config.toml:2: server.zzzzzzzzzzzz: unknown key'],
  ['an unknown section', '[sever]\nport = 1\n', 'config.toml:1: sever: unknown key, did you mean server?'],
  [
    'a quoted key with a dot, which is one key',
    '"server.port" = 1\n',
    'config.toml:1: "server.port": unknown key, did you mean server.port?',
  ],
  [
    'a quoted section with a dot',
    '["scheduler.jobs"]\nmax_queued = 1\n',
    'config.toml:1: "scheduler.jobs": unknown key, did you mean scheduler.jobs?',
  ],
  ['an empty key', '[server]\n"" = 1\n', 'config.toml:2: server."": unknown key'],
  ['the key __proto__', '[server]\n__proto__ = 1\n', 'config.toml:2: server.__proto__: unknown key'],
  ['the key toString', 'toString = 1\n', 'config.toml:1: toString: unknown key'],
  ['a wrong type', '[server]\nport = "7080"\n', 'config.toml:2: server.port: expected a number'],
  ['a value out of range', '[server]\nport = 70000\n', 'config.toml:2: server.port: expected at most 65535'],
  ['a dotted key', 'server.port = true\n', 'config.toml:1: server.port: expected a number'],
  ['a value in an inline table', 'log = { level = "loud" }\n', 'config.toml:1: log.level: expected "debug", "info", "warn" or "error"'],
  [
    'an item of a list',
    '[scheduler]\nrequired_models = ["a", 1]\n',
    'config.toml:2: scheduler.required_models: [1]: expected a text in quotes',
  ],
  ['a value instead of a section', 'server = 1\n', 'config.toml:1: server: expected a table: [server]'],
  ['a date instead of a number', '[server]\nport = 1979-05-27\n', 'config.toml:2: server.port: expected a number'],
  [
    'an unknown strategy',
    '[scheduler.load_balancer]\nstrategy = "fastest"\n',
    'config.toml:2: scheduler.load_balancer.strategy: expected "predicted", "least_connections" or "round_robin"',
  ],
  [
    'a threshold above 100',
    '[scheduler.load_balancer]\ncpu_threshold = 101\n',
    'config.toml:2: scheduler.load_balancer.cpu_threshold: expected at most 100',
  ],
  ['infinity', '[scheduler]\njob_timeout_seconds = inf\n', 'config.toml:2: scheduler.job_timeout_seconds: expected a number'],
  [
    'an address of another scheme',
    '[agent]\nscheduler = "ftp://x"\n',
    'config.toml:2: agent.scheduler: expected an address such as wss://192.168.1.20:7080#pin=sha256-... (scheme_unknown)',
  ],
  [
    'a certificate without its key',
    '[server]\ntls_cert_file = "cert.pem"\n',
    'config.toml:2: server.tls_cert_file: tls_cert_file and tls_key_file must be set together',
  ],
  [
    'a timeout not above the interval',
    '[scheduler.node_health]\nheartbeat_timeout_seconds = 15\n',
    'config.toml:2: scheduler.node_health.heartbeat_timeout_seconds: heartbeat_timeout_seconds (15) must be more than heartbeat_interval_seconds (15)',
  ],
  [
    'an interval not below the timeout',
    '[scheduler.node_health]\nheartbeat_interval_seconds = 60\n',
    'config.toml:2: scheduler.node_health.heartbeat_interval_seconds: heartbeat_timeout_seconds (45) must be more than heartbeat_interval_seconds (60)',
  ],
  [
    'a window below its threshold',
    '[scheduler.node_health]\nfailure_rate_window_size = 2\n',
    'config.toml:2: scheduler.node_health.failure_rate_window_size: failure_rate_window_size (2) must not be less than failure_rate_threshold (3)',
  ],
];

describe('faults', () => {
  test('window as large as its threshold -> valid', async () => {
    expect(await faultOf('[scheduler.node_health]\nfailure_rate_window_size = 3\nfailure_rate_threshold = 3\n')).toBeNull();
  });

  test.each(INVALID_FILES)('invalid file: %s -> error with file, line and key', async (_title, toml, expected) => {
    expect(await faultOf(toml)).toBe(expected);
  });

  test('invalid TOML: error with file and line', async () => {
    expect(await faultOf('[server]\nport = \n')).toMatch(/^config\.toml:2: /);
  });

  test.each([
    [{ env: { MUSTER_SERVER_PORT: 'x' } }, 'MUSTER_SERVER_PORT: server.port: expected a number, not "x"'],
    [
      { env: { MUSTER_SERVER_ALLOW_OPEN_LAN: 'yes' } },
      'MUSTER_SERVER_ALLOW_OPEN_LAN: server.allow_open_lan: expected true or false, not "yes"',
    ],
    [{ flags: { port: '-1' } }, '--port: server.port: expected at least 0'],
    [{ flags: { 'log-format': 'xml' } }, '--log-format: log.format: expected "auto", "json" or "pretty"'],
  ])('invalid value: %j -> error with the variable or flag', async (sources, expected) => {
    expect(await faultOf(null, sources)).toBe(expected);
  });
});
