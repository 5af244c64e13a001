// The list of models as OpenAI's API has it, which every server but one answers in its own way.
import { z } from 'zod';
import { modelIdSchema, type ModelKind } from '../../../../shared/protocol/node-messages';
import { OPENAI_PATHS } from '../../../../shared/protocol/task-kinds';
import type { Answers } from './answers';
import { entriesOf, type FoundModel, type FoundReason, perhaps } from './server-type';

export const MODELS = '/v1/models';

const filesSchema = z.record(z.string(), z.object({ done: z.number().min(0), total: z.number().min(0) }));
const entrySchema = z.object({
  id: modelIdSchema,
  owned_by: perhaps(z.string()),
  /** Of a pool's list. */
  muster: perhaps(z.object({})),
  /** vLLM: the repository behind an alias, and how long a request may be. */
  root: perhaps(z.string().max(512)),
  max_model_len: perhaps(z.number()),
  /** llama.cpp: null while it loads. */
  meta: perhaps(z.object({ size: perhaps(z.number().min(0)) })),
  /** llama.cpp as a router. */
  status: perhaps(
    z.object({ value: z.string().max(64), failed: perhaps(z.boolean()), exit_code: perhaps(z.number()), progress: perhaps(filesSchema) }),
  ),
  /** Of its download, beside the status or in it. */
  progress: perhaps(filesSchema),
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
