// Filter `failing`: the model of the job's task does not fail on the node (ADR 0018). Without a task, no required model does.
import { EXCLUDING_FAILURES, isExcluded } from '../../lifecycle/model-failures';
import type { ModelFailures } from '../../lifecycle/node-record';
import type { JobRequirements } from '../job-requirements';
import type { DispatchFilter } from './dispatch-filter';

export const failing: DispatchFilter = ({ failures: { byModel } }, job) => {
  if (byModel.size === 0) return null;
  for (const modelId of runModelsOf(job)) {
    const entry = byModel.get(modelId);
    if (entry !== undefined && isExcluded(entry)) return exclusion(modelId, entry);
  }
  return null;
};

const runModelsOf = ({ requiredTask, requiredModels }: JobRequirements): readonly string[] =>
  requiredTask === undefined ? requiredModels : [requiredTask.modelId];

/** `until` null: one job tests the model now. */
const exclusion = (modelId: string, { failures, phase, until, lastError }: ModelFailures) => ({
  filter: 'failing',
  code: 'model_failing' as const,
  wanted: { failures_in_row_below: EXCLUDING_FAILURES },
  found: {
    model_id: modelId,
    failures,
    until: phase === 'testing' ? null : until.wallMs,
    last_error: lastError === null ? null : { code: lastError.code, message: lastError.message },
  },
});
