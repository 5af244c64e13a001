// The requirements of a job, and the explanation of a dispatch decision (lifecycle §3, api §1). Used by HTTP API, CLI and renderer.
import { z } from 'zod';
import { atMost, MAX_LIST } from '../protocol/bounded';
import { FEATURES, MODEL_KINDS, modelIdSchema, nodeIdSchema } from '../protocol/node-messages';
import { exclusionSchema } from '../protocol/scheduler-messages';
import { EXCLUSION_REASONS } from '../protocol/status';
import { holdSchema, predictionSchema } from './prediction';
import { TASK_KINDS } from '../protocol/task-kinds';
import { jobWakeSchema } from './wake';
import { changeOutcomeSchema, changeSchema, MAX_CHANGES, reasonGroupSchema } from './what-if';

export const requiredKindSchema = z.strictObject({
  kind: z.enum(MODEL_KINDS),
  src_lang: z.string().max(64).optional(),
  tgt_lang: z.string().max(64).optional(),
});

/** The model must be ready on the node and accept this kind of task. */
export const requiredTaskSchema = z.strictObject({ model_id: modelIdSchema, task: z.enum(TASK_KINDS) });

export const jobRequirementsSchema = z.strictObject({
  required_models: z.array(modelIdSchema).max(64).default([]),
  /** For a job it is derived from the task. */
  required_task: requiredTaskSchema.optional(),
  required_kinds: z.array(requiredKindSchema).max(16).optional(),
  required_features: z.array(z.enum(FEATURES)).max(FEATURES.length).optional(),
  /** Public jobs run only on nodes whose owner accepts public jobs. Default: true. */
  public: z.boolean().default(true),
  node_id: nodeIdSchema.optional(),
  min_gpu_memory_gb: z.number().min(0).max(65_536).optional(),
});

/** Above the number of nodes of any pool: the limit for all nodes. */
export const MAX_NODE_LIMIT = 1_000_000;

/** The number of nodes that are listed with the filters they do not pass. The counts per reason include all nodes. */
export const nodeLimitSchema = z.number().int().min(0).max(MAX_NODE_LIMIT);

/** Above the largest context of a model. */
const MAX_TOKENS = 1_000_000_000;
const tokens = z.number().int().min(0).max(MAX_TOKENS).optional();

/**
 * Default of `node_limit`: all nodes. `input_tokens`, `output_tokens`: the size of the request, for other tasks than text in units of input;
 * the default is the size that the scheduler expects of the model.
 */
export const explainRequestSchema = z.strictObject({
  ...jobRequirementsSchema.shape,
  node_limit: nodeLimitSchema.optional(),
  input_tokens: tokens,
  output_tokens: tokens,
  /** The answer has `groups`. */
  grouped: z.boolean().optional(),
  what_if: z.array(changeSchema).max(MAX_CHANGES).optional(),
});

export const reasonCountSchema = z.object({ count: z.number().int().min(0), examples: z.array(nodeIdSchema).max(5) });

const byReason = <Value extends z.ZodType>(value: Value) =>
  atMost(EXCLUSION_REASONS.length, z.partialRecord(z.enum(EXCLUSION_REASONS), value));

/** The nodes per first reason (docs/dispatch.md). */
const reasonCountsSchema = byReason(reasonCountSchema);

/** A node and all filters that it does not pass. */
export const explainedNodeSchema = z.object({ node_id: nodeIdSchema, excluded: z.array(exclusionSchema).max(MAX_LIST) });

/** A name that is no model, and the model that serves it. `fallback`: a model of the alias before it was not ready. */
export const modelNameSchema = z.object({ name: modelIdSchema, model: modelIdSchema, by: z.enum(['alias', 'fallback', 'auto']) });

/** More than the models of a request. */
const MAX_NAMES = 65;

export const explanationSchema = z.object({
  chosen: nodeIdSchema.nullable(),
  /** The aliases of the request, and `auto`. Absent: it names models only. */
  names: z.array(modelNameSchema).max(MAX_NAMES).optional(),
  /** All nodes of the pool, listed or not. */
  nodes_total: z.number().int().min(0),
  reasons: reasonCountsSchema,
  nodes: z.array(explainedNodeSchema).max(MAX_LIST),
  /** Why the node was chosen. Absent: no node was, or an earlier version answers. */
  prediction: predictionSchema.optional(),
  /** The job would wait for this node first, unless others wait for it. Absent: the chosen node would get the job at once. */
  held: holdSchema.optional(),
  /** The sleeping node that is woken for the job. Absent: none is. */
  wake: jobWakeSchema.optional(),
  groups: z.array(reasonGroupSchema).max(EXCLUSION_REASONS.length).optional(),
  /** The outcome of each change of the request. */
  what_if: z.array(changeOutcomeSchema).max(MAX_CHANGES).optional(),
});

/** Per reason. */
export const MAX_EXAMPLE_MODELS = 3;

/** Totals of all dispatches without an eligible node, since the last reset. */
export const exclusionsSchema = z.object({
  since: z.number(),
  reasons: byReason(
    reasonCountSchema.extend({
      /** Models of the newest of these requests, newest first. Absent: from an older scheduler. */
      models: z.array(modelIdSchema).max(MAX_EXAMPLE_MODELS).optional(),
    }),
  ),
});

/** The missed jobs of a node in the last hour, by reason. `wanted`, `found`: those of the last missed job of the reason. */
export const missedJobsSchema = z.object({
  window_seconds: z.number(),
  /** Unix ms: the start of the window, in whole minutes, or of the scheduler if that was later. */
  since: z.number(),
  total: z.number().int().min(0),
  reasons: z
    .array(
      z.object({
        code: z.enum(EXCLUSION_REASONS),
        count: z.number().int().min(1),
        wanted: z.json(),
        found: z.json(),
        /** Whether all of these jobs wanted the same models. Absent: not compared, or from an older scheduler. */
        same: z.boolean().optional(),
      }),
    )
    .max(EXCLUSION_REASONS.length),
});

export type RequiredKindView = z.infer<typeof requiredKindSchema>;
export type RequiredTaskView = z.infer<typeof requiredTaskSchema>;
export type JobRequirementsView = z.infer<typeof jobRequirementsSchema>;
export type { Exclusion } from '../protocol/scheduler-messages';
export type ExplainRequest = z.infer<typeof explainRequestSchema>;
export type ModelName = z.infer<typeof modelNameSchema>;
export type Explanation = z.infer<typeof explanationSchema>;
export type Exclusions = z.infer<typeof exclusionsSchema>;
export type MissedJobs = z.infer<typeof missedJobsSchema>;
