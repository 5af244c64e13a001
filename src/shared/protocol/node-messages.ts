// The messages of a node to a scheduler (protocol §2). Both sides validate with these schemas. The schemas drop unknown fields. The
// lifecycle interprets the values.
import { z } from 'zod';
import { recordOf } from './bounded';
import { jobTimingsSchema } from './job-timings';
import {
  MAX_ACTIVE_JOBS,
  MAX_CONCURRENT_JOBS,
  MAX_GPUS,
  MAX_MEMORY_GB,
  MAX_MODELS,
  MAX_NAME_LENGTH,
  MAX_TOKENS_PER_SECOND,
  MAX_REPORTED_TASKS,
} from './limits';
import { abilitiesSchema, contextTokensSchema } from './model-abilities';
import { knownActions, MAX_CONTROL_MESSAGE, MAX_REPORTED_ACTIONS, MODEL_RESIDENCIES } from './model-control';
import { nameSchema } from './names';
import { drainPauseFields, reportedPauseSchema } from './pauses';
import { knownTasks } from './task-kinds';
import { wakeMacSchema } from './wake';

const count = z.number().int().min(0);
const percent = z.number().min(0).max(100);
const figure = z.number().min(0).nullish();
const memoryFigure = z.number().min(0).max(MAX_MEMORY_GB).nullish();

/** `.` and `..` are not valid: in the path of a URL they mean another folder. */
export const nodeIdSchema = z.string().regex(/^(?!\.{1,2}$)[A-Za-z0-9._-]{1,64}$/);
export const modelIdSchema = nameSchema(256);
const jobIdSchema = z.string().min(1).max(128);
const text = (maxLength: number) => z.string().max(maxLength);

export const PLATFORMS = ['windows', 'linux', 'macos'] as const;
export const MODEL_KINDS = ['asr', 'nmt', 'tts', 'vad', 'emotion', 'llm', 'embedding', 'rerank', 'image', 'other'] as const;
export const CAPABILITY_STATES = ['ready', 'downloading', 'not_installed', 'error'] as const;

export const gpuSchema = z.object({
  name: z.string().min(1).max(256),
  /** 0 is valid here. A node whose GPUs all have 0 is refused with `NO_GPU_AVAILABLE`. */
  memory_gb: z.number().min(0).max(MAX_MEMORY_GB),
  index: count.optional(),
  uuid: text(128).optional(),
  vendor: text(128).optional(),
  driver_version: text(128).optional(),
  simulated: z.boolean().optional(),
});

export const hardwareSchema = z.object({
  cpu_cores: z.number().int().positive(),
  memory_gb: z.number().positive().max(MAX_MEMORY_GB),
  gpus: z.array(gpuSchema).max(MAX_GPUS),
});

export const installedModelSchema = z.object({
  model_id: modelIdSchema,
  kind: z.enum(MODEL_KINDS),
  src_lang: text(64).nullish(),
  tgt_lang: text(64).nullish(),
  dialect: text(64).nullish(),
  version: text(128),
  enabled: z
    .boolean()
    .nullish()
    .transform((enabled) => enabled ?? true),
  /** The tasks of the model on this node. Absent or null: unknown, so any task; empty: none. Unknown tasks are left out. */
  tasks: z.array(text(64)).max(MAX_REPORTED_TASKS).transform(knownTasks).nullish(),
  /** Measured on this node with this version of the model and its current GPUs. Absent: not measured. */
  tokens_per_second: z.number().positive().max(MAX_TOKENS_PER_SECOND).nullish(),
  /** GPU memory that the model needs on this node. Absent: unknown. */
  vram_gb: z.number().min(0).max(MAX_MEMORY_GB).nullish(),
  /** Whether the model is in memory now. Absent: unknown. Follows from `model_residency`, which older schedulers do not know. */
  loaded: z.boolean().nullish(),
  /** What the server of the model can do with it (`model_control`). Absent or null: nothing. */
  actions: z.array(text(32)).max(MAX_REPORTED_ACTIONS).transform(knownActions).nullish(),
  /** What the model can do besides its tasks. Absent or null, also a single ability: unknown. */
  abilities: abilitiesSchema.nullish().catch(null),
  /** The longest prompt with its answer, tokens: as the server runs the model now, else as the model can. Absent: unknown. */
  context_tokens: contextTokensSchema.nullish().catch(null),
});
const installedModelsSchema = z.array(installedModelSchema).max(MAX_MODELS);

