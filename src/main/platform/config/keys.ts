// The table of all configuration keys: kind, bounds, default and meaning (lifecycle §5). The parser, `muster config show` and
// docs/configuration.md use this table. Rules between several keys are in relations.ts.
import { z } from 'zod';
import { parsePoolAddress } from '../../../shared/api/join-link';
import { MAX_CONCURRENT_JOBS, MAX_NAME_LENGTH } from '../../../shared/protocol/limits';
import { modelIdSchema } from '../../../shared/protocol/node-messages';
import { parseKeyFile, parseRuntimeUrl } from '../runtime-url';
import { SHARE_MODES } from './config';

/** The text form of a value in an environment variable or a flag. The items of a list are separated by commas. */
export type ValueKind = 'text' | 'number' | 'boolean' | 'list';

export interface ConfigKey<Value = unknown, Default = unknown> {
  readonly kind: ValueKind;
  readonly schema: z.ZodType<Value>;
  readonly default: Default;
  /** The command-line flag without its dashes; null when there is none. */
  readonly flag: string | null;
  readonly doc: string;
}

const key =
  (kind: ValueKind) =>
  <Value, Default>(schema: z.ZodType<Value>, fallback: Default, doc: string, flag: string | null = null): ConfigKey<Value, Default> => ({
    kind,
    schema,
    default: fallback,
    flag,
    doc,
  });
const text = key('text');
const number = key('number');
const boolean = key('boolean');
const list = key('list');

const DAY_SECONDS = 86_400;
const YEAR_SECONDS = 365 * DAY_SECONDS;
/** Timers are not precise below 10 ms. */
const seconds = z
  .number()
  .min(0.01)
  .max(30 * DAY_SECONDS);
const secondsOrZero = z
  .number()
  .min(0)
  .max(30 * DAY_SECONDS);
const checks = z.number().int().min(1).max(1000);
const percent = z.number().min(0).max(100);
/** A body of this size fits into a frame to a node, also in base64. */
const MAX_BODY_BYTES = 12_000_000;
const path = z.string().min(1).max(4096);
/** A secret must not be in a configuration or on a command line. The token has its own file. */
const schedulerAddress = z
  .string()
  .max(1024)
  .superRefine((value, context) => {
    const target = parsePoolAddress(value);
    if (!target.ok) context.addIssue(`expected an address such as wss://192.168.1.20:7080#pin=sha256-... (${target.error})`);
    else if (target.value.token !== null)
      context.addIssue('the link contains a token: write the token to a file, and set agent.token_file to that file');
  });

const runtimeAddress = z
  .string()
  .max(1024)
  .superRefine((value, context) => {
    const url = parseRuntimeUrl(value);
    if (!url.ok) context.addIssue(url.error);
  });
const keyFile = z
  .string()
  .max(4096)
  .superRefine((value, context) => {
    const parsed = parseKeyFile(value);
    if (!parsed.ok) context.addIssue(parsed.error);
  });

/** The name of a model as `ollama pull` accepts it. */
const pulledModel = modelIdSchema.regex(/^[A-Za-z0-9][A-Za-z0-9._:/-]*$/, {
  error: 'expected the name of an Ollama model, such as llama3.2:3b',
});

