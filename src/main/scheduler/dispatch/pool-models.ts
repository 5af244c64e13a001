// The models of the pool, each with its tasks and the number of nodes on which it is ready.
import type { ModelKind } from '../../../shared/protocol/node-messages';
import { joinTasks, type TakenTasks } from '../../../shared/protocol/task-kinds';
import { isModelReady } from '../lifecycle/model-readiness';
import type { NodeRecord } from '../lifecycle/node-record';
import { tasksByModel } from './model-tasks';

export interface PoolModel {
  readonly modelId: string;
  readonly kind: ModelKind;
  readonly nodesReady: number;
  readonly nodesInstalled: number;
  /** The tasks that some node takes for the model; null: a node does not report its tasks. */
  readonly tasks: TakenTasks;
}

/** All models that a node has installed and enabled, sorted by id. */
export function poolModelsOf(records: Iterable<NodeRecord>): readonly PoolModel[] {
  const models = new Map<string, PoolModel>();
  for (const record of records) {
    // A node may list a model once per language: it counts as one model.
    const enabled = record.profile.installedModels.filter((installed) => installed.enabled);
    const tasks = tasksByModel(record.profile);
    for (const [modelId, installed] of new Map(enabled.map((model) => [model.modelId, model]))) {
      const known = models.get(modelId);
      const isReady = record.status === 'ready' && record.online && isModelReady(record.profile, installed);
      models.set(modelId, {
        modelId,
        kind: known?.kind ?? installed.kind,
        nodesReady: (known?.nodesReady ?? 0) + (isReady ? 1 : 0),
        nodesInstalled: (known?.nodesInstalled ?? 0) + 1,
        tasks: joinTasks(known === undefined ? [] : known.tasks, tasks.get(modelId) ?? null),
      });
    }
  }
  return [...models.values()].sort((a, b) => (a.modelId < b.modelId ? -1 : 1));
}
