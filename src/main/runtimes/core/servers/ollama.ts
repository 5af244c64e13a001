// Ollama, by what it answers: every model in its list loads on use, so it is ready; `loaded` and `cold` tell which is in memory.
// Models of Ollama's cloud run elsewhere: they are not this node's, and only counted.
import { z } from 'zod';
import { modelIdSchema, type ModelKind } from '../../../../shared/protocol/node-messages';
import type { OpenAiPath } from '../../../../shared/protocol/task-kinds';
import type { Answers, ProbeAnswer } from './answers';
import { bodyAs, entriesOf, type Flavour, type FoundModel, isMissing, PAGE, perhaps, running } from './server-type';
import { type ListedModel, listedModels, MODELS } from './model-list';

const VERSION = '/api/version';
const TAGS = '/api/tags';
/** Answers only when no model is being loaded: the lock that it needs is held meanwhile. */
const PS = '/api/ps';

const DIGEST_LENGTH = 12;

/** Reads the model's file, and loads nothing. Since 0.6.4 it tells what a model is for, which the list does since 0.30. */
const SHOW = '/api/show';

/** Any model can be asked for embeddings. */
const TASKS: readonly OpenAiPath[] = ['/v1/chat/completions', '/v1/completions', '/v1/embeddings'];
/** Since 0.20, of models that hear. It has none of OpenAI's other paths. */
const HEARING_TASKS: readonly OpenAiPath[] = [...TASKS, '/v1/audio/transcriptions'];
const EMBEDDING_TASKS: readonly OpenAiPath[] = ['/v1/embeddings'];

const versionSchema = z.object({ version: z.string().max(64) });
const bytes = z.number().min(0);
const tagSchema = z.object({
  name: modelIdSchema,
  size: perhaps(bytes),
  digest: perhaps(z.string().max(128)),
  details: perhaps(
    z.object({
      family: perhaps(z.string().max(128)),
      parameter_size: perhaps(z.string().max(64)),
      quantization_level: perhaps(z.string().max(64)),
    }),
  ),
  capabilities: perhaps(z.array(z.string())),
  /** Not `perhaps`: what runs elsewhere must not look as if it ran here. */
  remote_model: z.string().nullish(),
});
const shownSchema = z.object({ capabilities: z.array(z.string()) });
const loadedSchema = z.object({ name: z.string(), size: perhaps(bytes), size_vram: perhaps(bytes) });

type Tag = z.infer<typeof tagSchema>;
type Loaded = z.infer<typeof loadedSchema>;

export const ollama: Flavour = {
  name: 'ollama',
  paths: [PAGE, MODELS, VERSION, TAGS, PS],
  matches(answers) {
    const tags = entriesOf(answers[TAGS], 'models', tagSchema);
    if (saysOllama(answers[PAGE])) return tags !== null || isMissing(answers[TAGS]);
    return bodyAs(answers[VERSION], versionSchema) !== null && tags !== null && isNotDenied(tags, listedModels(answers));
  },
  later: (answers) =>
    (entriesOf(answers[TAGS], 'models', tagSchema) ?? [])
      .filter((tag) => isLocal(tag) && (tag.capabilities ?? null) === null)
      .map((tag) => ({ key: shownKey(tag), path: SHOW, body: { model: tag.name } })),
  read(answers) {
    const version = bodyAs(answers[VERSION], versionSchema)?.version ?? null;
    const tags = entriesOf(answers[TAGS], 'models', tagSchema);
    if (tags === null) return running({ version, state: 'starting', reasonCode: 'list_not_answered' });
    const loaded = loadedModels(answers);
    const local = tags.filter(isLocal);
    const cloud = tags.length - local.length;
    return running({
      version,
      reasonCode: loaded === 'loading' ? 'loading_model' : 'ok',
      details: cloud === 0 ? {} : { cloud_models_skipped: cloud },
      models: local.map((tag) => toModel(tag, capabilitiesOf(tag, answers), loaded)),
    });
  },
};

/** LocalAI says so too where it is told to. */
export const saysOllama = (page: ProbeAnswer | undefined): boolean => page?.kind === 'answered' && page.text.trim() === 'Ollama is running';

/**
 * Behind a page of somebody else: Ollama makes both lists of one, and programs that take over its paths (koboldcpp) name other models
 * in OpenAI's. Two empty lists say nothing.
 */
function isNotDenied(tags: readonly Tag[], listed: readonly ListedModel[] | null): boolean {
  if (listed === null) return true;
  const ids = new Set(listed.map(({ id }) => id));
  if (ids.size === 0) return tags.length > 0;
  return ids.size === tags.length && tags.every(({ name }) => ids.has(name));
}

const isLocal = ({ remote_model: remote }: Tag): boolean => (remote ?? '') === '';

/** Of a model that is replaced by another of its name it is asked anew. */
const shownKey = ({ name, digest }: Tag): string => `${SHOW} ${name} ${digest ?? ''}`;

/** Null: not told. */
const capabilitiesOf = (tag: Tag, answers: Answers): readonly string[] | null =>
  tag.capabilities ?? bodyAs(answers[shownKey(tag)], shownSchema)?.capabilities ?? null;

/** What is in memory; `loading` while the question waits for a load. */
function loadedModels(answers: Answers): ReadonlyMap<string, Loaded> | 'loading' {
  const answer = answers[PS];
  if (answer?.kind === 'failed' && answer.code === 'timeout') return 'loading';
  return new Map(entriesOf(answer, 'models', loadedSchema)?.map((model) => [model.name, model]));
}

function toModel(tag: Tag, capabilities: readonly string[] | null, loaded: ReadonlyMap<string, Loaded> | 'loading'): FoundModel {
  const inMemory = loaded === 'loading' ? undefined : loaded.get(tag.name);
  const vram = inMemory === undefined ? {} : { size_vram: inMemory.size_vram ?? null, size_loaded: inMemory.size ?? null };
  const told = toldKind(capabilities ?? []);
  const kind = told ?? guessedKind(tag);
  return {
    modelId: tag.name,
    kind,
    kindIsGuess: told === null,
    version: versionOf(tag),
    tasks: kind === 'embedding' ? EMBEDDING_TASKS : capabilities?.includes('audio') === true ? HEARING_TASKS : TASKS,
    state: 'ready',
    reasonCode: loaded === 'loading' ? 'loading' : inMemory === undefined ? 'cold' : 'loaded',
    details: { quantization: tag.details?.quantization_level ?? null, parameters: tag.details?.parameter_size ?? null, ...vram },
    sizeBytes: tag.size ?? null,
  };
}

const versionOf = ({ digest }: Tag): string => (digest ?? '').replace(/^sha256:/, '').slice(0, DIGEST_LENGTH) || 'unknown';

function toldKind(capabilities: readonly string[]): ModelKind | null {
  if (capabilities.includes('completion')) return 'llm';
  if (capabilities.includes('embedding')) return 'embedding';
  return capabilities.includes('image') ? 'image' : null;
}

/** Old versions tell no capabilities: of those the architecture says whether it is an encoder. */
const guessedKind = ({ details }: Tag): ModelKind => (/bert/i.test(details?.family ?? '') ? 'embedding' : 'llm');
