// The table of all configuration keys: kind, bounds, default and meaning (lifecycle §5). The parser, `muster config show` and
// docs/configuration.md use this table. Rules between several keys are in relations.ts.
import { z } from 'zod';
import { MAX_CONCURRENT_JOBS, MAX_GPUS, MAX_NAME_LENGTH } from '../../../shared/protocol/limits';
import { MAX_POOL_ADDRESSES } from '../../../shared/protocol/pool-addresses';
import { nameSchema } from '../../../shared/protocol/names';
import { SHARE_MODES } from '../../../shared/api/share-modes';
import { MAX_UNSHARED_MODELS, pulledModel } from '../../../shared/api/own-models';
import { modelIdSchema } from '../../../shared/protocol/node-messages';
import { boolean, type ConfigKey, list, number, text } from './config-key';
import {
  checks,
  count,
  DAY_SECONDS,
  keyFile,
  path,
  percent,
  gpuName,
  modelAliases,
  vramLimit,
  retention,
  runtimeAddress,
  otherSchedulerAddress,
  schedulerAddress,
  seconds,
  secondsOrZero,
  YEAR_SECONDS,
} from './key-schemas';
import { CLUSTER_KEYS } from './cluster-keys';
import { DESKTOP_KEYS } from './desktop-keys';
import { RULE_KEYS } from './rule-keys';
import { SERVER_KEYS } from './server-keys';

