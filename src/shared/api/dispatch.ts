// What a job needs of a node, and how a choice is explained (lifecycle §3, api §1). Used by HTTP, CLI and renderer alike.
import { z } from 'zod';
import { FEATURES, MODEL_KINDS, modelIdSchema, nodeIdSchema } from '../protocol/node-messages';
import { EXCLUSION_REASONS } from '../protocol/status';
import { TASK_KINDS } from '../protocol/task-kinds';

export const requiredKindSchema = z.strictObject({
  kind: z.enum(MODEL_KINDS),
  src_lang: z.string().max(64).optional(),
  tgt_lang: z.string().max(64).optional(),
});

/** A model that must not only be ready, but take this kind of task on the node. */
export const requiredTaskSchema = z.strictObject({ model_id: modelIdSchema, task: z.enum(TASK_KINDS) });

export const jobRequirementsSchema = z.strictObject({
  required_models: z.array(modelIdSchema).max(64).default([]),
  /** Of a job it follows from its task. */
  required_task: requiredTaskSchema.optional(),
  required_kinds: z.array(requiredKindSchema).max(16).optional(),
  required_features: z.array(z.enum(FEATURES)).max(FEATURES.length).optional(),
  /** A public job goes only to nodes whose owner accepts public jobs; a job that says nothing is public. */
  public: z.boolean().default(true),
  node_id: nodeIdSchema.optional(),
  min_gpu_memory_gb: z.number().min(0).max(65_536).optional(),
});

/** One filter that a node does not pass: what was wanted and what was found, for people and programs to compare. */
export const exclusionSchema = z.object({
  filter: z.string(),
  code: z.enum(EXCLUSION_REASONS),
  wanted: z.json(),
  found: z.json(),
});

/** More nodes than any pool has: for a caller that wants all. */
export const MAX_NODE_LIMIT = 1_000_000;

/** How many nodes are shown one by one with what they lack; the counts per reason are of all nodes. */
export const nodeLimitSchema = z.number().int().min(0).max(MAX_NODE_LIMIT);

/** Without a `node_limit` every node is shown. */
export const explainRequestSchema = z.strictObject({ ...jobRequirementsSchema.shape, node_limit: nodeLimitSchema.optional() });

export const reasonCountSchema = z.object({ count: z.number().int().min(0), examples: z.array(nodeIdSchema).max(5) });

/** Nodes by the first filter that they do not pass. */
const reasonCountsSchema = z.partialRecord(z.enum(EXCLUSION_REASONS), reasonCountSchema);

/** A node with every filter that it does not pass. */
export const explainedNodeSchema = z.object({ node_id: nodeIdSchema, excluded: z.array(exclusionSchema) });

export const explanationSchema = z.object({
  chosen: nodeIdSchema.nullable(),
  /** Nodes of the pool, shown or not. */
  nodes_total: z.number().int().min(0),
  reasons: reasonCountsSchema,
  nodes: z.array(explainedNodeSchema),
});

/** Counts over all dispatches without a candidate since the last reset. */
export const exclusionsSchema = z.object({
  since: z.number(),
  reasons: reasonCountsSchema,
});

/** The jobs that a node missed in the last hour, by reason, with the wanted and found values of the last one. */
export const missedJobsSchema = z.object({
  window_seconds: z.number(),
  /** Unix ms; from when on it is counted: an hour ago, in whole minutes, or the scheduler's start if that was later. */
  since: z.number(),
  total: z.number().int().min(0),
  reasons: z.array(z.object({ code: z.enum(EXCLUSION_REASONS), count: z.number().int().min(1), wanted: z.json(), found: z.json() })),
});

export type RequiredKind = z.infer<typeof requiredKindSchema>;
export type RequiredTask = z.infer<typeof requiredTaskSchema>;
export type JobRequirements = z.infer<typeof jobRequirementsSchema>;
export type Exclusion = z.infer<typeof exclusionSchema>;
export type ExplainRequest = z.infer<typeof explainRequestSchema>;
export type Explanation = z.infer<typeof explanationSchema>;
export type Exclusions = z.infer<typeof exclusionsSchema>;
export type MissedJobs = z.infer<typeof missedJobsSchema>;