export const capabilityStateSchema = recordOf(modelIdSchema, z.enum(CAPABILITY_STATES), MAX_MODELS, 'models');

/** Whether models are in memory. A model that is left out: unknown. */
export const modelResidencySchema = recordOf(modelIdSchema, z.enum(MODEL_RESIDENCIES), MAX_MODELS, 'models');

/**
 * Why models are not ready: a code for each, as the node shows it to its owner. Readers do not know the codes of later versions. Without
 * names and paths, which belong to the owner.
 */
export const modelReasonsSchema = recordOf(modelIdSchema, z.string().regex(/^[a-z][a-z0-9_]{0,63}$/), MAX_MODELS, 'models');

const feature = z.boolean().nullish();
export const featuresSchema = z.object({
  emotion_detection: feature,
  voice_style_detection: feature,
  speech_rate_detection: feature,
  speech_rate_control: feature,
  speaker_identification: feature,
  persona_adaptation: feature,
});
export const FEATURES = featuresSchema.keyof().options;

export const activeJobSchema = z.object({ job_id: jobIdSchema, attempt: z.number().int().min(1) });

const limit = percent.nullish();
/** The limits that the owner set for the own load of the node. Null: no limit. Absent: not set by the owner. */
export const ownerLimitsSchema = z.object({ cpu_percent: limit, gpu_percent: limit, mem_percent: limit });

export const nodeRegisterSchema = z.object({
  type: z.literal('node_register'),
  node_id: nodeIdSchema.nullish(),
  node_token: text(256).nullish(),
  name: nameSchema(MAX_NAME_LENGTH).nullish(),
  version: z.string().min(1).max(64),
  capability_schema_version: text(64).nullish(),
  platform: z.enum(PLATFORMS),
  hardware: hardwareSchema,
  installed_models: installedModelsSchema,
  features_supported: featuresSchema,
  advanced_features: z.array(text(128)).max(64).nullish(),
  accept_public_jobs: z.boolean(),
  capability_state: capabilityStateSchema.nullish(),
  max_concurrent_jobs: z.number().int().min(1).max(MAX_CONCURRENT_JOBS).nullish(),
  limits: ownerLimitsSchema.nullish(),
  active_jobs: z.array(activeJobSchema).max(MAX_ACTIVE_JOBS).nullish(),
  /** The owner pauses the node. Absent or null: the node is not paused, or it is older and sends `node_drain` after the registration. */
  pause: reportedPauseSchema.nullish(),
  /** The owner lets the scheduler wake this computer. Absent or null: not allowed, or not possible over this connection. */
  wake_mac: wakeMacSchema.nullish(),
});

export const resourceUsageSchema = z.object({
  cpu_percent: percent,
  /** Null: unknown. Not sent to a scheduler whose acknowledgement has no `limits`: such a scheduler requires a number. */
  mem_percent: percent.nullable(),
  /** Absent: not measured. Null or outside 0-100, infinity included: the GPU is not usable now. So any number is valid. */
  gpu_percent: z
    .custom<number | null>((value) => value === null || typeof value === 'number', { error: 'expected number or null' })
    .optional(),
  gpu_mem_percent: percent.nullish(),
  /** The load without the processes of the pool. Null: unknown now. Absent: the node does not measure it. */
  owner_cpu_percent: percent.nullish(),
  owner_gpu_percent: percent.nullish(),
  running_jobs: count,
});

export const heartbeatGpuSchema = z.object({
  index: count,
  utilization_percent: percent.nullish(),
  memory_used_gb: memoryFigure,
  memory_total_gb: memoryFigure,
  temperature_c: z.number().nullish(),
  power_w: figure,
  available: z.boolean(),
});

export const nodeHeartbeatSchema = z.object({
  type: z.literal('node_heartbeat'),
  node_id: nodeIdSchema,
  timestamp: z.number().int(),
  resource_usage: resourceUsageSchema,
  gpus: z.array(heartbeatGpuSchema).max(MAX_GPUS).nullish(),
  installed_models: installedModelsSchema.nullish(),
  capability_state: capabilityStateSchema.nullish(),
  /** Of installed models. Absent or null: not reported. */
  model_residency: modelResidencySchema.nullish(),
  /** Of models whose state is not `ready`. Absent or null, also a malformed one: not reported. */
  model_reasons: modelReasonsSchema.nullish().catch(null),
  /** Whether the owner lets this scheduler control which models are in memory. Absent: an older node, which cannot do that. */
  model_control: z.boolean().nullish(),
  accept_public_jobs: z.boolean().nullish(),
  max_concurrent_jobs: z.number().int().min(1).max(MAX_CONCURRENT_JOBS).nullish(),
  limits: ownerLimitsSchema.nullish(),
});

