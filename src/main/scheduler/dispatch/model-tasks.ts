// The tasks that a model takes on a node (ADR 0006): those that the node reported, or any task when it reported none. A model that is
// listed for several languages takes a task when one of its entries takes it.
import { joinTasks, type TakenTasks, takes } from '../../../shared/protocol/task-kinds';
import type { NodeProfile } from '../lifecycle/node-record';
import type { RequiredTask } from './job-requirements';

/** Whether the model is installed and enabled, and known not to take the task. */
export function refusesTask({ installedModels }: NodeProfile, { modelId, task }: RequiredTask): boolean {
  let installed = false;
  for (const model of installedModels) {
    if (model.modelId !== modelId || !model.enabled) continue;
    if (takes(model.tasks, task)) return false;
    installed = true;
  }
  return installed;
}

/** The tasks that each installed and enabled model takes, by model id. */
export function tasksByModel({ installedModels }: NodeProfile): ReadonlyMap<string, TakenTasks> {
  const byModel = new Map<string, TakenTasks>();
  for (const { modelId, enabled, tasks } of installedModels) {
    if (enabled) byModel.set(modelId, joinTasks(byModel.has(modelId) ? (byModel.get(modelId) ?? null) : [], tasks));
  }
  return byModel;
}
