// Acts of the owner on the models of this computer: download, pause, remove, load, share (ADR 0036).
import { z } from 'zod';
import { MODEL_ACTIONS } from '../protocol/model-control';
import { modelIdSchema } from '../protocol/node-messages';

/** The name of a model as `ollama pull` accepts it. */
export const pulledModel = modelIdSchema.regex(/^[A-Za-z0-9][A-Za-z0-9._:/-]*$/, {
  error: 'expected the name of an Ollama model, such as llama3.2:3b',
});

/** The names of Ollama's library have a tag when they are listed. Other servers have other names. */
export const isOllamaName = (modelId: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._/-]*:[A-Za-z0-9._-]+$/.test(modelId);

export const MAX_UNSHARED_MODELS = 256;

export const modelDownloadSchema = z.strictObject({ model_id: pulledModel });
export const ownModelSchema = z.strictObject({ model_id: modelIdSchema });
export const ownModelActSchema = z.strictObject({ model_id: modelIdSchema, action: z.enum(MODEL_ACTIONS) });
export const modelShareSchema = z.strictObject({ model_id: modelIdSchema, shared: z.boolean() });

/** `started`: the act takes longer than 5 s, and the view of the model shows its end. */
export const ownActAnswerSchema = z.object({ state: z.enum(['done', 'started']) });
export type OwnActAnswer = z.infer<typeof ownActAnswerSchema>;

/** The disk of the folder to which models are downloaded: of Ollama if it runs here, else of the first model folder. */
export const modelDiskSchema = z.object({
  path: z.string(),
  of: z.enum(['ollama', 'folders']),
  free_bytes: z.number().min(0),
  total_bytes: z.number().min(0),
});
/** Null: the folder cannot be read. */
export const modelStorageSchema = z.object({ disk: modelDiskSchema.nullable() });
export type ModelDisk = z.infer<typeof modelDiskSchema>;
