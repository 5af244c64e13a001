// OpenAI's list of models, with the extensions of the servers.
import { z } from 'zod';
import { modelIdSchema, type ModelKind } from '../../../../shared/protocol/node-messages';
import { OPENAI_PATHS } from '../../../../shared/protocol/task-kinds';
import type { Answers } from './answers';
import { contextLength, entriesOf, type ServedModel, type ServedReason, lenient } from './server-type';

export const MODELS = '/v1/models';

const filesSchema = z.record(z.string(), z.object({ done: z.number().min(0), total: z.number().min(0) }));
const entrySchema = z.object({
  id: modelIdSchema,
  owned_by: lenient(z.string()),
  /** Only a Muster scheduler sends this property. */
  muster: lenient(z.object({})),
  /** vLLM: the repository behind an alias, and the context length. */
  root: lenient(z.string().max(512)),
  max_model_len: lenient(contextLength),
  /** llama.cpp: null while the model is loading. */
  meta: lenient(z.object({ size: lenient(z.number().min(0)) })),
  /** Sent by llama.cpp in router mode. */
  status: lenient(
    z.object({ value: z.string().max(64), failed: lenient(z.boolean()), exit_code: lenient(z.number()), progress: lenient(filesSchema) }),
  ),
  /** The progress of the download, beside the status or inside it. */
  progress: lenient(filesSchema),
});
export type ListedModel = z.infer<typeof entrySchema>;

/** Null: the answer is not such a list. */
export const listedModels = (answers: Answers, path = MODELS): readonly ListedModel[] | null =>
  entriesOf(answers[path], 'data', entrySchema);

/** A listed model that is ready. The list has no kind: `kind` is the usual one of the server. No path is excluded. */
export const readyModel = (entry: ListedModel, kind: ModelKind, reasonCode: ServedReason): ServedModel => ({
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
