// The models of the pool as OpenAI's list of models, each with the number of nodes on which it is ready.
import { z } from 'zod';
import { MAX_LIST } from '../../../../../shared/protocol/bounded';
import { MODEL_KINDS } from '../../../../../shared/protocol/node-messages';
import { joinTasks, TASK_KINDS } from '../../../../../shared/protocol/task-kinds';
import { tasksByModel } from '../../../dispatch/model-tasks';
import { isModelReady } from '../../../lifecycle/model-readiness';
import type { NodeRecord } from '../../../lifecycle/node-record';

export const openAiModelSchema = z.object({
  id: z.string(),
  object: z.literal('model'),
  /** Unix seconds at which this scheduler started: clients require a number, and the age of a model is not known. */
  created: z.number().int(),
  owned_by: z.literal('muster'),
  muster: z.object({
    kind: z.enum(MODEL_KINDS),
    nodes_ready: z.number().int().min(0),
    nodes_installed: z.number().int().min(1),
    /** The tasks that some node accepts for the model; null: a node does not report its tasks. */
    tasks: z.array(z.enum(TASK_KINDS)).max(TASK_KINDS.length).nullable(),
  }),
});
export const openAiModelListSchema = z.object({ object: z.literal('list'), data: z.array(openAiModelSchema).max(MAX_LIST) });
export type OpenAiModel = z.infer<typeof openAiModelSchema>;

/** All models that a node has installed and enabled, sorted by id. `created`: Unix seconds. */
export function modelsOf(records: Iterable<NodeRecord>, created: number): readonly OpenAiModel[] {
  const models = new Map<string, OpenAiModel>();
  for (const record of records) {
    // A node may list a model once per language: it counts as one model.
    const enabled = record.profile.installedModels.filter((installed) => installed.enabled);
    const tasks = tasksByModel(record.profile);
    for (const [id, installed] of new Map(enabled.map((model) => [model.modelId, model]))) {
      const { kind } = installed;
      const model = models.get(id) ?? {
        id,
        object: 'model',
        created,
        owned_by: 'muster',
        muster: { kind, nodes_ready: 0, nodes_installed: 0, tasks: [] },
      };
      model.muster.nodes_installed++;
      model.muster.tasks = joinTasks(model.muster.tasks, tasks.get(id) ?? null);
      if (record.status === 'ready' && record.online && isModelReady(record.profile, installed)) model.muster.nodes_ready++;
      models.set(id, model);
    }
  }
  return [...models.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}
