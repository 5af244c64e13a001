// The models that a key sees in the lists of the client APIs: models of the pool, aliases of the operator, and `auto` (ADR 0049).
import { AUTO_MODEL, type ModelAliases } from '../../../../../shared/model-aliases';
import { takesPath } from '../../../../../shared/model-tasks';
import type { ServerPath } from '../../../../../shared/protocol/task-kinds';
import type { PoolModel } from '../../../dispatch/pool-models';
import { bestModel, NO_NEEDS } from './model-choice';

export interface ListedModel {
  readonly id: string;
  /** Of another name: the first ready model that serves it. */
  readonly model: PoolModel;
  /** The id is another name: these models serve it, in order. Null: it is the model itself. */
  readonly aliasFor: readonly string[] | null;
}

interface ListOptions {
  readonly aliases: ModelAliases;
  readonly mayUse: (model: string) => boolean;
  /** Lists the models for this path alone. Null: all. */
  readonly path: ServerPath | null;
}

export const itself = (model: PoolModel): ListedModel => ({ id: model.modelId, model, aliasFor: null });

/** The ready models that the caller may use, then the aliases and `auto` that have such a model. An alias hides a model of its name. */
export function listedModels(ready: readonly PoolModel[], { aliases, mayUse, path }: ListOptions): readonly ListedModel[] {
  const usable = ready.filter((model) => mayUse(model.modelId) && (path === null || takesPath(model, path)));
  const byId = new Map(usable.map((model) => [model.modelId, model]));
  const models = usable.filter(({ modelId }) => modelId !== AUTO_MODEL && !aliases.has(modelId)).map(itself);
  const names = [...aliases].flatMap(([id, targets]) => {
    const served = targets.find((target) => byId.has(target));
    const model = served === undefined ? undefined : byId.get(served);
    return model === undefined ? [] : [{ id, model, aliasFor: targets.filter(mayUse) }];
  });
  const best = bestModel(usable, [path ?? '/v1/chat/completions'], NO_NEEDS);
  return [...models, ...names, ...(best === null ? [] : [{ id: AUTO_MODEL, model: best, aliasFor: [best.modelId] }])];
}
