// Ollama: every listed model is loaded on use, so it is ready. `loaded`: it is in memory; `cold`: it is not. Cloud models run
// elsewhere: they are counted and not offered.
import { z } from 'zod';
import { ABILITIES, type Abilities } from '../../../../shared/protocol/model-abilities';
import { modelIdSchema, type ModelKind } from '../../../../shared/protocol/node-messages';
import { MODEL_ACTIONS, type ModelAction } from '../../../../shared/protocol/model-control';
import type { OpenAiPath, ServerPath } from '../../../../shared/protocol/task-kinds';
import type { Answers, ProbeAnswer } from './answers';
import {
  bodyAs,
  contextLength,
  contextOf,
  type ControlRequest,
  entriesOf,
  type ServerType,
  type ServedModel,
  isUnanswered,
  PAGE,
  lenient,
  serverState,
} from './server-type';
import { type ListedModel, listedModels, MODELS } from './model-list';
import { nativePathsOf } from './native-paths';

const VERSION = '/api/version';
const TAGS = '/api/tags';
/** Does not answer while a model is being loaded, because loading holds the lock. */
const PS = '/api/ps';

const DIGEST_LENGTH = 12;

/** Reads the model's file and loads nothing. Has capabilities since 0.6.4; the list has them since 0.30. */
const SHOW = '/api/show';

const DELETE = '/api/delete';
/** Without a prompt, loads the model and generates nothing; with `keep_alive` 0, unloads it. */
const GENERATE = '/api/generate';
/** For models that cannot generate. Without input, only loads the model. */
const EMBED = '/api/embed';
/** Ollama's default, which a pinned model gets back. */
const KEEP_ALIVE = '5m';
/** A model with `keep_alive` -1 expires in about 290 years. */
const PINNED_FROM_YEAR = 2200;

/** Every model accepts requests for embeddings. */
const TASKS: readonly OpenAiPath[] = ['/v1/chat/completions', '/v1/completions', '/v1/embeddings'];
/** Models with audio input, since 0.20. Ollama has none of OpenAI's other paths. */
const AUDIO_TASKS: readonly OpenAiPath[] = [...TASKS, '/v1/audio/transcriptions'];
const EMBEDDING_TASKS: readonly OpenAiPath[] = ['/v1/embeddings'];
/** The versions that report the capability `image` have this path. */
const IMAGE_TASKS: readonly OpenAiPath[] = ['/v1/images/generations'];

const versionSchema = z.object({ version: z.string().max(64) });
const bytes = z.number().min(0);
const tagSchema = z.object({
  name: modelIdSchema,
  size: lenient(bytes),
  digest: lenient(z.string().max(128)),
  details: lenient(
    z.object({
      family: lenient(z.string().max(128)),
      parameter_size: lenient(z.string().max(64)),
      quantization_level: lenient(z.string().max(64)),
    }),
  ),
  capabilities: lenient(z.array(z.string())),
  /** Not `lenient`: a model that runs elsewhere must not count as local. */
  remote_model: z.string().nullish(),
});
const shownSchema = z.object({ capabilities: z.array(z.string()) });
const loadedSchema = z.object({
  name: z.string(),
  size: lenient(bytes),
  size_vram: lenient(bytes),
  expires_at: lenient(z.string().max(64)),
  context_length: lenient(contextLength),
});

type Tag = z.infer<typeof tagSchema>;
type Loaded = z.infer<typeof loadedSchema>;

export const ollama: ServerType = {
  name: 'ollama',
  paths: [PAGE, MODELS, VERSION, TAGS, PS],
  matches(answers) {
    const tags = entriesOf(answers[TAGS], 'models', tagSchema);
    if (isOllamaPage(answers[PAGE])) return tags !== null || isUnanswered(answers[TAGS]);
    return bodyAs(answers[VERSION], versionSchema) !== null && tags !== null && hasEqualLists(tags, listedModels(answers));
  },
  followUps: (answers) =>
    (entriesOf(answers[TAGS], 'models', tagSchema) ?? [])
      .filter((tag) => isLocal(tag) && (tag.capabilities ?? null) === null)
      .map((tag) => ({ key: shownKey(tag), path: SHOW, body: { model: tag.name } })),
  read(answers) {
    const version = bodyAs(answers[VERSION], versionSchema)?.version ?? null;
    const tags = entriesOf(answers[TAGS], 'models', tagSchema);
    if (tags === null) return serverState({ version, state: 'starting', reasonCode: 'list_not_answered' });
    const loaded = loadedModels(answers);
    const local = tags.filter(isLocal);
    const cloud = tags.length - local.length;
    const native = nativePathsOf('ollama', version);
    return serverState({
      version,
      reasonCode: loaded === 'loading' ? 'loading_model' : 'ok',
      details: cloud === 0 ? {} : { cloud_models_skipped: cloud },
      models: local.map((tag) => withNativePaths(toModel(tag, capabilitiesOf(tag, answers), loaded), native)),
    });
  },
  control: (model, action) => [controlRequest(model, action)],
  removal: ({ modelId: model }) => ({ method: 'DELETE', path: DELETE, body: { model } }),
};

