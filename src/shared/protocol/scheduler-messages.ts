// The messages of a scheduler to a node (protocol §3).
import { z } from 'zod';
import { MAX_DETAILS, recordOf } from './bounded';
import { MAX_HEARTBEAT_INTERVAL_SECONDS, MAX_LEADER_EPOCH, MIN_HEARTBEAT_INTERVAL_SECONDS } from './limits';
import { MODEL_ACTIONS } from './model-control';
import { activeJobSchema, controlRequestIdSchema, modelIdSchema, nodeIdSchema } from './node-messages';
import { pauseViewSchema } from './pauses';
import { MAX_POOL_ADDRESSES, poolAddressSchema } from './pool-addresses';
import { taskSchema } from './tasks';
import { AVAILABILITY_STATES, EXCLUSION_REASONS, HEALTH_CHECKS, HEALTH_CODES, LIMIT_SOURCES, NODE_STATUSES } from './status';

/** The limit of the lists in messages of a scheduler. */
const MAX_REPORTED = 10_000;

const timeMs = z.number();
const count = z.number().int().min(0);

export const failedCheckSchema = z.object({
  check: z.enum(HEALTH_CHECKS),
  code: z.enum(HEALTH_CODES),
  message: z.string(),
  /** The values behind the code, for a UI with its own texts. */
  details: recordOf(z.string(), z.unknown(), MAX_DETAILS).optional(),
});

export const healthSchema = z.object({
  /** Null before the first check: unknown is neither healthy nor unhealthy. */
  ok: z.boolean().nullable(),
  failed_checks: z.array(failedCheckSchema).max(MAX_REPORTED),
  consecutive_successes: count,
  required_successes: count,
  window: z.array(z.boolean()).max(MAX_REPORTED),
  failures_in_window: count,
  failure_threshold: count,
  /** The end of the warm-up, Unix ms; null unless `registering`. */
  warmup_deadline: timeMs.nullable(),
});

const limitPercent = z.number().min(0).max(100).nullable();
const limitSource = z.enum(LIMIT_SOURCES);
/** The limits of the load that are in force on a node, percent. Null: no limit. `set_by`: who set each of them. */
export const loadLimitsSchema = z.object({
  cpu_percent: limitPercent,
  gpu_percent: limitPercent,
  mem_percent: limitPercent,
  set_by: z.object({ cpu: limitSource, gpu: limitSource, mem: limitSource }),
});

/** One filter that a node does not pass. `wanted`: the value that the job requires; `found`: the value of the node. */
export const exclusionSchema = z.object({
  filter: z.string(),
  code: z.enum(EXCLUSION_REASONS),
  wanted: z.json(),
  found: z.json(),
});

/** What the node can do now. `reasons`: every filter that keeps all jobs away; empty for an available node. */
export const availabilitySchema = z.object({
  state: z.enum(AVAILABILITY_STATES),
  reasons: z.array(exclusionSchema).max(MAX_REPORTED),
  since: timeMs,
});

/** A request to drain the node. The deadline is null once the node is drained. */
export const drainViewSchema = z.object({
  by: z.enum(['operator', 'node']),
  reason: z.string().nullable(),
  requested_at: timeMs,
  deadline_at: timeMs.nullable(),
});

/** An operator does not trust the node: it gets no jobs until the operator releases it. */
export const quarantineViewSchema = z.object({ by: z.literal('operator'), reason: z.string().nullable(), since: timeMs });

/** The model gets no jobs on the node until `until` (Unix ms). Null: the time is over, and one job at a time tests the model. */
export const failingModelSchema = z.object({
  model_id: z.string(),
  /** Failed attempts in a row. */
  failures: z.number().int().min(1),
  until: timeMs.nullable(),
  /** True: the model gets jobs all the same, because no other node could confirm its errors. */
  takes_jobs: z.boolean().optional(),
  /** The error of the last failed attempt. */
  last_error: z.object({ code: z.string(), message: z.string() }).nullable(),
});

export const nodeRegisterAckSchema = z.object({
  type: z.literal('node_register_ack'),
  node_id: nodeIdSchema,
  node_token: z.string().min(1).max(256),
  /**
   * `GET /api/v1/proof` at this address and port proves that the scheduler knows this token. Absent: a scheduler without this proof, or the
   * connection does not end on loopback.
   */
  proves_token_at: z.string().max(64).optional(),
  /** The next credential of the member, for later upgrades. Absent: the node has no member. */
  member_credential: z.string().min(1).max(256).optional(),
  message: z.literal('registered'),
  status: z.literal('registering'),
  heartbeat_interval_seconds: z.number().min(MIN_HEARTBEAT_INTERVAL_SECONDS).max(MAX_HEARTBEAT_INTERVAL_SECONDS),
  heartbeat_timeout_seconds: z.number().positive(),
  scheduler_version: z.string(),
  /** The frame limit of this scheduler. Absent: 16 MiB, the default of the protocol. */
  max_message_bytes: z.number().int().positive().optional(),
  /** Absent: an older scheduler. */
  limits: loadLimitsSchema.optional(),
  /**
   * The addresses of all schedulers of the pool. An invalid list counts as absent, since the registration is valid without it. Absent or
   * null: an older scheduler, or one without others.
   */
  addresses: z.array(poolAddressSchema).max(MAX_POOL_ADDRESSES).nullish().catch(null),
  /**
   * The epoch of the leader of a cluster. Absent or null: a scheduler that is alone, or a leader of an earlier version. An invalid one counts
   * as absent: a node that believed in it would accept no other leader.
   */
  leader_epoch: z.number().int().min(1).max(MAX_LEADER_EPOCH).nullish().catch(null),
  timestamp: timeMs,
});

