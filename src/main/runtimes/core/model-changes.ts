// Compares two probes of a runtime, model by model, for the log.
import type { RuntimeModel } from './runtime-snapshot';

export interface ModelChange {
  readonly modelId: string;
  /** Null: the model is gone. */
  readonly now: Pick<RuntimeModel, 'state' | 'reasonCode' | 'details'> | null;
}

/** Models that are new or gone, or have another state or reason. Progress of a download or a checksum is not a change. */
export function modelChanges(before: readonly RuntimeModel[], after: readonly RuntimeModel[]): readonly ModelChange[] {
  const known = new Map(before.map((model) => [model.model.model_id, model]));
  const current = new Set(after.map(({ model }) => model.model_id));
  const changed = after.filter(({ model, state, reasonCode }) => {
    const old = known.get(model.model_id);
    return old?.state !== state || old.reasonCode !== reasonCode;
  });
  return [
    ...changed.map(({ model, state, reasonCode, details }) => ({ modelId: model.model_id, now: { state, reasonCode, details } })),
    ...[...known.keys()].filter((modelId) => !current.has(modelId)).map((modelId) => ({ modelId, now: null })),
  ];
}
