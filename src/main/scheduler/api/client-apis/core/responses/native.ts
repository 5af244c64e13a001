// A response of a model server that has the Responses API itself. The pool keeps the conversations, because the next request may run on
// another node: the server gets the whole input with `store: false`, and the client gets ids of the pool.
import { isRecord } from '../../../../../../shared/json';
import type { Language } from '../../../../../../shared/language';
import { openAiBody, type OpenAiFailure } from '../../../openai/core/openai-error';
import type { AnswerFacts, AnswerTranslation, ClientEvent, StreamTranslation } from '../client-api';
import { itemsOf } from './messages';
import type { ResponsesBody } from './request';
import { noOutcome, responseIdOf, responseOf } from './response-object';
import type { Json } from './tools';

export function nativeBody(body: ResponsesBody, context: readonly Json[]): ResponsesBody {
  const { previous_response_id: _previous, background: _background, ...rest } = body;
  return { ...rest, store: false, input: context.length === 0 ? body.input : [...context, ...itemsOf(body.input)] };
}

/** The response of the server as the response of the pool. */
export const asOwnResponse = (response: Json, body: ResponsesBody, facts: AnswerFacts): Json => ({
  ...response,
  id: responseIdOf(facts),
  store: body.store ?? true,
  background: body.background ?? false,
  previous_response_id: body.previous_response_id ?? null,
});

export class NativeStream implements StreamTranslation {
  readonly #body: ResponsesBody;
  readonly #facts: AnswerFacts;
  readonly #nextSequence: number;
  /** The last response that the server sent. */
  readonly #response: Json | null;

  constructor(body: ResponsesBody, facts: AnswerFacts, nextSequence = 0, response: Json | null = null) {
    this.#body = body;
    this.#facts = facts;
    this.#nextSequence = nextSequence;
    this.#response = response;
  }

  next(chunk: unknown): readonly [NativeStream, readonly ClientEvent[]] {
    if (!isRecord(chunk)) return [this, []];
    const event = chunk;
    const sequence = typeof event['sequence_number'] === 'number' ? event['sequence_number'] : this.#nextSequence;
    const response = isRecord(event['response']) ? asOwnResponse(event['response'], this.#body, this.#facts) : null;
    const data = { ...event, sequence_number: sequence, ...(response === null ? {} : { response }) };
    const name = typeof event['type'] === 'string' ? event['type'] : null;
    const next = new NativeStream(this.#body, this.#facts, sequence + 1, response ?? this.#response);
    return [next, [{ name, data }]];
  }

  end(): readonly ClientEvent[] {
    return [];
  }

  fail(failure: OpenAiFailure, language: Language): readonly ClientEvent[] {
    const { message, code, param } = openAiBody(failure, language).error;
    const error = { code: failure.status === 429 ? 'rate_limit_exceeded' : 'server_error', message };
    const last = this.#response ?? responseOf(this.#body, this.#facts, noOutcome('failed'));
    return failureEvents(this.#nextSequence, { code, message, param }, { ...last, status: 'failed', error });
  }
}

const failureEvents = (sequence: number, error: Json, response: Json): readonly ClientEvent[] => [
  { name: 'error', data: { type: 'error', sequence_number: sequence, ...error } },
  { name: 'response.failed', data: { type: 'response.failed', sequence_number: sequence + 1, response } },
];

/** The answer to a native request. */
export const nativeResponses = (body: ResponsesBody): AnswerTranslation => ({
  data: { name: 'native_responses', body: { ...body, input: '' } },
  to: null,
  answer: (response, facts) => (isRecord(response) ? asOwnResponse(response, body, facts) : null),
  stream: (facts) => new NativeStream(body, facts),
});
