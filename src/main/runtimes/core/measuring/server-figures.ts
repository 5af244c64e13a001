// Reads the figures that a model server reports in an answer or in an event of a stream: `usage` of the OpenAI and of the Messages API,
// and `timings` of llama.cpp. Ollama reports its durations on its own paths only, which no task uses.
import { z } from 'zod';

/** Null: not reported. */
export interface ServerFigures {
  readonly promptTokens: number | null;
  readonly cachedTokens: number | null;
  readonly completionTokens: number | null;
  /** Prompt and completion. Some servers report only this for embeddings. */
  readonly totalTokens: number | null;
  readonly promptMs: number | null;
  readonly decodeMs: number | null;
  readonly tokensPerSecond: number | null;
  /** The duration of transcribed sound. */
  readonly soundSeconds: number | null;
}

export const NO_FIGURES: ServerFigures = {
  promptTokens: null,
  cachedTokens: null,
  completionTokens: null,
  totalTokens: null,
  promptMs: null,
  decodeMs: null,
  tokensPerSecond: null,
  soundSeconds: null,
};

/** The server's own rate over fewer tokens is not used. */
export const MIN_TOKENS = 4;

const count = z.number().int().min(0).nullish().catch(null);
const figure = z.number().min(0).nullish().catch(null);
const usageSchema = z.object({
  prompt_tokens: count,
  completion_tokens: count,
  total_tokens: count,
  prompt_tokens_details: z.object({ cached_tokens: count }).nullish().catch(null),
  seconds: figure,
  /** The Responses and the Messages API. */
  input_tokens: count,
  output_tokens: count,
  input_tokens_details: z.object({ cached_tokens: count }).nullish().catch(null),
  /** The Messages API: these tokens are not in `input_tokens`. */
  cache_read_input_tokens: count,
  cache_creation_input_tokens: count,
});
/** `prompt_n` does not count the tokens from the cache. Older versions have no `cache_n`. */
const timingsSchema = z.object({
  cache_n: count,
  prompt_n: count,
  prompt_ms: figure,
  predicted_n: count,
  predicted_ms: figure,
  predicted_per_second: z.number().positive().nullish().catch(null),
});

/** The figures of a stream after one more event, or of a whole answer. Unreadable figures are ignored. */
export function figuresIn(data: unknown, before: ServerFigures = NO_FIGURES): ServerFigures {
  if (typeof data !== 'object' || data === null) return before;
  const usage = usageOf(data);
  const timings = 'timings' in data ? timingsSchema.safeParse(data.timings).data : undefined;
  const duration = 'duration' in data ? (figure.parse(data.duration) ?? null) : null;
  // Nearly all events of a stream have none of these.
  if (usage === undefined && timings === undefined && duration === null) return before;
  const processed = timings?.prompt_n ?? null;
  const cached = usage?.cached ?? timings?.cache_n ?? null;
  const prompt = usage?.prompt ?? (processed === null ? null : processed + (cached ?? 0));
  return {
    promptTokens: prompt ?? before.promptTokens,
    cachedTokens: cached ?? uncounted(usage?.prompt, processed) ?? before.cachedTokens,
    completionTokens: usage?.completion ?? timings?.predicted_n ?? before.completionTokens,
    totalTokens: usage?.total ?? before.totalTokens,
    promptMs: timings?.prompt_ms ?? before.promptMs,
    decodeMs: timings?.predicted_ms ?? before.decodeMs,
    tokensPerSecond:
      (timings?.predicted_n ?? 0) >= MIN_TOKENS ? (timings?.predicted_per_second ?? before.tokensPerSecond) : before.tokensPerSecond,
    soundSeconds: usage?.seconds ?? duration ?? before.soundSeconds,
  };
}

interface Usage {
  readonly prompt: number | null;
  readonly cached: number | null;
  readonly completion: number | null;
  readonly total: number | null;
  readonly seconds: number | null;
}

/** The usage is in the event itself, in the message that a stream starts with, or in the response that it ends with. */
function usageOf(data: object): Usage | undefined {
  const { message, response } = data as Readonly<Record<string, unknown>>;
  const holder = [data, message, response].find(hasUsage);
  const usage = holder === undefined ? undefined : usageSchema.safeParse(holder.usage).data;
  if (usage === undefined) return undefined;
  const read = usage.cache_read_input_tokens ?? null;
  const input = usage.input_tokens ?? null;
  return {
    prompt: usage.prompt_tokens ?? (input === null ? null : input + (read ?? 0) + (usage.cache_creation_input_tokens ?? 0)),
    cached: usage.prompt_tokens_details?.cached_tokens ?? usage.input_tokens_details?.cached_tokens ?? read,
    completion: usage.completion_tokens ?? usage.output_tokens ?? null,
    total: usage.total_tokens ?? null,
    seconds: usage.seconds ?? null,
  };
}

const hasUsage = (value: unknown): value is { readonly usage: unknown } =>
  typeof value === 'object' && value !== null && 'usage' in value && value.usage !== null;

/** The tokens of the prompt that the server did not process. */
const uncounted = (all: number | null | undefined, processed: number | null): number | null =>
  all == null || processed === null || processed > all ? null : all - processed;
