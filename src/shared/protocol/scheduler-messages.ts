// The messages of a scheduler to a node (protocol §3).
import { z } from 'zod';
import { MAX_HEARTBEAT_INTERVAL_SECONDS, MIN_HEARTBEAT_INTERVAL_SECONDS } from './limits';
import { activeJobSchema, nodeIdSchema } from './node-messages';
import { taskSchema } from './tasks';
import { HEALTH_CHECKS, HEALTH_CODES, NODE_STATUSES } from './status';

const timeMs = z.number();
const count = z.number().int().min(0);

export const failedCheckSchema = z.object({
  check: z.enum(HEALTH_CHECKS),
  code: z.enum(HEALTH_CODES),
  message: z.string(),
  /** The values behind the code, for a UI with its own texts. */
  details: z.record(z.string(), z.unknown()).optional(),
});

export const healthSchema = z.object({
  /** Null before the first check: unknown is neither healthy nor unhealthy. */
  ok: z.boolean().nullable(),
  failed_checks: z.array(failedCheckSchema),
  consecutive_successes: count,
  required_successes: count,
  window: z.array(z.boolean()),
  failures_in_window: count,
  failure_threshold: count,
  /** The end of the warm-up, Unix ms; null unless `registering`. */
  warmup_deadline: timeMs.nullable(),
});

export const nodeRegisterAckSchema = z.object({
  type: z.literal('node_register_ack'),
  node_id: nodeIdSchema,
  node_token: z.string().min(1).max(256),
  message: z.literal('registered'),
  status: z.literal('registering'),
  heartbeat_interval_seconds: z.number().min(MIN_HEARTBEAT_INTERVAL_SECONDS).max(MAX_HEARTBEAT_INTERVAL_SECONDS),
  heartbeat_timeout_seconds: z.number().positive(),
  scheduler_version: z.string(),
  /** The frame limit of this scheduler. Absent: 16 MiB, the default of the protocol. */
  max_message_bytes: z.number().int().positive().optional(),
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
});

export const jobAssignSchema = z.object({
  type: z.literal('job_assign'),
  ...activeJobSchema.shape,
  task: taskSchema,
  required_models: z.array(z.string()),
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

export const schedulerMessageSchema = z.discriminatedUnion('type', [
  nodeRegisterAckSchema,
  nodeErrorSchema,
  nodeStatusSchema,
  jobAssignSchema,
  jobCancelSchema,
  jobResultAckSchema,
]);

export type FailedCheck = z.infer<typeof failedCheckSchema>;
export type Health = z.infer<typeof healthSchema>;
export type NodeRegisterAck = z.infer<typeof nodeRegisterAckSchema>;
export type NodeError = z.infer<typeof nodeErrorSchema>;
export type NodeStatusMessage = z.infer<typeof nodeStatusSchema>;
export type JobAssign = z.infer<typeof jobAssignSchema>;
export type JobCancel = z.infer<typeof jobCancelSchema>;
export type JobResultAck = z.infer<typeof jobResultAckSchema>;
export type SchedulerMessage = z.infer<typeof schedulerMessageSchema>;
