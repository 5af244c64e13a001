// The timings of an attempt (protocol §2, `job_result`): what the node or its model server measured. Each figure is optional. The API
// shows them in the same shape.
import { z } from 'zod';
import { MAX_INPUT_UNITS, MAX_TIMING_MS, MAX_TIMING_TOKENS } from './limits';

const durationMs = z.number().min(0).max(MAX_TIMING_MS).nullish();
const tokens = z.number().int().min(0).max(MAX_TIMING_TOKENS).nullish();

export const jobTimingsSchema = z
  .object({
    /** From the arrival of the assignment to the start of the request to the model server. */
    queue_ms: durationMs,
    /** Loading the model. */
    load_ms: durationMs,
    /** From the start of the request to the first token, without `load_ms`: the time for the prompt. */
    first_token_ms: durationMs,
    /** With the tokens from the cache. */
    prompt_tokens: tokens,
    cached_tokens: tokens,
    completion_tokens: tokens,
    /** From the first token to the last one. */
    decode_ms: durationMs,
    /** Speech-to-text: seconds of sound. Translation and text-to-speech: characters. Other commands: bytes. */
    input_units: z.number().min(0).max(MAX_INPUT_UNITS).nullish(),
  })
  .refine(({ prompt_tokens: all, cached_tokens: cached }) => (cached ?? 0) <= (all ?? Infinity), {
    error: 'more tokens from the cache than tokens',
    path: ['cached_tokens'],
  });

export type JobTimingsMessage = z.infer<typeof jobTimingsSchema>;
