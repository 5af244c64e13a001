// The server of llama.cpp: one model, or a router for many, which loads and unloads. `/slots` is never requested: it would keep a sleeping
// model awake.
import { z } from 'zod';
import type { OpenAiPath } from '../../../../shared/protocol/task-kinds';
import type { Answers } from './answers';
import {
  asksForKey,
  bodyAs,
  contextLength,
  contextOf,
  httpReason,
  isUnanswered,
  KEY_NEEDED,
  lenient,
  type ServedModel,
  type ServerState,
  reportedAbilities,
  serverState,
  type ServerType,
  statusOf,
} from './server-type';
import { type ListedModel, listedModels, MODELS, readyModel } from './model-list';
import { nativePathsOf } from './native-paths';
import { downloadShare } from '../runtime-snapshot';

const HEALTH = '/health';
/** Without `?model=` a router answers for itself and loads no model. */
const PROPS = '/props';
/** The same list as `/v1/models`, at the documented path of a router. */
const ROUTER_MODELS = '/models';

const LOAD = '/models/load';
const UNLOAD = '/models/unload';

/** The server does not report which of these it was started for (`--embeddings`, `--reranking`). It has no speech endpoint. */
const OPENAI_TASKS: readonly OpenAiPath[] = [
  '/v1/chat/completions',
  '/v1/completions',
  '/v1/embeddings',
  '/v1/audio/transcriptions',
  '/v1/rerank',
];

const propsSchema = z.object({
  default_generation_settings: z.unknown(),
  build_info: lenient(z.string().max(128)),
  total_slots: lenient(z.number()),
  is_sleeping: lenient(z.boolean()),
  models_autoload: lenient(z.boolean()),
  modalities: lenient(z.object({ vision: lenient(z.boolean()), audio: lenient(z.boolean()) })),
  /** Of newer builds. */
  chat_template_caps: lenient(z.object({ supports_tools: lenient(z.boolean()) })),
});
type Props = z.infer<typeof propsSchema>;
/** Of one request: the memory is divided between the slots. */
const settingsSchema = z.object({ n_ctx: contextLength });
/** The answers of current and of old builds. */
const loadingSchema = z.union([
  z.object({ error: z.object({ message: z.literal('Loading model') }) }),
  z.object({ status: z.literal('loading model') }),
]);

export const llamaCpp: ServerType = {
  name: 'llama.cpp',
  paths: [PROPS, MODELS],
  matches(answers) {
    if (isLoading(answers)) return true;
    const listed = listedModels(answers) ?? [];
    if (listed.some(({ owned_by: owner, status }) => owner === 'llamacpp' || (status ?? null) !== null)) return true;
    // Other servers, such as koboldcpp, answer this path too, but name themselves as the owner of their models.
    return propsOf(answers) !== null && listed.every(({ owned_by: owner }) => (owner ?? null) === null);
  },
  followUps: (answers) => (listedModels(answers) === null ? [HEALTH, ROUTER_MODELS] : [HEALTH]),
  read(answers) {
    const listed = listedModels(answers) ?? listedModels(answers, ROUTER_MODELS) ?? [];
    const props = propsOf(answers);
    const version = props?.build_info ?? null;
    if (isLoading(answers))
      return serverState({ version, state: 'starting', reasonCode: 'loading_model', models: listed.map(loadingModel) });
    if (asksForKey(answers[PROPS]) || asksForKey(answers[MODELS])) return KEY_NEEDED;
    if (statusOf(answers[HEALTH]) !== 200) return unhealthy(answers);
    if (listed.length === 0 && isUnanswered(answers[MODELS]))
      return serverState({ version, state: 'starting', reasonCode: 'list_not_answered' });
    const slots = props?.total_slots ?? null;
    return serverState({
      version,
      details: slots === null ? {} : { slots },
      models: listed.map((entry) => ({ ...toModel(entry, props), ...actionsOf(entry) })),
    });
  },
  control: ({ modelId }, action) => [{ path: action === 'load' ? LOAD : UNLOAD, body: { model: modelId } }],
};

/** Only a router has actions. A sleeping model has none: the router refuses to load it, a request wakes it, and it uses no memory. */
function actionsOf({ status }: ListedModel): Pick<ServedModel, 'actions' | 'residency'> {
  const value = status?.value ?? '';
  if (!['loading', 'loaded', 'unloaded'].includes(value)) return {};
  return { actions: ['load', 'unload'], ...(value === 'loading' ? { residency: 'loading' } : {}) };
}

const propsOf = (answers: Answers): Props | null => {
  const props = bodyAs(answers[PROPS], propsSchema);
  return props?.default_generation_settings === undefined ? null : props;
};

function isLoading(answers: Answers): boolean {
  return [HEALTH, PROPS, MODELS].some((path) => {
    const answer = answers[path];
    return answer?.kind === 'answered' && answer.status === 503 && loadingSchema.safeParse(answer.json).success;
  });
}

function unhealthy(answers: Answers): ServerState {
  const answer = answers[HEALTH];
  const code = answer?.kind === 'failed' ? answer.code : httpReason(statusOf(answer) ?? 0);
  return serverState({ state: 'not_running', reasonCode: code });
}

const loadingModel = (entry: ListedModel): ServedModel => ({
  ...readyModel(entry, 'llm', 'loading'),
  tasks: OPENAI_TASKS,
  state: 'not_installed',
});

function toModel(entry: ListedModel, props: Props | null): ServedModel {
  const ready = {
    ...readyModel(entry, 'llm', 'loaded'),
    tasks: [...OPENAI_TASKS, ...nativePathsOf('llama.cpp', props?.build_info ?? null)],
  };
  if (entry.status === null || entry.status === undefined) {
    const settings = settingsSchema.safeParse(props?.default_generation_settings);
    const { vision, audio } = props?.modalities ?? {};
    const abilities = reportedAbilities({ vision, audio, tools: props?.chat_template_caps?.supports_tools });
    const served = { ...ready, details: contextOf(settings.data?.n_ctx), ...abilities };
    return props?.is_sleeping === true ? { ...served, reasonCode: 'cold' } : served;
  }
  const { value, failed, exit_code: exitCode } = entry.status;
  if (failed === true) return { ...ready, state: 'error', reasonCode: 'load_failed', details: { exit_code: exitCode ?? null } };
  switch (value) {
    case 'loaded':
      return ready;
    case 'sleeping':
      return { ...ready, reasonCode: 'cold' };
    case 'unloaded':
      // A router serves an unloaded model only if it loads models on request.
      return props?.models_autoload === false
        ? { ...ready, state: 'not_installed', reasonCode: 'not_loaded' }
        : { ...ready, reasonCode: 'cold' };
    case 'loading':
      return { ...ready, state: 'not_installed', reasonCode: 'loading' };
    case 'downloading':
      return { ...ready, state: 'downloading', reasonCode: 'downloading', ...downloaded(entry) };
    default:
      return { ...ready, state: 'error', reasonCode: 'state_unknown', details: { state: value } };
  }
}

/** The progress of the model's files. They are listed by URL. */
function downloaded({ progress, status }: ListedModel): Pick<ServedModel, 'progress' | 'sizeBytes'> {
  const files = Object.values(progress ?? status?.progress ?? {});
  const total = files.reduce((sum, file) => sum + file.total, 0);
  const done = files.reduce((sum, file) => sum + file.done, 0);
  return total === 0 ? { sizeBytes: null } : { sizeBytes: total, progress: downloadShare(done, total) };
}
