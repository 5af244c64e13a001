// Aliases and `auto` in jobs and in explanations: replaced by a model once, when the request arrives (ADR 0049).
import type { Outcome } from '../../../shared/api/app-api';
import type { ExplainRequest, ModelName } from '../../../shared/api/dispatch';
import { AUTO_MODEL } from '../../../shared/model-aliases';
import { SERVER_PATHS, type ServerPath } from '../../../shared/protocol/task-kinds';
import type { Task } from '../../../shared/protocol/tasks';
import { ok } from '../../../shared/result';
import { failure } from '../../contracts/app-errors';
import type { Caller } from '../members/core/principal';
import { mayUse, type ModelNames } from './client-apis/model-names';
import type { OpenAiFailure } from './openai/core/openai-error';
import { explanationFault } from './job-access';

interface NamedTask {
  readonly task: Task;
  /** Null: the task names a model itself. */
  readonly name: ModelName | null;
}

interface NamedModels {
  readonly task: Task;
  readonly required_models: readonly string[];
}

/** The task with its model. A command, and a further model that a job needs, must name the model itself. */
export async function namedTask(
  names: ModelNames,
  { task, required_models: models }: NamedModels,
  caller: Caller,
): Promise<Outcome<NamedTask>> {
  if (task.kind === 'command' && isOnlyName(names, task.model_id)) return refusedName(names, 'task.model_id', task.model_id, caller);
  const further = models.find((model) => isOnlyName(names, model));
  if (further !== undefined) return refusedName(names, 'required_models', further, caller);
  if (task.kind === 'command') return ok({ task, name: null });
  const chosen = await names.choose(task.body, { caller, paths: [task.path] });
  if (!chosen.ok) return notNamed(task.body.model, chosen.error);
  if (chosen.value === null) return ok({ task, name: null });
  const { name, model, by } = chosen.value;
  return ok({ task: { ...task, body: { ...task.body, model } }, name: { name, model, by } });
}

/** With an entry `m=m`, `m` is a model, too. */
const isOnlyName = (names: ModelNames, name: string): boolean => names.isName(name) && names.aliases.get(name)?.includes(name) !== true;

export interface NamedExplanation {
  readonly request: ExplainRequest;
  readonly names: ModelName[];
}

/** The program itself, which may use every model. */
export const OWN_CALLER: Caller = { principal: null, grant: 'all' };

/** Without a task, an alias counts for all paths, and `auto` for chats. */
const ANY_PATH: readonly ServerPath[] = SERVER_PATHS;
const CHAT: readonly ServerPath[] = ['/v1/chat/completions'];

/** A request with models instead of names, for a caller who may ask for them. */
export async function namedExplanation(names: ModelNames, request: ExplainRequest, caller: Caller): Promise<Outcome<NamedExplanation>> {
  const { required_models: models, required_task: task } = request;
  const asked = new Set(task === undefined ? models : [...models, task.model_id]);
  const found = new Map<string, ModelName>();
  for (const name of asked) {
    const own = task?.model_id === name && task.task !== 'command' ? [task.task] : null;
    const chosen = await names.choose({ model: name }, { caller, paths: own ?? (name === AUTO_MODEL ? CHAT : ANY_PATH) });
    if (!chosen.ok) return notNamed(name, chosen.error);
    if (chosen.value !== null) found.set(name, { name, model: chosen.value.model, by: chosen.value.by });
  }
  const modelOf = (name: string): string => found.get(name)?.model ?? name;
  const named: ExplainRequest = {
    ...request,
    required_models: models.map(modelOf),
    ...(task === undefined ? {} : { required_task: { ...task, model_id: modelOf(task.model_id) } }),
  };
  const fault = explanationFault(caller, named);
  return fault === null ? ok({ request: named, names: [...found.values()] }) : failure('FORBIDDEN', fault);
}

/** A key learns nothing of models that it may not use. */
function refusedName(names: ModelNames, field: string, name: string, caller: Caller): Outcome<never> {
  const targets = names.aliases.get(name) ?? [];
  const usable = targets.filter((model) => mayUse(caller, model));
  if (targets.length > 0 && usable.length === 0) return failure('FORBIDDEN', { field, model: name });
  const reason = usable.length === 0 ? `${name} is no model: name a model` : `${name} stands for ${usable.join(', ')}: name one of them`;
  return failure('INVALID_REQUEST', { field, reason });
}

/** The key may use no model of the name, or no model is ready for `auto`. */
const notNamed = (name: string, { status, error }: OpenAiFailure): Outcome<never> =>
  failure(status === 403 ? 'FORBIDDEN' : 'NO_AVAILABLE_NODE', { model: name, ...error.muster });
