// LM Studio: its own lists tell what is loaded. The list of OpenAI's API names everything that was ever downloaded, so it is never
// asked; and whether a model that is not loaded would be, depends on a setting that cannot be seen: it is not ready.
// LM Studio answers 200 to paths that it does not have: only bodies count.
import { z } from 'zod';
import { modelIdSchema, type ModelKind } from '../../../../shared/protocol/node-messages';
import { OPENAI_PATHS, type OpenAiPath } from '../../../../shared/protocol/task-kinds';
import type { Answers } from './answers';
import { entriesOf, type Flavour, type FoundModel, perhaps, running } from './server-type';

/** Since 0.4. */
const V1 = '/api/v1/models';
/** Since 0.3.6. */
const V0 = '/api/v0/models';

const text = perhaps(z.string().max(128));
const v1Schema = z.object({
  key: modelIdSchema,
  type: text,
  size_bytes: perhaps(z.number().min(0)),
  /** What LM Studio is known by: no other list has it. */
  loaded_instances: z.array(z.unknown()).nullable(),
  quantization: perhaps(z.object({ name: text })),
});
const v0Schema = z.object({ id: modelIdSchema, type: text, state: z.enum(['loaded', 'not-loaded']), quantization: text });

export const lmStudio: Flavour = {
  name: 'lm-studio',
  paths: [V1, V0],
  matches: (answers) => modelsOf(answers) !== null,
  read: (answers) => running({ models: modelsOf(answers) ?? [] }),
};

function modelsOf(answers: Answers): FoundModel[] | null {
  const v1 = entriesOf(answers[V1], 'models', v1Schema);
  if (v1 !== null) {
    return v1.map((entry) =>
      toModel(entry.key, entry.type, (entry.loaded_instances ?? []).length > 0, entry.quantization?.name ?? null, entry.size_bytes ?? null),
    );
  }
  const v0 = entriesOf(answers[V0], 'data', v0Schema);
  return v0?.map((entry) => toModel(entry.id, entry.type, entry.state === 'loaded', entry.quantization ?? null, null)) ?? null;
}

const toModel = (
  modelId: string,
  type: string | null | undefined,
  loaded: boolean,
  quantization: string | null,
  sizeBytes: number | null,
): FoundModel => ({
  modelId,
  kind: kindOf(type),
  kindIsGuess: false,
  version: 'unknown',
  tasks: tasksOf(kindOf(type)),
  state: loaded ? 'ready' : 'not_installed',
  reasonCode: loaded ? 'loaded' : 'not_loaded',
  details: { quantization },
  sizeBytes,
});

function kindOf(type: string | null | undefined): ModelKind {
  if (type === 'llm' || type === 'vlm') return 'llm';
  return type?.startsWith('embedding') === true ? 'embedding' : 'other';
}

/** It has these paths and no others of them; of a type that is not known here nothing is ruled out. */
function tasksOf(kind: ModelKind): readonly OpenAiPath[] {
  if (kind === 'llm') return ['/v1/chat/completions', '/v1/completions'];
  return kind === 'embedding' ? ['/v1/embeddings'] : OPENAI_PATHS;
}