export const CONFIG_KEYS = {
  ...SERVER_KEYS,
  ...CLUSTER_KEYS,

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
  'scheduler.offline_retention_seconds': number(retention, DAY_SECONDS, 'A node that was offline for this long is removed.'),
  'scheduler.never_ready_retention_seconds': number(
    retention,
    300,
    'The same for a node that has never been ready. The lower of both values holds.',
  ),
  'scheduler.max_nodes': number(
    count,
    4096,
    'Number of known nodes, including offline ones. Further new nodes are refused; known nodes can always register again.',
  ),
  'scheduler.max_profile_bytes': number(
    z.number().int().min(1_048_576).max(1e12),
    134_217_728,
    'Estimated memory for the models and GPUs of all known nodes: about 700 bytes for each. Beyond it, no list of models may grow.',
  ),
  'scheduler.status_push_interval_seconds': number(
    secondsOrZero,
    30,
    'How often each node receives its status, in addition to every change. 0 turns this off.',
  ),
  'scheduler.drain_timeout_seconds': number(secondsOrZero, 3600, 'Jobs that still run on a draining node after this time are requeued.'),

  'scheduler.jobs.max_queued': number(
    count,
    100_000,
    'Number of jobs that may wait for a node. Further jobs are refused. A job with long requirements counts as several.',
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
  'scheduler.jobs.keep_answers': boolean(
    z.boolean(),
    false,
    'Whether answers of the client APIs (OpenAI, Messages, Responses, Ollama) are stored with their jobs. Without it, a job has the status, the tokens and the node, but not the answer. A stream is never stored.',
  ),

  'scheduler.keys.requests_per_second': number(
    z.number().positive().max(100_000),
    50,
    'Requests per second of one key, unless the key has its own limit. Twice as many may come at once.',
  ),
  'scheduler.keys.megabytes_per_minute': number(
    z.number().positive().max(1_000_000),
    600,
    'Megabytes per minute that one key may send, unless the key has its own limit.',
  ),
  'scheduler.keys.max_queued': number(
    z.number().int().min(0).max(1_000_000),
    10_000,
    'Jobs of one key that may wait for a node, unless the key has its own limit. While there are other keys, also at most half of `jobs.max_queued`.',
  ),
  'scheduler.keys.max_streams': number(
    z.number().int().min(0).max(100_000),
    256,
    'Streams that one key may hold, unless the key has its own limit: events of the pool and of jobs, and streamed answers of the OpenAI API. While there are other keys, also at most half of all event streams.',
  ),
  'scheduler.keys.max_priority': number(
    z.number().int().min(-100).max(100),
    0,
    'Highest priority of a job of one key, unless the key has its own limit.',
  ),

  'scheduler.openai.queue_timeout_seconds': number(
    seconds,
    60,
    'How long a request to the OpenAI API waits for a node before it is refused with 429 or 503.',
  ),
  'scheduler.openai.busy_timeout_seconds': number(
    seconds,
    8,
    'The same while every node that can run the request refuses it only because its owner uses the computer, and while an error waits for its confirmation by another node.',
  ),
  'scheduler.openai.model_aliases': list(
    modelAliases,
    [],
    'Further names of models, as `NAME=MODEL`, such as `gpt-4o-mini=qwen2.5:7b`. Several entries with one name are fallbacks, in their order. A name replaces a model of the same name.',
  ),

  'scheduler.load_balancer.strategy': text(
    z.enum(['predicted', 'least_connections', 'round_robin']),
    'predicted' as const,
    'How a node is chosen: `predicted` (the node that should finish first), `least_connections` (fewest jobs in flight) or `round_robin` (the node that was chosen longest ago).',
  ),
  'scheduler.load_balancer.hold_jobs': boolean(
    z.boolean(),
    true,
    'Whether a job may wait up to 30 s for a full node that should finish it much earlier than a free one. Only with the strategy `predicted`.',
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
  'agent.other_schedulers': list(
    z.array(otherSchedulerAddress).max(MAX_POOL_ADDRESSES),
    [],
    'Other schedulers of the same pool, without pins: `wss://192.168.1.21:7080`. The agent tries them when the present one fails or does not lead. After the first registration the pool reports its schedulers by itself.',
  ),
  'agent.token_file': text(path, null, 'File with the key of an invitation (`mi_...`), for the first registration.', 'token-file'),
  'agent.name': text(nameSchema(MAX_NAME_LENGTH), null, 'Display name of this machine. Default: the host name.', 'name'),
  'agent.accept_public_jobs': boolean(
    z.boolean(),
    true,
    'Whether public jobs may run here: jobs that their sender has not marked as private (`public: false`). Otherwise this machine accepts private jobs only.',
  ),
  'agent.max_concurrent_jobs': number(
    z.number().int().min(1).max(MAX_CONCURRENT_JOBS),
    4,
    'Number of slots: how many jobs this machine runs at once. Use the number of requests that its model server answers at once.',
  ),
  'agent.share': text(
    z.enum(SHARE_MODES),
    null,
    'When this machine takes jobs: `idle`, only while its owner hardly uses it (limits: CPU 25 %, GPU 25 %, memory 90 %); `polite`, also while its owner uses the CPU moderately (60, 25, 90); `always`, without a limit. The limits hold in a pool of one computer too. Default: the limits of the scheduler.',
  ),
  'agent.limits.cpu_percent': number(
    percent,
    null,
    "Limit of the owner's CPU load in percent: no new jobs while the load is not below it. 100 sets no limit, 0 refuses all jobs. Default: `agent.share`.",
  ),
  'agent.limits.gpu_percent': number(percent, null, "The same for the owner's GPU load."),
  'agent.limits.mem_percent': number(percent, null, 'The same for the memory in use.'),
  'agent.gpus': list(
    z.array(gpuName).min(1).max(MAX_GPUS),
    null,
    'GPUs that are offered to the pool: by UUID, by index or by name. Default: all.',
  ),
  'agent.vram_limits_gb': list(
    z.array(vramLimit).max(MAX_GPUS),
    [],
    'Memory that the pool may use of a GPU, as `GPU=GB`, for example `RTX 4090=16`. The node reports it as the memory of the GPU.',
  ),
  ...RULE_KEYS,
  'agent.allow_model_control': boolean(
    z.boolean(),
    null,
    'Whether the scheduler may load, unload and pin the models of model servers here. Default: a scheduler on this computer may, others may not.',
  ),
  'agent.wake_on_lan': boolean(
    z.boolean(),
    false,
    'Whether the scheduler may wake this computer from sleep for a job that no other node can take.',
  ),
  'agent.unshared_models': list(
    z.array(modelIdSchema).max(MAX_UNSHARED_MODELS),
    [],
    'Models of this machine that the pool does not get: the node reports them as not enabled.',
  ),
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

  ...DESKTOP_KEYS,

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
