// The models of the pool as OpenAI's list of models, each with the number of nodes on which it is ready.
import { z } from 'zod';
import { MAX_LIST } from '../../../../../shared/protocol/bounded';
import { MODEL_KINDS } from '../../../../../shared/protocol/node-messages';
import { TASK_KINDS } from '../../../../../shared/protocol/task-kinds';
import { figuresOf, type PoolModel } from '../../../dispatch/pool-models';

export const openAiModelSchema = z.object({
  id: z.string(),
  object: z.literal('model'),
  /** Unix seconds at which this scheduler started: clients require a number, and the age of a model is not known. */
  created: z.number().int(),
  owned_by: z.literal('muster'),
  muster: z.object({
    kind: z.enum(MODEL_KINDS),
    nodes_ready: z.number().int().min(0),
    /** The nodes that have it in memory, of those on which it is ready. */
    nodes_loaded: z.number().int().min(0),
    nodes_installed: z.number().int().min(1),
    /** The tasks that some node accepts for the model; null: a node does not report its tasks. */
    tasks: z.array(z.enum(TASK_KINDS)).max(TASK_KINDS.length).nullable(),
    /** The largest GPU memory that it used on a node, GB. Absent: not reported. */
    vram_gb: z.number().min(0).optional(),
    /** The mean of the nodes that measured it. Absent: none has. */
    tokens_per_second: z.number().positive().optional(),
  }),
});
export const openAiModelListSchema = z.object({ object: z.literal('list'), data: z.array(openAiModelSchema).max(MAX_LIST) });
export type OpenAiModel = z.infer<typeof openAiModelSchema>;

/** `created`: Unix seconds. */
export const openAiModelOf = (
  { modelId: id, kind, nodesReady, nodesLoaded, nodesInstalled, tasks, ...figures }: PoolModel,
  created: number,
): OpenAiModel => ({
  id,
  object: 'model',
  created,
  owned_by: 'muster',
  muster: {
    kind,
    nodes_ready: nodesReady,
    nodes_loaded: nodesLoaded,
    nodes_installed: nodesInstalled,
    tasks: tasks === null ? null : [...tasks],
    ...figuresOf(figures),
  },
});