export const CONFIG_KEYS = {
  'server.host': text(
    z.string().min(1).max(255).toLowerCase(),
    '127.0.0.1',
    'Address to listen on. On any address but loopback, nodes need the join token, unless `allow_open_lan` is set.',
    'host',
  ),
  'server.port': number(
    z.number().int().min(0).max(65_535),
    7080,
    'Port of the node socket, the API and the dashboard. 0 selects a free port.',
    'port',
  ),
  'server.max_message_bytes': number(
    z.number().int().min(65_536).max(268_435_456),
    16_777_216,
    'Largest frame from a registered node, in bytes.',
  ),
  'server.max_body_bytes': number(
    z.number().int().min(1024).max(MAX_BODY_BYTES),
    MAX_BODY_BYTES,
    'Largest body of a job or an OpenAI request, in bytes. A larger body is refused before it is read completely.',
  ),
  'server.registration_timeout_seconds': number(seconds, 10, 'A socket without a registration is closed after this time.'),
  'server.allow_open_lan': boolean(z.boolean(), false, 'Let any machine that reaches the address join without a token.'),
  'server.allowed_hosts': list(
    z.array(z.string().min(1).max(255)).max(64),
    [],
    'Further host names under which browsers may reach the server, besides IP addresses and its own names.',
  ),
  'server.tls_cert_file': text(
    path,
    null,
    'Certificate for connections from other computers, in PEM, followed by the certificates of its issuers. Default: a certificate of the own CA of the pool.',
  ),
  'server.tls_key_file': text(path, null, 'Private key of `server.tls_cert_file`, in PEM without a passphrase.'),
  'server.plain_http_api': boolean(
    z.boolean(),
    false,
    'Let programs on other computers use the OpenAI API and send jobs without TLS. Their token and all content can be read on the network.',
  ),
  'server.announce': boolean(
    z.boolean(),
    true,
    'Announce a shared pool in the local networks (DNS-SD), so that other computers find the pool. The host name goes out in clear.',
  ),

  'scheduler.max_concurrent_jobs_per_node': number(
    z.number().int().min(1).max(MAX_CONCURRENT_JOBS),
    4,
    'Slots of a node that does not report their number.',
  ),
  'scheduler.job_timeout_seconds': number(
    seconds,
    300,
    'Attempt timeout. The attempt is stopped, and the job is retried while attempts are left.',
  ),
  'scheduler.required_models': list(z.array(modelIdSchema).max(64), [], 'Models that every node must have ready to be healthy.'),
  'scheduler.offline_retention_seconds': number(
    z
      .number()
      .min(0.01)
      .max(10 * YEAR_SECONDS),
    DAY_SECONDS,
    'A node that was offline for this long is removed.',
  ),
  'scheduler.status_push_interval_seconds': number(
    secondsOrZero,
    30,
    'How often each node receives its status, in addition to every change. 0 turns this off.',
  ),
  'scheduler.drain_timeout_seconds': number(secondsOrZero, 3600, 'Jobs that still run on a draining node after this time are requeued.'),

  'scheduler.jobs.max_queued': number(
    z.number().int().min(1).max(1_000_000),
    100_000,
    'Number of jobs that may wait for a node. Further jobs are refused.',
  ),
  'scheduler.jobs.retention_seconds': number(
    z.number().min(1).max(YEAR_SECONDS),
    7 * DAY_SECONDS,
    'How long a finished job and its result can be read. A job with an idempotency key is kept for a day in any case.',
  ),
  'scheduler.jobs.max_finished': number(
    z.number().int().min(0).max(10_000_000),
    100_000,
    'Number of finished jobs that are kept. The oldest are deleted first.',
  ),
  'scheduler.jobs.max_storage_mb': number(
    z.number().min(1).max(1_048_576),
    10_240,
    'Disk space for jobs, their payloads and results, in MiB. Near the limit the oldest finished jobs are deleted. At the limit new jobs are refused; running jobs go on.',
  ),

  'scheduler.openai.queue_timeout_seconds': number(
    seconds,
    60,
    'How long a request to the OpenAI API waits for a node before it is refused with 429 or 503.',
  ),
  'scheduler.openai.busy_timeout_seconds': number(
    seconds,
    8,
    'The same while every node that can run the request refuses it only because its owner uses the computer.',
  ),

  'scheduler.load_balancer.strategy': text(
    z.literal('least_connections'),
    'least_connections' as const,
    'How a node is chosen: fewest jobs in flight first.',
  ),
  'scheduler.load_balancer.resource_threshold': number(
    percent,
    null,
    "A node gets no job unless its owner's CPU load, GPU load and the memory in use, in percent, are below this. 100 sets no limit. Default: CPU 60 (25 for a node that does not measure the load of its owner), GPU 25, memory 90; no limit on loopback with one node.",
  ),
  'scheduler.load_balancer.cpu_threshold': number(percent, null, 'The same for CPU load only. Default: `resource_threshold`.'),
  'scheduler.load_balancer.gpu_threshold': number(percent, null, 'The same for GPU load only. Default: `resource_threshold`.'),
  'scheduler.load_balancer.memory_threshold': number(percent, null, 'The same for memory in use only. Default: `resource_threshold`.'),

  'scheduler.node_health.heartbeat_interval_seconds': number(seconds, 15, 'How often nodes send a heartbeat.'),
  'scheduler.node_health.heartbeat_timeout_seconds': number(
    seconds,
    45,
    'A node without a heartbeat for this long is offline. Must be more than the interval.',
  ),
  'scheduler.node_health.warmup_timeout_seconds': number(
    seconds,
    60,
    'A node that is not healthy this long after its registration is degraded.',
  ),
  'scheduler.node_health.health_check_success_threshold': number(checks, 3, 'Healthy checks in a row before a registering node is ready.'),
  'scheduler.node_health.failure_rate_window_size': number(
    checks,
    5,
    'How many of the last checks `failure_rate_threshold` considers. Must not be less than it.',
  ),
  'scheduler.node_health.failure_rate_threshold': number(checks, 3, 'Failures among the last checks before a ready node is degraded.'),
  'scheduler.node_health.consecutive_failure_threshold': number(checks, 3, 'Failures in a row before a ready node is degraded.'),
  'scheduler.node_health.recovery_success_threshold': number(checks, 1, 'Healthy checks in a row before a degraded node is ready again.'),
  'scheduler.node_health.periodic_scan_interval_seconds': number(seconds, 30, 'How often all nodes are scanned, as a safety net.'),

  'agent.scheduler': text(
    schedulerAddress,
    null,
    'Address of the scheduler to join, with its pin: `wss://192.168.1.20:7080#pin=sha256-...`. On this machine, `ws://127.0.0.1:7080`.',
    'scheduler',
  ),
  'agent.token_file': text(path, null, "File with the scheduler's join token.", 'token-file'),
  'agent.name': text(z.string().min(1).max(MAX_NAME_LENGTH), null, 'Display name of this machine. Default: the host name.', 'name'),
  'agent.accept_public_jobs': boolean(z.boolean(), true, 'Whether public jobs may run here.'),
  'agent.max_concurrent_jobs': number(
    z.number().int().min(1).max(MAX_CONCURRENT_JOBS),
    4,
    'Number of slots: how many jobs this machine runs at once.',
  ),
  'agent.share': text(
    z.enum(SHARE_MODES),
    null,
    'When this machine takes jobs: `idle`, only while its owner hardly uses it (CPU 25 %, GPU 25 %, memory 90 %); `polite`, while its owner works at the CPU (60, 25, 90); `always`, without a limit. Default: the limits of the scheduler.',
  ),
  'agent.limits.cpu_percent': number(percent, null, "Limit of the owner's CPU load in percent. 100 sets no limit. Default: `agent.share`."),
  'agent.limits.gpu_percent': number(percent, null, "The same for the owner's GPU load."),
  'agent.limits.mem_percent': number(percent, null, 'The same for the memory in use.'),
  'agent.model_folders': list(z.array(path).max(64), [], 'Folders that contain model folders. When empty: `models` in the data folder.'),
  'agent.simulate_gpu': text(
    z.string().min(1).max(1024),
    null,
    'Simulate GPUs, as `"NAME:GB"`, several separated by commas. They are marked as simulated everywhere.',
    'simulate-gpu',
  ),

  'runtimes.look_for_local': boolean(
    z.boolean(),
    true,
    'Look for Ollama, llama.cpp, vLLM, LM Studio and others on their usual ports of this machine (11434, 8080, 9931, 8000, 1234) and at OLLAMA_HOST.',
  ),
  'runtimes.urls': list(
    z.array(runtimeAddress).max(32),
    [],
    'Addresses of further model servers, such as `http://127.0.0.1:5000`. The type of the server is detected.',
  ),
  'runtimes.allowed_hosts': list(
    z.array(z.string().min(1).max(255).toLowerCase()).max(32),
    [],
    'Hosts other than this machine that may run a model server. Jobs and their content are sent there.',
  ),
  'runtimes.api_key_files': list(
    z.array(keyFile).max(32),
    [],
    'API keys of model servers, as `URL=FILE`: a file of one line that only its owner can read (mode 0600).',
  ),
  'runtimes.measure_models': boolean(
    z.boolean(),
    false,
    'Benchmark each ready model once, if the server reports the kind of the model. A benchmark is one small request, which may load the model. When false, models are benchmarked only on request in the dashboard.',
  ),
  'runtimes.pull_models': list(
    z.array(pulledModel).max(64),
    [],
    'Models that this machine should have, such as `llama3.2:3b`. A running Ollama downloads the missing ones. Nothing else is downloaded.',
  ),

  'log.level': text(z.enum(['debug', 'info', 'warn', 'error']), 'info' as const, 'Lowest level of the log lines to write.', 'log-level'),
  'log.format': text(z.enum(['auto', 'json', 'pretty']), 'auto' as const, '`auto`: readable on a terminal, else JSON lines.', 'log-format'),
} as const satisfies Record<string, ConfigKey>;

export type ConfigPath = keyof typeof CONFIG_KEYS;
type ValueOf<Key> = Key extends ConfigKey<infer Value, infer Default> ? Value | (Default extends null ? null : never) : never;
/** A value for every key: the configured value, else the default. Null: not configured, and there is no default. */
export type ConfigValues = { readonly [Path in ConfigPath]: ValueOf<(typeof CONFIG_KEYS)[Path]> };

export const CONFIG_PATHS = Object.keys(CONFIG_KEYS) as readonly ConfigPath[];

/** The environment variable of a key: `server.port` has `MUSTER_SERVER_PORT`. */
export const envNameOf = (configPath: ConfigPath): string => `MUSTER_${configPath.toUpperCase().replaceAll('.', '_')}`;