const reason = text(512).nullish();
export const drainTimeoutSchema = z
  .number()
  .min(0)
  .max(30 * 24 * 3600);

export const nodeDrainSchema = z.object({
  type: z.literal('node_drain'),
  node_id: nodeIdSchema,
  reason,
  timeout_seconds: drainTimeoutSchema.nullish(),
  /** With a code, the message is the pause of the owner, which only the owner ends. Absent or null: a drain until the node registers again. */
  ...drainPauseFields,
});
export const nodeResumeSchema = z.object({ type: z.literal('node_resume'), node_id: nodeIdSchema });
export const nodeUnregisterSchema = z.object({ type: z.literal('node_unregister'), node_id: nodeIdSchema, reason });

const attempt = z.number().int().min(1);
export const jobAcceptedSchema = z.object({ type: z.literal('job_accepted'), job_id: jobIdSchema, attempt });
export const jobChunkSchema = z.object({ type: z.literal('job_chunk'), job_id: jobIdSchema, attempt, seq: count, data: z.unknown() });
export const jobResultSchema = z.object({
  type: z.literal('job_result'),
  job_id: jobIdSchema,
  attempt,
  node_id: nodeIdSchema,
  success: z.boolean(),
  output: z.unknown().optional(),
  error: z.object({ code: z.string().min(1).max(128), message: text(4096), details: z.unknown().optional() }).nullish(),
  processing_time_ms: z.number().min(0),
  /** Timings with an invalid field count as absent. The result stays valid. */
  timings: jobTimingsSchema.nullish().catch(null),
  trace_id: text(128),
});

/** The id of a `model_control`, which the answer repeats. */
export const controlRequestIdSchema = z.string().min(1).max(64);
/** The end of a `model_control`. `code`: one of `NODE_CONTROL_CODES`; a newer node may have more. */
export const modelControlResultSchema = z.object({
  type: z.literal('model_control_result'),
  request_id: controlRequestIdSchema,
  ok: z.boolean(),
  code: z.string().min(1).max(64).nullish(),
  message: text(MAX_CONTROL_MESSAGE).nullish(),
});

export const nodeMessageSchema = z.discriminatedUnion('type', [
  nodeRegisterSchema,
  nodeHeartbeatSchema,
  nodeDrainSchema,
  nodeResumeSchema,
  nodeUnregisterSchema,
  jobAcceptedSchema,
  jobChunkSchema,
  jobResultSchema,
  modelControlResultSchema,
]);

export type Platform = (typeof PLATFORMS)[number];
export type ModelKind = (typeof MODEL_KINDS)[number];
export type CapabilityState = (typeof CAPABILITY_STATES)[number];
export type Feature = keyof FeaturesSupported;
export type Gpu = z.infer<typeof gpuSchema>;
export type Hardware = z.infer<typeof hardwareSchema>;
export type InstalledModel = z.infer<typeof installedModelSchema>;
export type CapabilityStates = z.infer<typeof capabilityStateSchema>;
export type ModelResidencies = z.infer<typeof modelResidencySchema>;
export type ModelReasons = z.infer<typeof modelReasonsSchema>;
export type FeaturesSupported = z.infer<typeof featuresSchema>;
export type ResourceUsage = z.infer<typeof resourceUsageSchema>;
export type HeartbeatGpu = z.infer<typeof heartbeatGpuSchema>;
export type OwnerLimits = z.infer<typeof ownerLimitsSchema>;
export type NodeRegister = z.infer<typeof nodeRegisterSchema>;
export type NodeHeartbeat = z.infer<typeof nodeHeartbeatSchema>;
export type ModelControlResult = z.infer<typeof modelControlResultSchema>;
export type NodeMessage = z.infer<typeof nodeMessageSchema>;
/** A message as a sender writes it, without defaults. */
export type NodeMessageInput = z.input<typeof nodeMessageSchema>;
