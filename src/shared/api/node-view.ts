// A node in the HTTP API and the dashboard (api §1).
import { z } from 'zod';
import { MAX_DETAILS, MAX_LIST, recordOf } from '../protocol/bounded';
import {
  capabilityStateSchema,
  featuresSchema,
  hardwareSchema,
  heartbeatGpuSchema,
  modelIdSchema,
  modelReasonsSchema,
  modelResidencySchema,
  installedModelSchema,
  nodeIdSchema,
  PLATFORMS,
  resourceUsageSchema,
} from '../protocol/node-messages';
import {
  availabilitySchema,
  drainViewSchema,
  failingModelSchema,
  healthSchema,
  loadLimitsSchema,
  quarantineViewSchema,
} from '../protocol/scheduler-messages';
import { MAX_MODELS } from '../protocol/limits';
import { pauseViewSchema } from '../protocol/pauses';
import { NODE_STATUSES, REMOVAL_REASONS } from '../protocol/status';
import { missedJobsSchema } from './dispatch';
import { openJobCountsSchema } from './job';
import { joinRequestsSchema } from './join-requests';
import { nodeWakeSchema } from './wake';
import { nodeTagsSchema } from './node-tags';

const timeMs = z.number();
const count = z.number().int().min(0);
const sharedUse = z.object({ pool: z.number().min(0), owner: z.number().min(0) });

/** `same`: another node has this name. `similar`: the name looks like that of another node, or one word mixes scripts. */
const NAME_CONFLICTS = ['same', 'similar'] as const;
export type NameConflict = (typeof NAME_CONFLICTS)[number];

/** Means of the last jobs: tokens of one answer per second, and the time to load the model. Absent: not seen. */
const modelRatesViewSchema = z.object({ tokens_per_second: z.number().min(0).optional(), load_seconds: z.number().min(0).optional() });

export const nodeViewSchema = z.object({
  node_id: nodeIdSchema,
  name: z.string(),
  /** Null: no other node has a name that looks like this one. Absent: from an older scheduler. */
  name_conflict: z.enum(NAME_CONFLICTS).nullable().optional(),
  platform: z.enum(PLATFORMS),
  version: z.string(),
  hardware: hardwareSchema,
  /** Whether any GPU is simulated. Every view of the node must show this. */
  simulated: z.boolean(),
  /**
   * Counts of the models. `mixed_scripts`: ids in which one word mixes scripts, so that they look like another id. Absent: from an older
   * scheduler.
   */
  models: z.object({ installed: count, enabled: count, ready: count, mixed_scripts: count.optional() }).optional(),
  /** The models and their states. Absent in lists and events: `GET /api/v1/nodes/{node_id}` has them. */
  installed_models: z.array(installedModelSchema).max(MAX_LIST).optional(),
  capability_state: capabilityStateSchema.nullable().optional(),
  /** Which models are in memory; one that is left out: unknown. Absent in lists and events, and from an older scheduler. */
  model_residency: modelResidencySchema.optional(),
  /**
   * Why models are not ready, by codes of the node. One that is left out: not known. Absent in lists and events, and from an older
   * scheduler.
   */
  model_reasons: modelReasonsSchema.optional(),
  /** How fast the node ran its models for the pool, since the scheduler started. Absent as the models are; a model that is left out: unknown. */
  model_rates: recordOf(modelIdSchema, modelRatesViewSchema, MAX_MODELS).optional(),
  /** Whether the owner of the node permits control of its models. Absent: an older node or scheduler. */
  model_control: z.boolean().optional(),
  features_supported: featuresSchema,
  advanced_features: z.array(z.string()).max(MAX_LIST),
  accept_public_jobs: z.boolean(),
  status: z.enum(NODE_STATUSES),
  reason_code: z.string(),
  reason: z.string(),
  previous_status: z.enum(NODE_STATUSES).nullable(),
  since: timeMs,
  online: z.boolean(),
  /** Absent, here and in `limits`: an older scheduler. */
  availability: availabilitySchema.optional(),
  limits: loadLimitsSchema.optional(),
  /** Null before the first heartbeat after the registration. */
  last_heartbeat_at: timeMs.nullable(),
  resource_usage: resourceUsageSchema.nullable(),
  gpus: z.array(heartbeatGpuSchema).max(MAX_LIST).nullable(),
  /**
   * How much the pool and the owner use: percent of all GPUs, and GB. Null: not reported. `vram_gb.pool`: of the models in memory, by their
   * sizes, so an estimate. Absent: from an older scheduler, or for a member of the pool.
   */
  use: z.object({ gpu_percent: sharedUse.nullable(), vram_gb: sharedUse.nullable() }).optional(),
  /** Generated in the last 20 seconds; estimated while an answer is generated. Absent: nothing was generated. */
  tokens_per_second: z.number().min(0).optional(),
  in_flight_jobs: z.number().int().min(0),
  max_concurrent_jobs: z.number().int().min(1),
  /**
   * Slots that the node has shown so far, at most `max_concurrent_jobs`. Absent: not registered since the scheduler started, or from an older
   * scheduler.
   */
  usable_slots: z.number().int().min(0).optional(),
  /** Of a full node: when one of its jobs should end, as predicted. Absent: not known, or the node is not full. */
  next_slot_at: timeMs.optional(),
  health: healthSchema,
  drain: drainViewSchema.nullable(),
  /** Absent, here and below: from an older scheduler. */
  pause: pauseViewSchema.nullable().optional(),
  quarantine: quarantineViewSchema.nullable().optional(),
  /** Null: the owner does not let the scheduler wake the node. */
  wake: nodeWakeSchema.nullable().optional(),
  /** Given by operators. Absent: from an older scheduler, or for a member of the pool. */
  tags: nodeTagsSchema.optional(),
  /** Models whose last attempts failed on this node, at most 20. Absent: from an older scheduler. */
  failing_models: z.array(failingModelSchema).max(MAX_LIST).optional(),
  missed_jobs: missedJobsSchema,
});
export type NodeView = z.infer<typeof nodeViewSchema>;