export const nodeErrorSchema = z.object({
  type: z.enum(['node_error', 'error']),
  node_id: z.string().nullish(),
  code: z.string().min(1).max(128),
  message: z.string().max(4096),
  details: z.looseObject({ field: z.string().optional(), reason: z.string().optional() }).nullish(),
});

export const nodeStatusSchema = z.object({
  type: z.literal('node_status'),
  node_id: nodeIdSchema,
  status: z.enum(NODE_STATUSES),
  reason: z.string(),
  reason_code: z.string(),
  timestamp: timeMs,
  periodic: z.boolean().optional(),
  previous_status: z.enum(NODE_STATUSES).nullable(),
  since: timeMs,
  online: z.boolean(),
  in_flight_jobs: count,
  max_concurrent_jobs: count,
  health: healthSchema,
  /** Absent, here and below: an older scheduler. Slots that the node has shown so far, at most `max_concurrent_jobs`. */
  usable_slots: count.optional(),
  availability: availabilitySchema.optional(),
  limits: loadLimitsSchema.optional(),
  drain: drainViewSchema.nullable().optional(),
  pause: pauseViewSchema.nullable().optional(),
  quarantine: quarantineViewSchema.nullable().optional(),
  failing_models: z.array(failingModelSchema).max(MAX_REPORTED).optional(),
});

export const jobAssignSchema = z.object({
  type: z.literal('job_assign'),
  ...activeJobSchema.shape,
  task: taskSchema,
  required_models: z.array(z.string().max(256)).max(MAX_REPORTED),
  /** The attempt timeout, from the arrival of this message. */
  timeout_seconds: z.number().positive(),
  /** The result of a streamed task must hold its events, too, since no client waits for them. */
  keep_stream: z.boolean().optional(),
  /** A client waits for the result on a connection. The node need not keep the result on disk. */
  interactive: z.boolean().optional(),
  trace_id: z.string().max(128),
});

export const jobCancelSchema = z.object({ type: z.literal('job_cancel'), ...activeJobSchema.shape, reason: z.string().max(128) });

export const jobResultAckSchema = z.object({ type: z.literal('job_result_ack'), ...activeJobSchema.shape });

/** Jobs wait only for the load of this node: it answers with a heartbeat. */
export const loadRequestSchema = z.object({ type: z.literal('load_request'), node_id: nodeIdSchema });

/** Loads, unloads, pins or unpins a model. Sent only to nodes whose heartbeat has `model_control: true`. */
export const modelControlSchema = z.object({
  type: z.literal('model_control'),
  request_id: controlRequestIdSchema,
  model_id: modelIdSchema,
  action: z.enum(MODEL_ACTIONS),
});

export const schedulerMessageSchema = z.discriminatedUnion('type', [
  nodeRegisterAckSchema,
  nodeErrorSchema,
  nodeStatusSchema,
  jobAssignSchema,
  jobCancelSchema,
  jobResultAckSchema,
  loadRequestSchema,
  modelControlSchema,
]);

export type FailedCheck = z.infer<typeof failedCheckSchema>;
export type Health = z.infer<typeof healthSchema>;
export type NodeRegisterAck = z.infer<typeof nodeRegisterAckSchema>;
export type NodeError = z.infer<typeof nodeErrorSchema>;
export type NodeStatusMessage = z.infer<typeof nodeStatusSchema>;
export type JobAssign = z.infer<typeof jobAssignSchema>;
export type JobCancel = z.infer<typeof jobCancelSchema>;
export type JobResultAck = z.infer<typeof jobResultAckSchema>;
export type LoadLimitsView = z.infer<typeof loadLimitsSchema>;
export type AvailabilityView = z.infer<typeof availabilitySchema>;
export type Exclusion = z.infer<typeof exclusionSchema>;
export type FailingModel = z.infer<typeof failingModelSchema>;
export type ModelControlMessage = z.infer<typeof modelControlSchema>;
export type LoadRequest = z.infer<typeof loadRequestSchema>;
export type SchedulerMessage = z.infer<typeof schedulerMessageSchema>;
