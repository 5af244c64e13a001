// A completion or a chunk of one, as far as Ollama's API shows it. Servers leave out fields and add others, so the schema is tolerant.
import { z } from 'zod';
import { isRecord, parseJson } from '../../../../../../shared/json';

const MAX_CHOICES = 128;
const MAX_LOGPROBS = 100_000;

const text = z.string().nullish().catch(null);
const count = z.number().int().min(0).nullish().catch(null);
/** 11 days. A larger figure is no time of an answer, and as nanoseconds it would not be exact. */
const MAX_MS = 1e9;
const ms = z.number().min(0).max(MAX_MS).nullish().catch(null);

const callSchema = z.object({
  index: z.number().int().min(0).nullish().catch(null),
  id: text,
  function: z.object({ name: text, arguments: z.unknown().optional() }).nullish().catch(null),
});

type Call = z.output<typeof callSchema>;

const partSchema = z.object({
  content: text,
  refusal: text,
  reasoning_content: text,
  reasoning: text,
  tool_calls: z.array(callSchema).nullish().catch(null),
});
type Part = z.output<typeof partSchema>;

const choiceSchema = z.object({
  /** Of a chunk of a chat. */
  delta: partSchema.nullish().catch(null),
  /** Of a whole chat. */
  message: partSchema.nullish().catch(null),
  /** Of a completion without a chat. */
  text,
  finish_reason: text,
  logprobs: z
    .object({ content: z.array(z.unknown()).max(MAX_LOGPROBS).nullish() })
    .nullish()
    .catch(null),
});

const completionSchema = z.object({
  choices: z.array(choiceSchema).max(MAX_CHOICES).nullish().catch(null),
  usage: z.object({ prompt_tokens: count, completion_tokens: count }).nullish().catch(null),
  /** Of llama.cpp. */
  timings: z.object({ prompt_ms: ms, predicted_ms: ms }).nullish().catch(null),
});

export interface CallPart {
  readonly index: number;
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

export interface Figures {
  readonly promptTokens: number | null;
  readonly outputTokens: number | null;
  readonly promptMs: number | null;
  readonly outputMs: number | null;
}

export const NO_FIGURES: Figures = { promptTokens: null, outputTokens: null, promptMs: null, outputMs: null };

export interface CompletionPart {
  readonly text: string;
  readonly thinking: string;
  readonly calls: readonly CallPart[];
  readonly logprobs: readonly unknown[];
  readonly finish: string | null;
  readonly figures: Figures;
}

const NO_PART: Part = {};

/** Null: no choice can be read in it. The last chunk of a stream may have figures alone. */
export function readCompletion(completion: unknown): (CompletionPart & { readonly hasChoice: boolean }) | null {
  const { data } = completionSchema.safeParse(completion);
  if (data === undefined) return null;
  const [choice] = data.choices ?? [];
  const part = choice?.delta ?? choice?.message ?? NO_PART;
  return {
    hasChoice: choice !== undefined,
    text: `${part.content ?? ''}${part.refusal ?? ''}${choice?.text ?? ''}`,
    // Some servers send both.
    thinking: (part.reasoning_content ?? '') || (part.reasoning ?? ''),
    calls: (part.tool_calls ?? []).map(callPartOf),
    logprobs: choice?.logprobs?.content ?? [],
    finish: choice?.finish_reason ?? null,
    figures: {
      promptTokens: data.usage?.prompt_tokens ?? null,
      outputTokens: data.usage?.completion_tokens ?? null,
      promptMs: data.timings?.prompt_ms ?? null,
      outputMs: data.timings?.predicted_ms ?? null,
    },
  };
}

const callPartOf = ({ index, id, function: called }: Call, at: number): CallPart => ({
  index: index ?? at,
  id: id ?? '',
  name: called?.name ?? '',
  arguments: argumentsText(called?.arguments),
});

/** Some servers send the arguments as an object. */
const argumentsText = (given: unknown): string => (typeof given === 'string' ? given : isRecord(given) ? JSON.stringify(given) : '');

/** The calls as Ollama shows them. Null: the arguments of one are no JSON object. */
export function toCalls(calls: readonly CallPart[], idOf: (at: number) => string): readonly object[] | null {
  const all = calls.map(({ id, name, arguments: given }, at) => {
    const input = given.trim() === '' ? {} : parseJson(given);
    return isRecord(input) ? { id: id === '' ? idOf(at) : id, function: { index: at, name, arguments: input } } : null;
  });
  const readable = all.filter((call) => call !== null);
  return readable.length === all.length ? readable : null;
}
