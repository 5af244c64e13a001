// The models that were asked for and that no node has (api §1).
import { z } from 'zod';

const count = z.number().int().min(0);

/** The scheduler remembers this many models, those that were asked for most often. */
export const MAX_MISSING_MODELS = 200;

export const missingModelSchema = z.object({
  model_id: z.string().max(256),
  /** Requests and jobs of the last 24 hours. */
  requests: z.number().int().min(1),
  /** The first of these requests, and the last one. */
  since: z.number(),
  last_at: z.number(),
  /** One word of the id mixes scripts, so the id may look like that of another model. */
  mixed_scripts: z.boolean(),
  /** The GPU memory that the model needs, estimated from its name. Null: the name has no size. */
  vram_gb: z.number().positive().nullable(),
  /** Nodes with as much GPU memory. Null: the size is unknown. */
  fits_nodes: count.nullable(),
});

export const missingModelsSchema = z.object({
  /** The counts begin here, or 24 hours ago if that is later. */
  since: z.number(),
  models: z.array(missingModelSchema).max(MAX_MISSING_MODELS),
});

export type MissingModel = z.infer<typeof missingModelSchema>;
export type MissingModels = z.infer<typeof missingModelsSchema>;
