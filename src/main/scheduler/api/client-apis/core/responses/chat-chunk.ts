// The parts of a chunk of a chat completion that the Responses API shows. Servers leave out fields and add others, so the schema is tolerant.
import { z } from 'zod';

const MAX_CHOICES = 128;
const MAX_LOGPROBS = 100_000;
const MAX_TOP = 64;

const text = z.string().nullish().catch(null);
const count = z.number().int().min(0).nullish().catch(null);

const tokenSchema = z.object({ token: z.string(), logprob: z.number(), bytes: z.array(z.number()).max(1024).nullish().catch(null) });
const logprobSchema = tokenSchema.extend({ top_logprobs: z.array(tokenSchema).max(MAX_TOP).nullish().catch(null) });
export type ChatLogprob = z.output<typeof logprobSchema>;

const callSchema = z.object({
  index: z.number().int().min(0).nullish().catch(null),
  id: text,
  function: z.object({ name: text, arguments: text }).nullish().catch(null),
});
export type ChatCallDelta = z.output<typeof callSchema>;

const citationSchema = z.object({
  type: z.literal('url_citation'),
  url_citation: z.object({ url: z.string(), title: z.string(), start_index: z.number(), end_index: z.number() }),
});
export type ChatCitation = z.output<typeof citationSchema>;

const deltaSchema = z.object({
  content: text,
  reasoning_content: text,
  reasoning: text,
  refusal: text,
  tool_calls: z.array(callSchema).nullish().catch(null),
  annotations: z.array(citationSchema).nullish().catch(null),
});
export type ChatDelta = z.output<typeof deltaSchema>;

const choiceRest = {
  index: z.number().int().nullish().catch(null),
  finish_reason: text,
  logprobs: z
    .object({ content: z.array(logprobSchema).max(MAX_LOGPROBS).nullish().catch(null) })
    .nullish()
    .catch(null),
};
const usage = z
  .object({
    prompt_tokens: count,
    completion_tokens: count,
    total_tokens: count,
    prompt_tokens_details: z.object({ cached_tokens: count }).nullish().catch(null),
    completion_tokens_details: z.object({ reasoning_tokens: count }).nullish().catch(null),
  })
  .nullish()
  .catch(null);

export const chatChunkSchema = z.object({
  choices: z
    .array(z.object({ ...choiceRest, delta: deltaSchema.nullish().catch(null) }))
    .max(MAX_CHOICES)
    .nullish()
    .catch(null),
  usage,
});
export type ChatChunk = z.output<typeof chatChunkSchema>;

/** A whole completion. Unlike a chunk it must have an answer. */
export const chatCompletionSchema = z.object({
  choices: z
    .array(z.object({ ...choiceRest, message: deltaSchema }))
    .max(MAX_CHOICES)
    .min(1),
  usage,
});
