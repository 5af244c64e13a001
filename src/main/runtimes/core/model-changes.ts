// What changed between two looks at a runtime, model by model: for the log, which is all that a program without a window shows. Pure.
import type { RuntimeModel } from './runtime-snapshot';

export interface ModelChange {
  readonly modelId: string;
  /** Null: it is not there any more. */
  readonly now: Pick<RuntimeModel, 'state' | 'reasonCode' | 'details'> | null;
}

/** Models that are new, gone, or in another state or for another reason; what only grows (a download, a checksum) is no change. */
export function modelChanges(before: readonly RuntimeModel[], after: readonly RuntimeModel[]): readonly ModelChange[] {
  const known = new Map(before.map((model) => [model.model.model_id, model]));
  const here = new Set(after.map(({ model }) => model.model_id));
  const changed = after.filter(({ model, state, reasonCode }) => {
    const old = known.get(model.model_id);
    return old?.state !== state || old.reasonCode !== reasonCode;
  });
  return [
    ...changed.map(({ model, state, reasonCode, details }) => ({ modelId: model.model_id, now: { state, reasonCode, details } })),
    ...[...known.keys()].filter((modelId) => !here.has(modelId)).map((modelId) => ({ modelId, now: null })),
  ];
}