export const MAX_NODES_PER_PAGE = 500;
const DEFAULT_NODES_PER_PAGE = 200;

/** The query of `GET /api/v1/nodes`. `cursor`: `next_cursor` of the page before. */
export const nodesQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(MAX_NODES_PER_PAGE).default(DEFAULT_NODES_PER_PAGE),
  cursor: nodeIdSchema.optional(),
});

/** A page of the nodes, in the order of their ids. `next_cursor` null: the last page. */
export const nodePageSchema = z.object({ nodes: z.array(nodeViewSchema).max(MAX_LIST), next_cursor: z.string().nullable() });
export type NodePage = z.infer<typeof nodePageSchema>;

/** The pool as a whole, for the dashboard. */
export const poolSummarySchema = z.object({
  scheduler_version: z.string(),
  started_at: timeMs,
  /** The scheduler leads a cluster. Absent: it is alone. */
  in_cluster: z.boolean().optional(),
  required_models: z.array(z.string()).max(MAX_LIST),
  /** The jobs that have not ended, at most half a second old. Absent: an older scheduler does not report it. */
  open_jobs: openJobCountsSchema.optional(),
  heartbeat_interval_seconds: z.number(),
  heartbeat_timeout_seconds: z.number(),
  /** Set during an eviction pause: many nodes were lost at once, and the scheduler does not requeue their jobs yet. */
  mass_loss: z.object({ lost: z.number().int(), of: z.number().int(), since: timeMs }).nullable(),
});
export type PoolSummary = z.infer<typeof poolSummarySchema>;

/**
 * Events of `GET /api/v1/events`. The first event of a new stream is a snapshot. `id:` is a sequence without gaps. `join_requests` has no
 * `id:`, and only callers that may decide about the requests get it: after every change, and at first when there are requests or the
 * stream resumes.
 */
export const poolEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('snapshot'), pool: poolSummarySchema, nodes: z.array(nodeViewSchema).max(MAX_LIST) }),
  z.object({ type: z.literal('node_changed'), node: nodeViewSchema }),
  z.object({ type: z.literal('node_removed'), node_id: nodeIdSchema, reason_code: z.enum(REMOVAL_REASONS) }),
  z.object({ type: z.literal('pool_changed'), pool: poolSummarySchema }),
  z.object({ type: z.literal('join_requests'), join_requests: joinRequestsSchema }),
]);
export type PoolEvent = z.infer<typeof poolEventSchema>;

export const errorBodySchema = z.object({
  error: z.object({ code: z.string(), message: z.string(), details: recordOf(z.string(), z.json(), MAX_DETAILS).nullable() }),
});
export type ErrorBody = z.infer<typeof errorBodySchema>;

export const healthzSchema = z.object({
  status: z.literal('ok'),
  version: z.string(),
  protocol: z.string(),
  uptime_seconds: z.number(),
});

export const drainBodySchema = z.strictObject({
  timeout_seconds: z
    .number()
    .min(0)
    .max(30 * 24 * 3600)
    .optional(),
  reason: z.string().max(512).optional(),
});

export const quarantineBodySchema = z.strictObject({ reason: z.string().max(512).optional() });
