// Are the models ready that must be? Required ones always; of the enabled ones all while registering, later at least one.
import type { FailedCheck } from '../../../../shared/protocol/scheduler-messages';
import { isModelReady, modelState, type ModelState } from '../model-readiness';
import type { NodeProfile } from '../node-record';
import type { CheckInput, HealthCheck } from './check-input';

type Rule = 'required' | 'all' | 'any';
interface Unready {
  readonly model_id: string;
  readonly state: ModelState;
}

/** A node may have a thousand models: this many are named, and the rest counted. */
const MAX_NAMED_MODELS = 10;

export const modelsCheck: HealthCheck = (input) => requiredModels(input) ?? enabledModels(input);

function requiredModels({ profile, policy: { requiredModels: ids } }: CheckInput): FailedCheck | null {
  if (ids.length === 0) return null;
  const unready = unreadyOf(profile, ids);
  return unready.length === 0 ? null : failure('required', unready, ids.length);
}

function enabledModels({ profile, status }: CheckInput): FailedCheck | null {
  const rule: Rule = status === 'registering' ? 'all' : 'any';
  if (passes(rule, profile)) return null;
  const ids = profile.installedModels.filter((model) => model.enabled).map((model) => model.model_id);
  return failure(rule, unreadyOf(profile, ids), ids.length);
}

function passes(rule: 'all' | 'any', profile: NodeProfile): boolean {
  let ready = false;
  for (const model of profile.installedModels) {
    if (!model.enabled) continue;
    if (isModelReady(profile, model)) {
      if (rule === 'any') return true;
      ready = true;
    } else if (rule === 'all') return false;
  }
  return ready;
}

function unreadyOf(profile: NodeProfile, ids: readonly string[]): Unready[] {
  return ids.map((id) => ({ model_id: id, state: modelState(profile, id) })).filter(({ state }) => state !== 'ready');
}

/** `of` 0: the node has no enabled model, and so is not ready for anything. */
function failure(rule: Rule, unready: readonly Unready[], of: number): FailedCheck {
  const named = unready.slice(0, MAX_NAMED_MODELS);
  const count = `${String(unready.length)}/${String(of)}`;
  const names = named.map(({ model_id, state }) => `${model_id} (${state})`).join(', ');
  return {
    check: 'models',
    code: 'model_not_ready',
    message: of === 0 ? '没有已启用的模型 / no enabled model' : `模型未就绪 ${count}：${names} / models not ready ${count}: ${names}`,
    details: { rule, models: named, not_ready: unready.length, of },
  };
}
