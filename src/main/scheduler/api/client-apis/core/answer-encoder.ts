// Encodes the answer of one job in the form of its client API: translated from a chat completion, or as the model server sent it.
import { isRecord } from '../../../../../shared/json';
import type { Language } from '../../../../../shared/language';
import type { OpenAiOutput } from '../../../../../shared/protocol/tasks';
import type { OpenAiFailure } from '../../openai/core/openai-error';
import { bodyOf, refusalFailure } from '../../openai/core/whole-answer';
import { type ModelChoice, modelHeaders } from './model-choice';
import type { AnswerFacts, AnswerFormat, AnswerTranslation, ClientEvent, StreamTranslation } from './client-api';

export interface AnswerForm {
  readonly format: AnswerFormat;
  /** Null: the job has the path of the client, and its answer is passed on as it is. */
  readonly translated: AnswerTranslation | null;
  /** How the model was chosen. Null: the client named it. */
  readonly choice: ModelChoice | null;
}

interface Request extends AnswerForm {
  readonly facts: AnswerFacts;
  readonly language: Language;
}

/**
 * The limit of the characters of a translated stream, far above any real answer: text of one item may be kept until its end, and is then
 * written in one turn of the event loop.
 */
export const MAX_TRANSLATED_CHARACTERS = 4 * 1024 * 1024;

const DONE: ClientEvent = { name: null, data: '[DONE]' };

export class AnswerEncoder {
  readonly #request: Request;
  #stream: StreamTranslation | null;
  #characters = 0;

  constructor(request: Request) {
    this.#request = request;
    this.#stream = request.translated?.stream?.(request.facts) ?? null;
  }

  get contentType(): string {
    return this.#request.format.framing === 'json_lines' ? 'application/x-ndjson' : 'text/event-stream; charset=utf-8';
  }

  /** Headers of every answer. */
  headers(): Readonly<Record<string, string>> {
    const { format, translated, choice, facts } = this.#request;
    return {
      ...format.headers(facts.requestId),
      ...modelHeaders(facts.model, choice),
      ...(translated === null ? {} : translatedHeaders(translated)),
    };
  }

  /** A limit of translated streams was exceeded, so the stream must end with an error. */
  get isBroken(): boolean {
    return this.#stream?.isBroken === true || this.#characters > MAX_TRANSLATED_CHARACTERS;
  }

  /** The text of a chunk. Empty: the client gets nothing of it. */
  chunk(data: unknown): string {
    return this.#text(this.#eventsOf(data));
  }

  /** The end of a complete stream, after its last chunks. */
  end(chunks: readonly unknown[]): string {
    const last = chunks.flatMap((chunk) => this.#eventsOf(chunk));
    if (this.isBroken) return '';
    const end = this.#stream?.end() ?? [];
    return this.#text([...last, ...end, ...(this.#request.format.framing === 'sse_done' ? [DONE] : [])]);
  }

  /** The end of a stream that broke. */
  broken(failure: OpenAiFailure): string {
    const { format, language, facts } = this.#request;
    return this.#text(this.#stream?.fail(failure, language) ?? [format.errorEvent(failure, language, facts.requestId)]);
  }

  /** The model server refused the request after the stream had begun. */
  refused(output: OpenAiOutput): string {
    const { format, language, facts } = this.#request;
    const failure = refusalFailure(output);
    const body = bodyOf(output);
    if (this.#stream !== null || !format.isError(body)) return this.broken(failure);
    return this.#text([{ ...format.errorEvent(failure, language, facts.requestId), data: body as object }]);
  }

  /** The body of an answer that is no stream. `as_is`: as the model server sent it. Null: it cannot be translated. */
  whole(output: OpenAiOutput): object | 'as_is' | null {
    const { format, translated, facts } = this.#request;
    if (output.status >= 400) {
      if (translated === null && (format.passesRefusals || format.isError(bodyOf(output)))) return 'as_is';
      return this.failure(refusalFailure(output));
    }
    return translated === null ? 'as_is' : translated.answer(bodyOf(output), facts);
  }

  failure(failure: OpenAiFailure): object {
    const { format, language, facts } = this.#request;
    return format.errorBody(failure, language, facts.requestId);
  }

  #eventsOf(data: unknown): readonly ClientEvent[] {
    if (this.#stream === null) return [{ name: this.#request.format.eventName(data), data: data as object }];
    if (isRecord(data)) this.#characters += charactersOf(data['choices']);
    if (this.isBroken) return [];
    const [stream, events] = this.#stream.next(data);
    this.#stream = stream;
    return stream.isBroken === true ? [] : events;
  }

  #text(events: readonly ClientEvent[]): string {
    const isLines = this.#request.format.framing === 'json_lines';
    return events.map(isLines ? lineOf : eventText).join('');
  }
}

/** Of all texts in the value. Its depth was checked with the message of its node. */
function charactersOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  let sum = 0;
  for (const part of Object.values(value)) sum += charactersOf(part);
  return sum;
}

/** Say that the request was translated. */
export const translatedHeaders = ({ to = 'chat_completions' }: AnswerTranslation): Readonly<Record<string, string>> =>
  to === null ? {} : { 'x-muster-translated': to };

const dataOf = ({ data }: ClientEvent): string => (typeof data === 'string' ? data : JSON.stringify(data));

/** Some clients end a line also at these characters of a JSON text. */
const lineOf = (event: ClientEvent): string =>
  `${dataOf(event).replaceAll(/[\u0085\u2028\u2029]/g, (end) => `\\u${end.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;

/** A name of a model server is a line of its own: it must not contain another line. */
const eventText = (event: ClientEvent): string =>
  `${event.name === null ? '' : `event: ${event.name.replaceAll(/[\r\n]/g, ' ')}\n`}data: ${dataOf(event)}\n\n`;
