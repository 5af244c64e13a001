// The list of models as OpenAI's API has it, which every server but one answers in its own way.
import { z } from 'zod';
import { modelIdSchema, type ModelKind } from '../../../shared/protocol/node-messages';
import { OPENAI_PATHS } from '../../../shared/protocol/task-kinds';
import type { Answers } from '../http/answers';
import { entriesOf, type FoundModel, type FoundReason } from '../http/flavour';

export const MODELS = '/v1/models';

const entrySchema = z.object({
  id: modelIdSchema,
  owned_by: z.string().nullish().catch(null),
  /** Of a pool's list. */
  muster: z.object({}).nullish().catch(null),
  /** vLLM: the repository behind an alias, and how long a request may be. */
  root: z.string().max(512).nullish().catch(null),
  max_model_len: z.number().nullish().catch(null),
  /** llama.cpp: null while it loads. */
  meta: z
    .object({ size: z.number().min(0).nullish() })
    .nullish()
    .catch(null),
  /** llama.cpp as a router. */
  status: z
    .object({ value: z.string().max(64), failed: z.boolean().nullish(), exit_code: z.number().nullish() })
    .nullish()
    .catch(null),
});
export type ListedModel = z.infer<typeof entrySchema>;

/** Null when the answer is no such list. */
export const listedModels = (answers: Answers, path = MODELS): readonly ListedModel[] | null =>
  entriesOf(answers[path], 'data', entrySchema);

/** A listed model that is ready; what the list does not tell is `unknown`, its kind is a guess by what the server is for, and it may take any path. */
export const readyModel = (entry: ListedModel, kind: ModelKind, reasonCode: FoundReason): FoundModel => ({
  modelId: entry.id,
  kind,
  kindIsGuess: true,
  version: 'unknown',
  tasks: OPENAI_PATHS,
  state: 'ready',
  reasonCode,
  details: {},
  sizeBytes: entry.meta?.size ?? null,
});
