// The agent's view of this computer. The scheduler sets the status of the node, and the view repeats the status with its age. The state
// of the link comes from the agent itself.
import { z } from 'zod';
import { JUDGED_CODES, ruleViewSchema } from './agent-rules';
import { MAX_DETAILS, MAX_LIST, recordOf } from '../protocol/bounded';
import { MODEL_ACTIONS, MODEL_RESIDENCIES } from '../protocol/model-control';
import { CAPABILITY_STATES, MODEL_KINDS, PLATFORMS } from '../protocol/node-messages';
import { pauseCodeSchema, RUNNING_JOBS } from '../protocol/pauses';
import { TASK_KINDS } from '../protocol/task-kinds';
import { nodeStatusSchema } from '../protocol/scheduler-messages';

const timeMs = z.number();

/** A measured value, or the reason why there is none. */
export const readingSchema = z.discriminatedUnion('known', [
  z.object({ known: z.literal(true), value: z.number() }),
  z.object({ known: z.literal(false), reason: z.enum(['not_reported', 'not_supported', 'error']) }),
]);

export const gpuViewSchema = z.object({
  key: z.string(),
  index: z.number().int().nullable(),
  uuid: z.string().nullable(),
  name: z.string(),
  vendor: z.enum(['nvidia', 'amd', 'intel', 'apple', 'other']),
  memory_gb: z.number().nullable(),
  unified_memory: z.boolean(),
  driver_version: z.string().nullable(),
  mig: z.boolean(),
  simulated: z.boolean(),
  /** Whether the GPU can be offered to a pool. If not, `refusal_code` has the reason, such as `virtual_adapter`. */
  accepted: z.boolean(),
  /** False: its owner does not offer it. Absent: an older agent, which offers every accepted GPU. */
  offered: z.boolean().optional(),
  /** The memory that the pool may use, GB. Null or absent: all of it. */
  vram_limit_gb: z.number().nullable().optional(),
  refusal_code: z.string().nullable(),
  refusal_detail: z.string().nullable(),
  available: z.boolean(),
  /** Why an accepted GPU is not usable now, such as `gpu_lost` or `probe_timeout`. */
  fault_code: z.string().nullable(),
  utilization_percent: readingSchema,
  memory_used_gb: readingSchema,
  memory_total_gb: readingSchema,
  /** The parts of the use and of the memory, now. Null or absent: unknown. */
  pool_percent: z.number().nullable().optional(),
  owner_percent: z.number().nullable().optional(),
  pool_memory_gb: z.number().nullable().optional(),
  owner_memory_gb: z.number().nullable().optional(),
  temperature_c: readingSchema,
  power_w: readingSchema,
  power_limit_w: readingSchema,
  source: z.enum(['nvidia-smi', 'sysfs', 'systeminformation', 'simulated']),
});

/** One source of the hardware probe and its result: shown when there is no GPU, and by `muster doctor`. */
export const probeTraceSchema = z.object({
  source: z.string(),
  outcome: z.enum(['found', 'nothing', 'not_installed', 'failed', 'timeout', 'skipped']),
  detail: z.string().nullable(),
  duration_ms: z.number(),
});

export const hardwareViewSchema = z.object({
  cpu_model: z.string().nullable(),
  cpu_cores: z.number().int(),
  memory_gb: z.number(),
  platform: z.enum(PLATFORMS),
  os_name: z.string().nullable(),
  gpus: z.array(gpuViewSchema).max(MAX_LIST),
  trace: z.array(probeTraceSchema).max(MAX_LIST),
  cpu_percent: z.number().nullable(),
  mem_percent: z.number().nullable(),
  /** The part of the load that is not the pool's, mean over 30 s. Null: unknown. Absent: an older agent. */
  owner_cpu_percent: z.number().nullable().optional(),
  owner_gpu_percent: z.number().nullable().optional(),
  /** The time of the reading, Unix ms; null before the first one. */
  read_at: timeMs.nullable(),
  /** The duration of the reading. */
  read_took_ms: z.number().nullable(),
});

/** The types of runtimes. `openai-compatible`: a model server of unknown type. */
export const RUNTIME_TYPES = [
  'folders',
  'ollama',
  'llama.cpp',
  'vllm',
  'lm-studio',
  'localai',
  'whisper.cpp',
  'openai-compatible',
] as const;