function controlRequest({ modelId: model, kind }: ServedModel, action: ModelAction): ControlRequest {
  // A model of any kind is unloaded by this request, before Ollama checks what the model can do.
  if (action === 'unload') return { path: GENERATE, body: { model, keep_alive: 0, stream: false } };
  const keepAlive = action === 'pin' ? { keep_alive: -1 } : action === 'unpin' ? { keep_alive: KEEP_ALIVE } : {};
  return kind === 'embedding'
    ? { path: EMBED, body: { model, input: [], ...keepAlive } }
    : { path: GENERATE, body: { model, stream: false, ...keepAlive } };
}

/** LocalAI can be configured to answer with the same text. */
export const isOllamaPage = (page: ProbeAnswer | undefined): boolean =>
  page?.kind === 'answered' && page.text.trim() === 'Ollama is running';

/**
 * For a server whose page is not Ollama's: Ollama's two lists are equal, while programs that imitate its paths (koboldcpp) have other
 * models in OpenAI's list. Two empty lists prove nothing.
 */
function hasEqualLists(tags: readonly Tag[], listed: readonly ListedModel[] | null): boolean {
  if (listed === null) return true;
  const ids = new Set(listed.map(({ id }) => id));
  if (ids.size === 0) return tags.length > 0;
  return ids.size === tags.length && tags.every(({ name }) => ids.has(name));
}

const isLocal = ({ remote_model: remote }: Tag): boolean => (remote ?? '') === '';

/** The key of the follow-up answer. It contains the digest, so that a replaced model with the same name is requested again. */
const shownKey = ({ name, digest }: Tag): string => `${SHOW} ${name} ${digest ?? ''}`;

/** Null: not reported. */
const capabilitiesOf = (tag: Tag, answers: Answers): readonly string[] | null =>
  tag.capabilities ?? bodyAs(answers[shownKey(tag)], shownSchema)?.capabilities ?? null;

/** The models in memory. `loading`: a model is being loaded, so the request timed out. */
function loadedModels(answers: Answers): ReadonlyMap<string, Loaded> | 'loading' {
  const answer = answers[PS];
  if (answer?.kind === 'failed' && answer.code === 'timeout') return 'loading';
  return new Map(entriesOf(answer, 'models', loadedSchema)?.map((model) => [model.name, model]));
}

function toModel(tag: Tag, capabilities: readonly string[] | null, loaded: ReadonlyMap<string, Loaded> | 'loading'): ServedModel {
  const inMemory = loaded === 'loading' ? undefined : loaded.get(tag.name);
  const vram =
    inMemory === undefined
      ? {}
      : { size_vram: inMemory.size_vram ?? null, size_loaded: inMemory.size ?? null, ...contextOf(inMemory.context_length) };
  const statedKind = kindByCapabilities(capabilities ?? []);
  const kind = statedKind ?? kindByFamily(tag);
  return {
    modelId: tag.name,
    kind,
    kindIsGuess: statedKind === null,
    version: versionOf(tag),
    tasks: tasksOf(kind, capabilities ?? []),
    ...(capabilities === null ? {} : { abilities: abilitiesOf(capabilities) }),
    state: 'ready',
    reasonCode: loaded === 'loading' ? 'loading' : inMemory === undefined ? 'cold' : 'loaded',
    details: { quantization: tag.details?.quantization_level ?? null, parameters: tag.details?.parameter_size ?? null, ...vram },
    sizeBytes: tag.size ?? null,
    ...(inMemory?.size_vram == null ? {} : { vramBytes: inMemory.size_vram }),
    ...(isPinned(inMemory) ? { residency: 'pinned' } : {}),
    ...(kind === 'image' ? {} : { actions: MODEL_ACTIONS }),
  };
}

function tasksOf(kind: ModelKind, capabilities: readonly string[]): readonly OpenAiPath[] {
  if (kind === 'embedding') return EMBEDDING_TASKS;
  if (kind === 'image') return IMAGE_TASKS;
  return capabilities.includes('audio') ? AUDIO_TASKS : TASKS;
}

const abilitiesOf = (capabilities: readonly string[]): Abilities =>
  Object.fromEntries(ABILITIES.map((ability) => [ability, capabilities.includes(ability)]));

const withNativePaths = (model: ServedModel, native: readonly ServerPath[]): ServedModel =>
  model.kind === 'llm' && native.length > 0 ? { ...model, tasks: [...model.tasks, ...native] } : model;

const isPinned = (inMemory: Loaded | undefined): boolean => Number(inMemory?.expires_at?.slice(0, 4)) >= PINNED_FROM_YEAR;

const versionOf = ({ digest }: Tag): string => (digest ?? '').replace(/^sha256:/, '').slice(0, DIGEST_LENGTH) || 'unknown';

function kindByCapabilities(capabilities: readonly string[]): ModelKind | null {
  if (capabilities.includes('completion')) return 'llm';
  if (capabilities.includes('embedding')) return 'embedding';
  return capabilities.includes('image') ? 'image' : null;
}

/** Old versions report no capabilities. Then the architecture shows whether a model is an encoder. */
const kindByFamily = ({ details }: Tag): ModelKind => (/bert/i.test(details?.family ?? '') ? 'embedding' : 'llm');
