// Translates answers of the OpenAI API to answers of Ollama's API. A figure that no one measured is left out.
import { z } from 'zod';
import { MAX_LIST } from '../../../../../../shared/protocol/bounded';
import { type AnswerFacts, MAX_CALLS } from '../client-api';
import { type Figures, readCompletion, toCalls } from './completion';

/** `chat` has a message, `generate` a text. */
export type Shape = 'chat' | 'generate';

/** The time of this line, and since the request. */
export interface LineTimes {
  readonly atWallMs: number;
  readonly sinceRequestMs: number;
}
export type Times = () => LineTimes;

const NANOSECONDS_PER_MS = 1_000_000;
const nanoseconds = (ms: number): number => Math.round(ms * NANOSECONDS_PER_MS);

export interface Said {
  readonly text?: string;
  readonly thinking?: string;
  readonly calls?: readonly object[];
  readonly logprobs?: readonly unknown[];
}

/** One line of a stream, or the whole answer. `rest`: the fields of the last line. */
export function lineOf(shape: Shape, model: string, { atWallMs }: Pick<LineTimes, 'atWallMs'>, said: Said, rest: object | null): object {
  const { text = '', thinking = '', calls = [], logprobs = [] } = said;
  const thoughts = thinking === '' ? {} : { thinking };
  const uses = calls.length === 0 ? {} : { tool_calls: calls };
  return {
    model,
    created_at: new Date(atWallMs).toISOString(),
    ...(shape === 'chat'
      ? { message: { role: 'assistant', content: text, ...thoughts, ...uses } }
      : { response: text, ...thoughts, ...uses }),
    ...(logprobs.length === 0 ? {} : { logprobs }),
    done: rest !== null,
    ...rest,
  };
}

/** Ollama has no further reasons: also a call of a tool is a stop. */
export const reasonOf = (finish: string | null): string => (finish === 'length' ? 'length' : 'stop');

export const figuresOf = ({ promptTokens, outputTokens, promptMs, outputMs }: Figures, { sinceRequestMs }: LineTimes): object => ({
  total_duration: nanoseconds(sinceRequestMs),
  ...(promptTokens === null ? {} : { prompt_eval_count: promptTokens }),
  ...(promptMs === null ? {} : { prompt_eval_duration: nanoseconds(promptMs) }),
  ...(outputTokens === null ? {} : { eval_count: outputTokens }),
  ...(outputMs === null ? {} : { eval_duration: nanoseconds(outputMs) }),
});

/** For servers that give a call no id. */
export const callId = ({ id }: AnswerFacts, at: number): string => `call_${id}_${String(at)}`;

/** Null: the completion is not readable. */
export function wholeOf(shape: Shape, completion: unknown, facts: AnswerFacts, model: string, times: LineTimes): object | null {
  const read = readCompletion(completion);
  if (read?.hasChoice !== true || read.calls.length > MAX_CALLS) return null;
  const calls = toCalls(read.calls, (at) => callId(facts, at));
  if (calls === null) return null;
  return lineOf(shape, model, times, { ...read, calls }, { done_reason: reasonOf(read.finish), ...figuresOf(read.figures, times) });
}

/** A request without a prompt: Ollama loads the model, or unloads it where `keep_alive` is 0. A pool does neither. */
export const loadedLine = (shape: Shape, model: string, times: Pick<LineTimes, 'atWallMs'>, keepAlive: unknown): object =>
  lineOf(shape, model, times, {}, { done_reason: isZero(keepAlive) ? 'unload' : 'load' });

const isZero = (keepAlive: unknown): boolean => keepAlive === 0 || (typeof keepAlive === 'string' && /^0(?:[smh])?$/.test(keepAlive));

/** The numbers are not checked one by one: there may be millions. */
const vector = z.custom<readonly number[]>((value) => Array.isArray(value) && typeof value[0] === 'number');
const embeddingsSchema = z.object({
  data: z.array(z.object({ index: z.number().int().nullish(), embedding: vector })).max(MAX_LIST),
  usage: z
    .object({ prompt_tokens: z.number().int().min(0).nullish().catch(null) })
    .nullish()
    .catch(null),
});

/** Null: the answer is not readable. */
function vectorsOf(answer: unknown): { readonly vectors: readonly (readonly number[])[]; readonly tokens: number | null } | null {
  const { data: read } = embeddingsSchema.safeParse(answer);
  if (read === undefined) return null;
  const inOrder = read.data.map(({ index, embedding }, at) => ({ index: index ?? at, embedding })).toSorted((a, b) => a.index - b.index);
  return { vectors: inOrder.map(({ embedding }) => embedding), tokens: read.usage?.prompt_tokens ?? null };
}

export function embedOf(answer: unknown, model: string, { sinceRequestMs }: LineTimes): object | null {
  const read = vectorsOf(answer);
  if (read === null) return null;
  const tokens = read.tokens === null ? {} : { prompt_eval_count: read.tokens };
  return { model, embeddings: read.vectors, total_duration: nanoseconds(sinceRequestMs), ...tokens };
}

/** Of the earlier path, with one text. */
export function embeddingOf(answer: unknown): object | null {
  const [embedding] = vectorsOf(answer)?.vectors ?? [];
  return embedding === undefined ? null : { embedding };
}
