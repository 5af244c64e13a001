// The models of the pool as OpenAI's list of models, each with the number of nodes on which it is ready.
import { z } from 'zod';
import { AUTO_MODEL, MAX_ALIAS_TARGETS, type ModelAliases } from '../../../../../shared/model-aliases';
import { takesPath } from '../../../../../shared/model-tasks';
import { MAX_LIST } from '../../../../../shared/protocol/bounded';
import { abilitiesSchema, contextTokensSchema } from '../../../../../shared/protocol/model-abilities';
import { MODEL_KINDS } from '../../../../../shared/protocol/node-messages';
import { type ServerPath, TASK_KINDS } from '../../../../../shared/protocol/task-kinds';
import { bestModel, NO_NEEDS } from '../../client-apis/core/model-choice';
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

interface ListOptions {
  readonly aliases: ModelAliases;
  readonly mayUse: (model: string) => boolean;
  /** Lists the models for this path alone. Null: all. */
  readonly path: ServerPath | null;
  readonly created: number;
}

/** The ready models that the caller may use, then the aliases and `auto` that have such a model. An alias hides a model of its name. */
export function listedModels(ready: readonly PoolModel[], { aliases, mayUse, path, created }: ListOptions): readonly OpenAiModel[] {
  const usable = ready.filter((model) => mayUse(model.modelId) && (path === null || takesPath(model, path)));
  const byId = new Map(usable.map((model) => [model.modelId, model]));
  const models = usable
    .filter(({ modelId }) => modelId !== AUTO_MODEL && !aliases.has(modelId))
    .map((model) => openAiModelOf(model, created));
  const names = [...aliases].flatMap(([name, targets]) => {
    const served = targets.find((target) => byId.has(target));
    const model = served === undefined ? undefined : byId.get(served);
    return model === undefined ? [] : [aliasOf(name, targets.filter(mayUse), model, created)];
  });
  const best = bestModel(usable, [path ?? '/v1/chat/completions'], NO_NEEDS);
  return [...models, ...names, ...(best === null ? [] : [aliasOf(AUTO_MODEL, [best.modelId], best, created)])];
}

export function aliasOf(name: string, targets: readonly string[], model: PoolModel, created: number): OpenAiModel {
  const { muster, ...entry } = openAiModelOf(model, created);
  return { ...entry, id: name, muster: { ...muster, alias_for: [...targets] } };
}
