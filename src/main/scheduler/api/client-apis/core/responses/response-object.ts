// The object `response` of the Responses API: the request's own settings, and the state of the answer.
import { jsonBytesOf } from '../../../../../../shared/value-size';
import type { AnswerFacts } from '../client-api';
import type { ResponsesBody } from './request';
import type { Json } from './tools';

const MS_PER_SECOND = 1000;

export type ResponseStatus = 'queued' | 'in_progress' | 'completed' | 'incomplete' | 'failed' | 'cancelled';

export interface ResponseOutcome {
  readonly status: ResponseStatus;
  readonly output: readonly Json[];
  readonly usage: Json | null;
  readonly incomplete: 'max_output_tokens' | 'content_filter' | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

export const noOutcome = (status: ResponseStatus): ResponseOutcome => ({ status, output: [], usage: null, incomplete: null, error: null });

/** The fields of the request that the answer repeats, with the values that stand for absent ones. Unknown values of a model are null. */
const DEFAULTS: Json = {
  instructions: null,
  max_output_tokens: null,
  max_tool_calls: null,
  metadata: {},
  parallel_tool_calls: true,
  previous_response_id: null,
  prompt_cache_key: null,
  safety_identifier: null,
  service_tier: null,
  temperature: null,
  tool_choice: 'auto',
  tools: [],
  top_logprobs: 0,
  top_p: null,
  truncation: 'disabled',
  user: null,
};

const repeated = (body: Json): Json =>
  Object.fromEntries(Object.entries(DEFAULTS).map(([name, otherwise]) => [name, body[name] ?? otherwise]));

/** Fields above it are in the last event of a stream only, not in the first ones. */
const MAX_REPEATED_CHARACTERS = 256 * 1024;

export const withoutLarge = ({ input: _input, ...body }: ResponsesBody): Json =>
  Object.fromEntries(
    Object.entries(body).filter(
      ([, value]) => jsonBytesOf(value, MAX_REPEATED_CHARACTERS, (text) => text.length) <= MAX_REPEATED_CHARACTERS,
    ),
  );

/** The id of the response to a request. */
export const responseIdOf = ({ id }: Pick<AnswerFacts, 'id'>): string => `resp_${id}`;

export function responseOf(body: Json, facts: AnswerFacts, outcome: ResponseOutcome): Json {
  const { status, output, usage, incomplete, error } = outcome;
  return {
    id: responseIdOf(facts),
    object: 'response',
    created_at: Math.floor(facts.atWallMs / MS_PER_SECOND),
    status,
    background: body.background ?? false,
    error,
    incomplete_details: incomplete === null ? null : { reason: incomplete },
    model: facts.model,
    output,
    reasoning: { effort: null, summary: null, ...recordOrEmpty(body['reasoning']) },
    store: body.store ?? true,
    text: { format: { type: 'text' }, ...recordOrEmpty(body['text']) },
    usage,
    ...repeated(body),
  };
}

const recordOrEmpty = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {});

/** The usage of a chat completion. A count that the server does not report is 0, because clients require it. Null: no usage at all. */
export function usageOf(usage: ChatUsage | null): Json | null {
  if (usage === null) return null;
  const { prompt_tokens: input, completion_tokens: output, total_tokens: total } = usage;
  const cached = usage.prompt_tokens_details?.cached_tokens ?? 0;
  const reasoning = usage.completion_tokens_details?.reasoning_tokens ?? 0;
  return {
    input_tokens: input ?? 0,
    input_tokens_details: { cached_tokens: cached, cache_write_tokens: 0 },
    output_tokens: output ?? 0,
    output_tokens_details: { reasoning_tokens: reasoning },
    total_tokens: total ?? (input ?? 0) + (output ?? 0),
  };
}

type Count = number | null | undefined;
export interface ChatUsage {
  readonly prompt_tokens?: Count;
  readonly completion_tokens?: Count;
  readonly total_tokens?: Count;
  readonly prompt_tokens_details?: { readonly cached_tokens?: Count } | null | undefined;
  readonly completion_tokens_details?: { readonly reasoning_tokens?: Count } | null | undefined;
}
