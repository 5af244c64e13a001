// The predicted time of a job on nodes, and how its node was chosen (ADR 0024).
import { z } from 'zod';
import { nodeIdSchema } from '../protocol/node-messages';

/**
 * `predicted`: the node that should finish first. `affinity`: the same, because the prompt is probably in its cache. `only`: the only
 * node for this job. `fallback`: chosen without predicted times, because no rates are known or another strategy is set.
 */
export const ROUTES = ['predicted', 'affinity', 'only', 'fallback'] as const;

const seconds = z.number().min(0);

const predictedNodeSchema = z.object({
  node_id: nodeIdSchema,
  /** Until the last token: the sum of the terms without `displaced`. */
  seconds,
  terms: z.object({
    /** Until a full node has a free slot. */
    slot: seconds,
    /** For prompts that the node got earlier. */
    wait: seconds,
    /** To load the model. */
    load: seconds,
    /** For the prompt without its cached tokens, or for the input. */
    input: seconds,
    output: seconds,
    /** That other prompts will need again, because this one takes their place in the cache. Counts in the comparison only. */
    displaced: seconds,
  }),
  /** Tokens of the prompt that the node probably has in its cache. */
  cached_tokens: z.number().int().min(0),
  /** False: the node has not run the model yet, so the rates of similar nodes count. */
  measured: z.boolean(),
});

/** The nodes in the order of preference, at most four. The first one is the chosen node. */
export const predictionSchema = z.object({ route: z.enum(ROUTES), nodes: z.array(predictedNodeSchema).max(4) });

/**
 * A job waits for a full node, because it should finish earlier there than on the best free node, with the wait for a slot counted. The
 * prediction is the one of the latest decision about the job.
 */
export const holdSchema = z.object({
  reason: z.literal('held_for_node'),
  node: predictedNodeSchema,
  best_free: predictedNodeSchema,
  /** A job is held at most this long. Then it goes to the best free node. */
  max_seconds: seconds,
});

/** Of a job that waits. `until`: Unix ms. */
export const heldJobSchema = z.object({ ...holdSchema.shape, until: z.number() });

export type Route = (typeof ROUTES)[number];
export type PredictedNodeView = z.infer<typeof predictedNodeSchema>;
export type PredictionView = z.infer<typeof predictionSchema>;
export type HoldView = z.infer<typeof holdSchema>;
