// The models of the pool and their other names as OpenAI's list of models, each with the number of nodes on which it is ready.
import { z } from 'zod';
import { MAX_ALIAS_TARGETS } from '../../../../../shared/model-aliases';
import { MAX_LIST } from '../../../../../shared/protocol/bounded';
import { abilitiesSchema, contextTokensSchema } from '../../../../../shared/protocol/model-abilities';
import { MODEL_KINDS } from '../../../../../shared/protocol/node-messages';
import { TASK_KINDS } from '../../../../../shared/protocol/task-kinds';
import { figuresOf } from '../../../dispatch/pool-models';
import type { ListedModel } from '../../client-apis/core/listed-models';

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
    /** What some node reports that the model can do. Absent, also a single ability: not known. */
    abilities: abilitiesSchema.optional(),
    /** The longest prompt with its answer, tokens: the smallest of the nodes that report it. Absent: none does. */
    context_tokens: contextTokensSchema.optional(),
    /** The entry is another name: these models serve it, in order. The figures are those of the first ready one. Absent: a model. */
    alias_for: z.array(z.string()).max(MAX_ALIAS_TARGETS).optional(),
  }),
});
export const openAiModelListSchema = z.object({ object: z.literal('list'), data: z.array(openAiModelSchema).max(MAX_LIST) });
export type OpenAiModel = z.infer<typeof openAiModelSchema>;

/** `created`: Unix seconds. */
export function openAiModelOf({ id, model, aliasFor }: ListedModel, created: number): OpenAiModel {
  const { kind, nodesReady, nodesLoaded, nodesInstalled, tasks, ...figures } = model;
  return {
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
      ...(aliasFor === null ? {} : { alias_for: [...aliasFor] }),
    },
  };
}
