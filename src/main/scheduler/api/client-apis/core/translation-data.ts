// A translation as data: another process of the pool makes the same one of it.
import { z } from 'zod';

export const translationDataSchema = z.discriminatedUnion('name', [
  z.object({ name: z.literal('messages') }),
  /** Without its input. */
  z.object({ name: z.enum(['responses', 'native_responses']), body: z.looseObject({}) }),
  /** `asked`: the model as the client named it. */
  z.object({
    name: z.literal('ollama_text'),
    to: z.enum(['chat_completions', 'completions']),
    shape: z.enum(['chat', 'generate']),
    asked: z.string(),
  }),
  z.object({ name: z.literal('ollama_embed'), asked: z.string() }),
  z.object({ name: z.literal('ollama_embedding') }),
]);
export type TranslationData = z.output<typeof translationDataSchema>;
