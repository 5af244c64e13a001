// The table of all configuration keys: kind, bounds, default and meaning (lifecycle §5). The parser, `muster config show` and
// docs/configuration.md use this table. Rules between several keys are in relations.ts.
import { z } from 'zod';
import { parsePoolAddress } from '../../../shared/api/join-link';
import { MAX_CONCURRENT_JOBS, MAX_NAME_LENGTH } from '../../../shared/protocol/limits';
import { modelIdSchema } from '../../../shared/protocol/node-messages';
import { parseKeyFile, parseRuntimeUrl } from '../runtime-url';

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
    if (!target.ok) context.addIssue(`expected an address such as ws://192.168.1.20:7080 (${target.error})`);
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
    'Address to listen on. For any address but loopback, nodes need the join token, unless `allow_open_lan` is set.',
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
    'Maximum size of a frame from a registered node, in bytes.',
  ),
  'server.max_body_bytes': number(
    z.number().int().min(1024).max(MAX_BODY_BYTES),
    MAX_BODY_BYTES,
    'Maximum size of the body of a job or an OpenAI request, in bytes. A larger body is refused before it is read completely.',
  ),
  'server.registration_timeout_seconds': number(seconds, 10, 'A node socket that has not registered after this time is closed.'),
  'server.allow_open_lan': boolean(z.boolean(), false, 'Let every computer that reaches the address join without a token.'),
  'server.allowed_hosts': list(
    z.array(z.string().min(1).max(255)).max(64),
    [],
    'Additional host names for browsers. IP addresses and the names of this computer are always allowed.',
  ),

  'scheduler.max_concurrent_jobs_per_node': number(
    z.number().int().min(1).max(MAX_CONCURRENT_JOBS),
    4,
    'Job slots of a node that does not report its own number.',
  ),
  'scheduler.job_timeout_seconds': number(seconds, 300, 'Timeout of one attempt. A job that has attempts left is retried.'),
  'scheduler.required_models': list(
    z.array(modelIdSchema).max(64),
    [],
    'Models that must be ready on every node. A node without them is not healthy.',
  ),
  'scheduler.offline_retention_seconds': number(
    z
      .number()
      .min(0.01)
      .max(10 * YEAR_SECONDS),
    DAY_SECONDS,
    'A node is removed from the pool after it was offline for this long.',
  ),
  'scheduler.status_push_interval_seconds': number(
    secondsOrZero,
    30,
    'Interval of the status message to each node. Changes are always sent. 0 turns the interval off.',
  ),
  'scheduler.drain_timeout_seconds': number(secondsOrZero, 3600, 'Deadline of a drain. Jobs that still run after this time are requeued.'),

  'scheduler.jobs.max_queued': number(
    z.number().int().min(1).max(1_000_000),
    100_000,
    'Maximum number of queued jobs. Further jobs are refused.',
  ),
  'scheduler.jobs.retention_seconds': number(
    z.number().min(1).max(YEAR_SECONDS),
    7 * DAY_SECONDS,
    'How long a finished job and its result are kept. A job with an idempotency key is kept for at least a day.',
  ),
  'scheduler.jobs.max_finished': number(
    z.number().int().min(0).max(10_000_000),
    100_000,
    'Maximum number of finished jobs. When there are more, the oldest are removed first.',
  ),
  'scheduler.jobs.max_storage_mb': number(
    z.number().min(1).max(1_048_576),
    10_240,
    'Disk space for jobs, their payloads and results, in MiB. Near the limit the oldest finished jobs are removed. At the limit new jobs are refused, and known jobs continue.',
  ),

  'scheduler.openai.queue_timeout_seconds': number(
    seconds,
    60,
    'Queue timeout of a request to the OpenAI API. The answer is then 429 or 503.',
  ),

  'scheduler.load_balancer.strategy': text(
    z.literal('least_connections'),
    'least_connections' as const,
    'How a node is selected. `least_connections`: the node with the fewest running jobs.',
  ),
  'scheduler.load_balancer.resource_threshold': number(
    percent,
    25,
    'A node gets new jobs only while its CPU, GPU and memory use in percent are below this limit. 100: no limit.',
  ),
  'scheduler.load_balancer.cpu_threshold': number(percent, null, 'Limit for CPU use. Default: `resource_threshold`.'),
  'scheduler.load_balancer.gpu_threshold': number(percent, null, 'Limit for GPU use. Default: `resource_threshold`.'),
  'scheduler.load_balancer.memory_threshold': number(percent, null, 'Limit for memory use. Default: `resource_threshold`.'),

  'scheduler.node_health.heartbeat_interval_seconds': number(seconds, 15, 'Interval of the heartbeats of a node.'),
  'scheduler.node_health.heartbeat_timeout_seconds': number(
    seconds,
    45,
    'A node is offline after this time without a heartbeat. Must be more than the interval.',
  ),
  'scheduler.node_health.warmup_timeout_seconds': number(
    seconds,
    60,
    'A node that is not healthy this long after its registration is degraded.',
  ),
  'scheduler.node_health.health_check_success_threshold': number(
    checks,
    3,
    'Passed health checks in a row until a registering node is ready.',
  ),
  'scheduler.node_health.failure_rate_window_size': number(
    checks,
    5,
    'Number of last health checks that `failure_rate_threshold` counts. Must not be less than that.',
  ),
  'scheduler.node_health.failure_rate_threshold': number(
    checks,
    3,
    'Failed health checks among the last ones until a ready node is degraded.',
  ),
  'scheduler.node_health.consecutive_failure_threshold': number(checks, 3, 'Failed health checks in a row until a ready node is degraded.'),
  'scheduler.node_health.recovery_success_threshold': number(
    checks,
    1,
    'Passed health checks in a row until a degraded node is ready again.',
  ),
  'scheduler.node_health.periodic_scan_interval_seconds': number(
    seconds,
    30,
    'Interval of the scan over all nodes, a safety net for missed deadlines.',
  ),

  'agent.scheduler': text(schedulerAddress, null, 'Address of the scheduler to join, such as `ws://192.168.1.20:7080`.', 'scheduler'),
  'agent.token_file': text(path, null, 'File with the join token of the scheduler.', 'token-file'),
  'agent.name': text(z.string().min(1).max(MAX_NAME_LENGTH), null, 'Display name of this node. Default: the host name.', 'name'),
  'agent.accept_public_jobs': boolean(z.boolean(), true, 'Accept public jobs on this node.'),
  'agent.max_concurrent_jobs': number(z.number().int().min(1).max(MAX_CONCURRENT_JOBS), 4, 'Job slots of this node.'),
  'agent.model_folders': list(
    z.array(path).max(64),
    [],
    'Folders whose sub-folders are model folders. Default: `models` in the data folder.',
  ),
  'agent.simulate_gpu': text(
    z.string().min(1).max(1024),
    null,
    'Simulate GPUs, as `"NAME:GB"`, several with commas. They are marked as simulated everywhere.',
    'simulate-gpu',
  ),

  'runtimes.look_for_local': boolean(
    z.boolean(),
    true,
    'Probe the usual ports of Ollama, llama.cpp, vLLM, LM Studio and others on this computer: 11434, 8080, 9931, 8000, 1234, and the address in OLLAMA_HOST.',
  ),
  'runtimes.urls': list(
    z.array(runtimeAddress).max(32),
    [],
    'Addresses of further model servers, such as `http://127.0.0.1:5000`. Their type is detected.',
  ),
  'runtimes.allowed_hosts': list(
    z.array(z.string().min(1).max(255).toLowerCase()).max(32),
    [],
    'Hosts besides this computer on which a model server may run. The content of jobs is sent to these hosts.',
  ),
  'runtimes.api_key_files': list(
    z.array(keyFile).max(32),
    [],
    'API keys of model servers, as `URL=FILE`. The file has one line, and only its owner can read it (mode 0600).',
  ),
  'runtimes.measure_models': boolean(
    z.boolean(),
    false,
    'Measure the speed of every ready model once, with one small request that may load the model. A model whose server does not report its tasks is not measured. When false, models are measured only on request in the dashboard.',
  ),
  'runtimes.pull_models': list(
    z.array(pulledModel).max(64),
    [],
    'Models that this computer needs, such as `llama3.2:3b`. A running Ollama downloads the missing ones. Nothing else is ever downloaded.',
  ),

  'log.level': text(z.enum(['debug', 'info', 'warn', 'error']), 'info' as const, 'The lowest level of the lines to write.', 'log-level'),
  'log.format': text(z.enum(['auto', 'json', 'pretty']), 'auto' as const, '`auto`: pretty on a terminal, else JSON lines.', 'log-format'),
} as const satisfies Record<string, ConfigKey>;

export type ConfigPath = keyof typeof CONFIG_KEYS;
type ValueOf<Key> = Key extends ConfigKey<infer Value, infer Default> ? Value | (Default extends null ? null : never) : never;
/** A value for every key: the configured value, else the default. Null: not configured, and there is no default. */
export type ConfigValues = { readonly [Path in ConfigPath]: ValueOf<(typeof CONFIG_KEYS)[Path]> };

export const CONFIG_PATHS = Object.keys(CONFIG_KEYS) as readonly ConfigPath[];

/** The environment variable of a key: `server.port` has `MUSTER_SERVER_PORT`. */
export const envNameOf = (configPath: ConfigPath): string => `MUSTER_${configPath.toUpperCase().replaceAll('.', '_')}`;