/** A runtime and whether it answers. The model folders count as one runtime. */
export const runtimeViewSchema = z.object({
  id: z.string(),
  type: z.enum(RUNTIME_TYPES),
  url: z.string().nullable(),
  version: z.string().nullable(),
  state: z.enum(['running', 'starting', 'not_running', 'unauthorized', 'wrong_service']),
  reason_code: z.string(),
  details: recordOf(z.string(), z.json(), MAX_DETAILS),
  checked_at: timeMs.nullable(),
});

/** The benchmark of a model with one small request, which the owner requested, or why there is no result. */
export const measurementSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('none') }),
  /** `no_suited_request`. */
  z.object({ state: z.literal('impossible'), code: z.string() }),
  z.object({
    state: z.literal('waiting'),
    code: z.enum(['model_not_ready', 'draining', 'jobs_running', 'gpu_unusable', 'gpu_busy', 'next']),
  }),
  z.object({ state: z.literal('running'), since: timeMs }),
  z.object({
    state: z.literal('answered'),
    /** Null: the answer has no tokens, or too few. */
    tokens_per_second: z.number().nullable(),
    took_ms: z.number(),
    measured_at: timeMs,
  }),
  /** `message`: the error message of the runtime. */
  z.object({ state: z.literal('failed'), code: z.string(), message: z.string().nullable(), measured_at: timeMs }),
]);

/** A model of this computer and whether it is ready. */
export const modelViewSchema = z.object({
  model_id: z.string(),
  kind: z.enum(MODEL_KINDS),
  version: z.string(),
  src_lang: z.string().nullable(),
  tgt_lang: z.string().nullable(),
  /** Empty for a model of a model server. */
  folder: z.string(),
  /** The tasks that it takes on this computer. Empty: none, even when it is ready. Absent: unknown. */
  tasks: z.array(z.enum(TASK_KINDS)).max(MAX_LIST).optional(),
  /** The `id` of its runtime. */
  runtime_id: z.string().optional(),
  /** Whether the model is in memory. Absent: its runtime does not report it. */
  residency: z.enum(MODEL_RESIDENCIES).optional(),
  /** What its model server can do with the model. Absent: nothing. */
  actions: z.array(z.enum(MODEL_ACTIONS)).max(MODEL_ACTIONS.length).optional(),
  /** Its model server can delete it from the disk. Absent: it cannot. */
  removable: z.boolean().optional(),
  /** False: the owner does not share it with the pool. Absent: shared. */
  shared: z.boolean().optional(),
  /** The GPU memory that it used when it was last loaded, GB. Absent: unknown. */
  vram_gb: z.number().min(0).optional(),
  state: z.enum(CAPABILITY_STATES),
  /** The reason of the state, such as `all_verified`, `file_missing`, `process_not_running`, `gpu_too_small`, `verifying`. */
  reason_code: z.string(),
  /** The values behind the reason, such as {path, expected, found}. */
  details: recordOf(z.string(), z.json(), MAX_DETAILS),
  size_bytes: z.number().nullable(),
  /** The progress of hashing or downloading, 0-1; null otherwise. */
  progress: z.number().min(0).max(1).nullable(),
  checked_at: timeMs.nullable(),
  measurement: measurementSchema.optional(),
});

/** Of a model folder, of its manifest as a file, and of the content of the manifest. */
export const MODEL_PROBLEM_CODES = [
  'folder_missing',
  'folder_unreadable',
  'file_unreadable',
  'not_json',
  'field_invalid',
  'key_unknown',
  'model_repeated',
  'too_many_models',
] as const;

/** `field` is empty where no field is at fault. `reason`: the English text of the parser, for a person who helps. */
export const modelProblemSchema = z.object({
  code: z.enum(MODEL_PROBLEM_CODES),
  folder: z.string(),
  field: z.string(),
  reason: z.string(),
});

/** The pin of the CA of the pool. Absent: the agent knows none. */
const pin = z.string().optional();
/** Other schedulers of the same pool, without `scheduler_url`, in the order of the tries. Absent: none, or an older agent. */
const other_urls = z.array(z.string()).max(MAX_LIST).optional();

