// Which tasks a model takes on a node (ADR 0006): what the node told, and any where it told nothing. A model that is listed for several
// languages is one all the same, and takes what one of its entries takes.
import type { RequiredTask } from '../../../shared/api/dispatch';
import { joinTasks, type TakenTasks, takes } from '../../../shared/protocol/task-kinds';
import type { NodeProfile } from '../lifecycle/node-record';

/** Whether the model is installed and enabled here, and known to take no such task. */
export function refusesTask({ installedModels }: NodeProfile, { model_id: modelId, task }: RequiredTask): boolean {
  let installed = false;
  for (const model of installedModels) {
    if (model.model_id !== modelId || !model.enabled) continue;
    if (takes(model.tasks ?? null, task)) return false;
    installed = true;
  }
  return installed;
}

/** What each installed and enabled model takes, by its id. */
export function tasksByModel({ installedModels }: NodeProfile): ReadonlyMap<string, TakenTasks> {
  const byModel = new Map<string, TakenTasks>();
  for (const { model_id: modelId, enabled, tasks } of installedModels) {
    if (enabled) byModel.set(modelId, joinTasks(byModel.has(modelId) ? (byModel.get(modelId) ?? null) : [], tasks ?? null));
  }
  return byModel;
}
