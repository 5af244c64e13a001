// Merges the snapshots of all runtimes into one list of models. A model that several runtimes have belongs to one of them, and the others
// are listed as duplicates.
import { joinTasks } from '../../../shared/protocol/task-kinds';
import type { RuntimeModel, RuntimeSnapshot, RuntimeStatus } from './runtime-snapshot';

/** A model id that two runtimes serve: `runtimeId` owns it. */
export interface DuplicateModel {
  readonly modelId: string;
  readonly runtimeId: string;
  readonly otherRuntimeId: string;
}

export interface RuntimesSnapshot {
  readonly runtimes: readonly RuntimeStatus[];
  /** Each model id once. */
  readonly models: readonly RuntimeModel[];
  readonly duplicates: readonly DuplicateModel[];
  /** Configured downloads that are not complete, with their state. */
  readonly pulls: readonly RuntimeModel[];
}

/** The first runtime that has a model ready owns it, else the first that lists it: a stopped runtime hides no running one. */
export function mergeSnapshots(snapshots: readonly RuntimeSnapshot[]): Omit<RuntimesSnapshot, 'pulls'> {
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
  const duplicateIds = new Set(duplicates.map(({ modelId }) => modelId));
  return {
    runtimes: snapshots.map(({ runtime }) => runtime),
    models: [...owners.values()].map((owner) => (duplicateIds.has(owner.model.model_id) ? withAllTasks(owner, all) : owner)),
    duplicates,
  };
}

/** The node accepts the tasks of all runtimes that have the model ready, because a task runs on any of them. */
function withAllTasks(owner: RuntimeModel, all: readonly RuntimeModel[]): RuntimeModel {
  let tasks = owner.model.tasks ?? null;
  for (const { model, state } of all) {
    if (state === 'ready' && model.model_id === owner.model.model_id) tasks = joinTasks(tasks, model.tasks ?? null);
  }
  return { ...owner, model: { ...owner.model, tasks } };
}