export const linkViewSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('idle') }),
  z.object({ state: z.literal('connecting'), scheduler_url: z.string(), pin, other_urls, since: timeMs }),
  z.object({ state: z.literal('connected'), scheduler_url: z.string(), pin, other_urls, since: timeMs, latency_ms: z.number().nullable() }),
  z.object({
    state: z.literal('reconnecting'),
    scheduler_url: z.string(),
    pin,
    other_urls,
    since: timeMs,
    attempt: z.number().int(),
    next_try_at: timeMs,
    /** Why the last attempt failed: `refused`, `timeout`, `name_not_found`, `closed_4004`, `unauthorized`, ... */
    cause: z.string(),
  }),
  z.object({
    state: z.literal('refused'),
    scheduler_url: z.string(),
    pin,
    other_urls,
    since: timeMs,
    /** A protocol error code, or `UNAUTHORIZED`, `REMOVED`, `REPLACED`. */
    code: z.string(),
    message: z.string(),
    details: recordOf(z.string(), z.unknown(), MAX_DETAILS).nullable(),
  }),
]);

/** A notice for the owner, shown until it is dismissed. */
export const noticeSchema = z.object({
  id: z.string(),
  at: timeMs,
  code: z.enum([
    'node_id_replaced',
    'identity_of_another_machine',
    'removed_by_operator',
    'member_revoked',
    'node_role_lost',
    'replaced_by_newer_connection',
    'results_not_saved',
    'pause_unreadable',
    'pause_not_saved',
  ]),
  details: recordOf(z.string(), z.json(), MAX_DETAILS),
});

/** Why the owner pauses this computer. `until` null: until the owner resumes, or until a condition ends. */
export const agentPauseSchema = z.object({
  causes: z
    .array(z.object({ code: pauseCodeSchema, since: timeMs, until: timeMs.nullable(), detail: z.string().nullable() }))
    .max(MAX_LIST),
  running_jobs: z.enum(RUNNING_JOBS),
});

export const SIMULATIONS = ['off', 'owner', 'setting'] as const;
export type Simulation = (typeof SIMULATIONS)[number];

export const agentViewSchema = z.object({
  node_id: z.string().nullable(),
  name: z.string(),
  simulated: z.boolean(),
  /** Who simulates the GPU: `owner`, until the owner ends it; `setting`: `agent.simulate_gpu`. Absent: an older agent. */
  simulation: z.enum(SIMULATIONS).optional(),
  link: linkViewSchema,
  /** The last status message of the scheduler and its arrival time; null before the first one. */
  node_status: z.object({ received_at: timeMs, message: nodeStatusSchema }).nullable(),
  registered_at: timeMs.nullable(),
  heartbeat_interval_seconds: z.number().nullable(),
  last_heartbeat_sent_at: timeMs.nullable(),
  accept_public_jobs: z.boolean(),
  hardware: hardwareViewSchema.nullable(),
  models: z.array(modelViewSchema).max(MAX_LIST),
  runtimes: z.array(runtimeViewSchema).max(MAX_LIST).optional(),
  running_jobs: z.number().int().optional(),
  model_folders: z.array(z.string()).max(MAX_LIST),
  model_problems: z.array(modelProblemSchema).max(MAX_LIST),
  notices: z.array(noticeSchema).max(MAX_LIST),
  /** Null: this computer shares. Absent: an older agent. */
  pause: agentPauseSchema.nullable().optional(),
  /** The rules of the owner that are on. Absent: an older agent. */
  rules: z.array(ruleViewSchema).max(JUDGED_CODES.length).optional(),
  /** The CA of the joined pool, in a file of this computer. Null: there is none. Absent: an older agent. */
  pool_ca_file: z.string().max(4096).nullable().optional(),
});

export type ReadingView = z.infer<typeof readingSchema>;
export type GpuView = z.infer<typeof gpuViewSchema>;
export type ProbeTraceView = z.infer<typeof probeTraceSchema>;
export type HardwareView = z.infer<typeof hardwareViewSchema>;
export type RuntimeType = (typeof RUNTIME_TYPES)[number];
export type RuntimeView = z.infer<typeof runtimeViewSchema>;
export type MeasurementView = z.infer<typeof measurementSchema>;
export type ModelView = z.infer<typeof modelViewSchema>;
export type ModelProblem = z.infer<typeof modelProblemSchema>;
export type LinkView = z.infer<typeof linkViewSchema>;
export type Notice = z.infer<typeof noticeSchema>;
export type AgentPause = z.infer<typeof agentPauseSchema>;
export type AgentView = z.infer<typeof agentViewSchema>;
