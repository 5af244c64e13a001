// What each OpenAI path must be sent to be worth a node's time. Everything else in a body is the runtime's to judge.
import { z } from 'zod';
import { modelIdSchema } from '../../../../../shared/protocol/node-messages';
import { inlineFileSchema } from '../../../../../shared/protocol/tasks';

const stream = z.boolean().nullish();
const text = z.string().min(1);
const texts = z.union([text, z.array(z.unknown()).min(1)]);

export const chatBodySchema = z.looseObject({
  model: modelIdSchema,
  messages: z.array(z.looseObject({ role: z.string() })).min(1),
  stream,
});
export const completionBodySchema = z.looseObject({ model: modelIdSchema, prompt: texts, stream });
export const embeddingBodySchema = z.looseObject({ model: modelIdSchema, input: texts });
export const speechBodySchema = z.looseObject({ model: modelIdSchema, input: text });
export const rerankBodySchema = z.looseObject({ model: modelIdSchema, query: text, documents: z.array(z.unknown()).min(1) });
/** Its file's content was made from bytes: it needs no second look. Whoever sent it knows a form, so the words are of that. */
export const transcriptionBodySchema = z.looseObject({
  model: modelIdSchema,
  file: z
    .object({ ...inlineFileSchema.shape, base64: z.string() }, 'a file part is wanted')
    .refine(({ base64 }) => base64 !== '', 'it is empty'),
  stream,
});

/** The same as its sender writes it, for the description. */
export const transcriptionFormSchema = z.looseObject({ model: z.string(), file: z.string().describe('the bytes of the file') });
