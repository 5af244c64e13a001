// The server of llama.cpp: one model, or a router of many. `/slots` is never asked: it would keep a sleeping model awake.
import { z } from 'zod';
import type { OpenAiPath } from '../../../../shared/protocol/task-kinds';
import type { Answers } from './answers';
import {
  asksForKey,
  bodyAs,
  type Flavour,
  type FoundModel,
  httpReason,
  isMissing,
  KEY_NEEDED,
  type Look,
  perhaps,
  running,
  statusOf,
} from './server-type';
import { listedModels, type ListedModel, MODELS, readyModel } from './model-list';
import { downloadShare } from '../download-share';

const HEALTH = '/health';
/** Without `?model=`: a router's own, and no reason for it to load anything. */
const PROPS = '/props';
/** The same list as `/v1/models`: a router is documented by this path. */
const ROUTER_MODELS = '/models';

/** Which of them it was started for (`--embeddings`, `--reranking`) cannot be seen, in its list neither; it has no way to speak. */
const TASKS: readonly OpenAiPath[] = [
  '/v1/chat/completions',
  '/v1/completions',
  '/v1/embeddings',
  '/v1/audio/transcriptions',
  '/v1/rerank',
];

const propsSchema = z.object({
  default_generation_settings: z.unknown(),
  build_info: perhaps(z.string().max(128)),
  total_slots: perhaps(z.number()),
  is_sleeping: perhaps(z.boolean()),
  models_autoload: perhaps(z.boolean()),
});
type Props = z.infer<typeof propsSchema>;
/** Today, and in old builds. */
const loadingSchema = z.union([
  z.object({ error: z.object({ message: z.literal('Loading model') }) }),
  z.object({ status: z.literal('loading model') }),
]);

export const llamaCpp: Flavour = {
  name: 'llama.cpp',
  paths: [PROPS, MODELS],
  matches(answers) {
    if (isLoading(answers)) return true;
    const listed = listedModels(answers) ?? [];
    if (listed.some(({ owned_by: owner, status }) => owner === 'llamacpp' || (status ?? null) !== null)) return true;
    // Others, such as koboldcpp, answer this path as well, and own what they list.
    return propsOf(answers) !== null && listed.every(({ owned_by: owner }) => (owner ?? null) === null);
  },
  later: (answers) => (listedModels(answers) === null ? [HEALTH, ROUTER_MODELS] : [HEALTH]),
  read(answers) {
    const listed = listedModels(answers) ?? listedModels(answers, ROUTER_MODELS) ?? [];
    const props = propsOf(answers);
    const version = props?.build_info ?? null;
    if (isLoading(answers)) return running({ version, state: 'starting', reasonCode: 'loading_model', models: listed.map(loadingModel) });
    if (asksForKey(answers[PROPS]) || asksForKey(answers[MODELS])) return KEY_NEEDED;
    if (statusOf(answers[HEALTH]) !== 200) return unhealthy(answers);
    if (listed.length === 0 && isMissing(answers[MODELS])) return running({ version, state: 'starting', reasonCode: 'list_not_answered' });
    const slots = props?.total_slots ?? null;
    return running({
      version,
      details: slots === null ? {} : { slots },
      models: listed.map((entry) => toModel(entry, props)),
    });
  },
};

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

function unhealthy(answers: Answers): Look {
  const answer = answers[HEALTH];
  const code = answer?.kind === 'failed' ? answer.code : httpReason(statusOf(answer) ?? 0);
  return running({ state: 'not_running', reasonCode: code });
}

const loadingModel = (entry: ListedModel): FoundModel => ({ ...readyModel(entry, 'llm', 'loading'), tasks: TASKS, state: 'not_installed' });

function toModel(entry: ListedModel, props: Props | null): FoundModel {
  const ready = { ...readyModel(entry, 'llm', 'loaded'), tasks: TASKS };
  if (entry.status === null || entry.status === undefined) {
    return props?.is_sleeping === true ? { ...ready, reasonCode: 'cold' } : ready;
  }
  const { value, failed, exit_code: exitCode } = entry.status;
  if (failed === true) return { ...ready, state: 'error', reasonCode: 'load_failed', details: { exit_code: exitCode ?? null } };
  switch (value) {
    case 'loaded':
      return ready;
    case 'sleeping':
      return { ...ready, reasonCode: 'cold' };
    case 'unloaded':
      // A router that loads on request serves it; one that does not, refuses.
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

/** How much of its files is there: told by the address of each. */
function downloaded({ progress, status }: ListedModel): Pick<FoundModel, 'progress' | 'sizeBytes'> {
  const files = Object.values(progress ?? status?.progress ?? {});
  const total = files.reduce((sum, file) => sum + file.total, 0);
  const done = files.reduce((sum, file) => sum + file.done, 0);
  return total === 0 ? { sizeBytes: null } : { sizeBytes: total, progress: downloadShare(done, total) };
}
