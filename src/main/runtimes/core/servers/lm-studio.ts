// LM Studio: its own lists have the loaded models. OpenAI's list has everything that was ever downloaded, so it is not used. Whether an
// unloaded model is loaded on request depends on a setting that the API does not show: such a model is not ready. LM Studio answers 200
// on unknown paths, so only bodies count. The API v1 loads and unloads; it has no setting that keeps a model in memory.
import { z } from 'zod';
import { modelIdSchema, type ModelKind } from '../../../../shared/protocol/node-messages';
import { OPENAI_PATHS, type ServerPath } from '../../../../shared/protocol/task-kinds';
import type { Answers } from './answers';
import {
  reportedAbilities,
  contextLength,
  contextOf,
  entriesOf,
  type ServerType,
  type ServedModel,
  lenient,
  serverState,
} from './server-type';

/** Since 0.4. That version has the Responses API (since 0.3.29). The Messages API came with 0.4.1, which nothing in the answers shows. */
const V1 = '/api/v1/models';
const LOAD = '/api/v1/models/load';
const UNLOAD = '/api/v1/models/unload';
/** Since 0.3.6. */
const V0 = '/api/v0/models';

const text = lenient(z.string().max(128));
const v1Schema = z.object({
  key: modelIdSchema,
  type: text,
  size_bytes: lenient(z.number().min(0)),
  /** Only LM Studio has this field. */
  loaded_instances: z
    .array(z.object({ id: lenient(z.string().max(512)), config: lenient(z.object({ context_length: lenient(contextLength) })) }))
    .nullable(),
  max_context_length: lenient(contextLength),
  quantization: lenient(z.object({ name: text })),
  capabilities: lenient(z.object({ vision: lenient(z.boolean()), trained_for_tool_use: lenient(z.boolean()) })),
});
const v0Schema = z.object({
  id: modelIdSchema,
  type: text,
  state: z.enum(['loaded', 'not-loaded']),
  quantization: text,
  max_context_length: lenient(contextLength),
  /** Such as `tool_use`. */
  capabilities: lenient(z.array(z.string().max(128))),
});

export const lmStudio: ServerType = {
  name: 'lm-studio',
  paths: [V1, V0],
  matches: (answers) => modelsOf(answers) !== null,
  read: (answers) => serverState({ models: modelsOf(answers) ?? [] }),
  control: ({ modelId, instances }, action) =>
    action === 'load'
      ? [{ path: LOAD, body: { model: modelId } }]
      : (instances ?? []).map((id) => ({ path: UNLOAD, body: { instance_id: id } })),
};

function modelsOf(answers: Answers): ServedModel[] | null {
  const v1 = entriesOf(answers[V1], 'models', v1Schema);
  if (v1 !== null) {
    return v1.map(({ key, type, loaded_instances: loaded, quantization, size_bytes: size, max_context_length: max, capabilities }) => ({
      ...withResponses(toModel(key, type, (loaded ?? []).length > 0, size ?? null)),
      details: { quantization: quantization?.name ?? null, ...contextOf(loaded?.[0]?.config?.context_length, max) },
      ...reportedAbilities({ vision: capabilities?.vision, tools: capabilities?.trained_for_tool_use }),
      actions: ['load', 'unload'],
      instances: (loaded ?? []).map(({ id }) => id ?? key),
    }));
  }
  const v0 = entriesOf(answers[V0], 'data', v0Schema);
  return (
    v0?.map(({ id, type, state, quantization, max_context_length: max, capabilities }) => ({
      ...toModel(id, type, state === 'loaded', null),
      details: { quantization: quantization ?? null, ...contextOf(null, max) },
      ...reportedAbilities({ vision: VISION_OF_TYPE[type ?? ''], tools: capabilities?.includes('tool_use') }),
    })) ?? null
  );
}

const toModel = (
  modelId: string,
  type: string | null | undefined,
  loaded: boolean,
  sizeBytes: number | null,
): Omit<ServedModel, 'details'> => ({
  modelId,
  kind: kindOf(type),
  kindIsGuess: false,
  version: 'unknown',
  tasks: tasksOf(kindOf(type)),
  state: loaded ? 'ready' : 'not_installed',
  reasonCode: loaded ? 'loaded' : 'not_loaded',
  sizeBytes,
});

/** In the older API the type tells which models take pictures. */
const VISION_OF_TYPE: Readonly<Record<string, boolean>> = { vlm: true, llm: false };

const withResponses = (model: Omit<ServedModel, 'details'>): Omit<ServedModel, 'details'> =>
  model.kind === 'llm' ? { ...model, tasks: [...model.tasks, '/v1/responses'] } : model;

function kindOf(type: string | null | undefined): ModelKind {
  if (type === 'llm' || type === 'vlm') return 'llm';
  return type?.startsWith('embedding') === true ? 'embedding' : 'other';
}

/** LM Studio has only these of OpenAI's paths. For an unknown type no path is excluded. */
function tasksOf(kind: ModelKind): readonly ServerPath[] {
  if (kind === 'llm') return ['/v1/chat/completions', '/v1/completions'];
  return kind === 'embedding' ? ['/v1/embeddings'] : OPENAI_PATHS;
}
