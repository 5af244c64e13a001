// The fields that each OpenAI path requires. A request without them is refused before any node gets it. The runtime checks the rest.
import { z } from 'zod';
import { modelIdSchema } from '../../../../../shared/protocol/node-messages';
import { inlineFileSchema } from '../../../../../shared/protocol/tasks';

const MAX_MESSAGES = 100_000;
const MAX_DOCUMENTS = 100_000;
/** A text or a list of tokens, or a list of them. */
const MAX_TOKENS = 1_000_000;

const stream = z.boolean().nullish();
const text = z.string().min(1);
const texts = z.union([text, z.array(z.unknown()).max(MAX_TOKENS).min(1)]);

export const chatBodySchema = z.looseObject({
  model: modelIdSchema,
  messages: z
    .array(z.looseObject({ role: z.string() }))
    .max(MAX_MESSAGES)
    .min(1),
  stream,
});
export const completionBodySchema = z.looseObject({ model: modelIdSchema, prompt: texts, stream });
export const embeddingBodySchema = z.looseObject({ model: modelIdSchema, input: texts });
export const speechBodySchema = z.looseObject({ model: modelIdSchema, input: text });
export const rerankBodySchema = z.looseObject({
  model: modelIdSchema,
  query: text,
  documents: z.array(z.unknown()).max(MAX_DOCUMENTS).min(1),
});
/** The server encoded the file itself, so its base64 is not checked again. The messages use the terms of forms, as the client sent one. */
export const transcriptionBodySchema = z.looseObject({
  model: modelIdSchema,
  file: z
    .object({ ...inlineFileSchema.shape, base64: z.string() }, 'a file part is required')
    .refine(({ base64 }) => base64 !== '', 'the file is empty'),
  stream,
});

/** The answer is English text, and no server streams it. */
export const translationBodySchema = transcriptionBodySchema.extend({
  stream: z.literal(false, 'translations are not streamed').nullish(),
});
/** The addresses of a model server are reachable on its computer only, so that the pictures come as base64 unless the client asks otherwise. */
export const imageBodySchema = z.looseObject({
  model: modelIdSchema,
  prompt: text,
  stream: z.literal(false, 'pictures are not streamed').nullish(),
  response_format: z
    .string()
    .max(64)
    .nullish()
    .transform((format) => format ?? 'b64_json'),
});
export const moderationBodySchema = z.looseObject({ model: modelIdSchema, input: texts });

/** The form as the client sends it, for the OpenAPI document. */
export const transcriptionFormSchema = z.looseObject({ model: z.string(), file: z.string().describe('the bytes of the file') });
