// The models of several runtimes as one list: of a model that several serve, one is the node's, and the others are named.
import { joinTasks } from '../../../shared/protocol/task-kinds';
import type { RuntimeModel, RuntimeSnapshot, RuntimeStatus } from './runtime-snapshot';

/** A model id that a second runtime serves as well: jobs go to `runtimeId`, and `otherRuntimeId` is left alone. */
export interface DuplicateModel {
  readonly modelId: string;
  readonly runtimeId: string;
  readonly otherRuntimeId: string;
}

export interface RuntimesSeen {
  readonly runtimes: readonly RuntimeStatus[];
  /** Each model id once. */
  readonly models: readonly RuntimeModel[];
  readonly duplicates: readonly DuplicateModel[];
  /** Models that the owner wants here and that are not: on their way, or why not. */
  readonly pulls: readonly RuntimeModel[];
}

/** The first runtime that has a model ready owns it, else the first that has it: a dead runtime hides no living one. */
export function mergeSnapshots(snapshots: readonly RuntimeSnapshot[]): Omit<RuntimesSeen, 'pulls'> {
  const owners = new Map<string, RuntimeModel>();
  const all = snapshots.flatMap(({ models }) => models);
  for (const model of all) {
    const owner = owners.get(model.model.model_id);
    if (owner === undefined || (owner.state !== 'ready' && model.state === 'ready')) owners.set(model.model.model_id, model);
  }
  const duplicates = all.flatMap((model) => {
    const { model_id: modelId } = model.model;
    const owner = owners.get(modelId);
    if (owner === undefined || owner.runtimeId === model.runtimeId) return [];
    return [{ modelId, runtimeId: owner.runtimeId, otherRuntimeId: model.runtimeId }];
  });
  const shared = new Set(duplicates.map(({ modelId }) => modelId));
  return {
    runtimes: snapshots.map(({ runtime }) => runtime),
    models: [...owners.values()].map((owner) => (shared.has(owner.model.model_id) ? withAllTasks(owner, all) : owner)),
    duplicates,
  };
}

/** A task goes to whichever runtime takes it: what the others take, that have the model ready too, the node takes as well. */
function withAllTasks(owner: RuntimeModel, all: readonly RuntimeModel[]): RuntimeModel {
  let tasks = owner.model.tasks ?? null;
  for (const { model, state } of all) {
    if (state === 'ready' && model.model_id === owner.model.model_id) tasks = joinTasks(tasks, model.tasks ?? null);
  }
  return { ...owner, model: { ...owner.model, tasks } };
}
