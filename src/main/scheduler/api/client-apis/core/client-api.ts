// A client API (Messages, Responses, Ollama): a set of paths with its own request, answer, stream and error form (ADR 0043). A request
// becomes one job. Where not every node has the path, the request is translated to a chat completion and its answer back.
import type { Language } from '../../../../../shared/language';
import type { OpenAiTask } from '../../../../../shared/protocol/tasks';
import type { Result } from '../../../../../shared/result';
import type { OpenAiFailure } from '../../openai/core/openai-error';
import type { TranslationData } from './translation-data';

/** The body of a chat completion. */
export type ChatBody = OpenAiTask['body'] & { readonly messages: readonly object[]; readonly stream?: boolean };

/** An event of a stream as the client gets it. `name`: the `event:` line of server-sent events; null: none. */
export interface ClientEvent {
  readonly name: string | null;
  /** A text is written as it is. */
  readonly data: object | string;
}

/** What a translation cannot read in the completion. */
export interface AnswerFacts {
  /** Differs in each request: letters and digits. */
  readonly id: string;
  readonly requestId: string;
  /** As the client asked for it. */
  readonly model: string;
  /** When the request arrived. */
  readonly atWallMs: number;
}

/** How the answer of a job becomes the answer of the client. */
export interface AnswerTranslation {
  /** The same as data. */
  readonly data: TranslationData;
  /**
   * What the request was translated to. Absent: a chat completion. Null: the job has the path of the client, and the pool changes only its own
   * fields of the answer.
   */
  readonly to?: TranslationTarget | null;
  /** The whole answer. Null: it is not readable. */
  readonly answer: (completion: unknown, facts: AnswerFacts) => object | null;
  /** Null: the answer is never streamed. */
  readonly stream: ((facts: AnswerFacts) => StreamTranslation) | null;
}

/** For `X-Muster-Translated`. */
export type TranslationTarget = 'chat_completions' | 'completions' | 'embeddings';

/** One request, translated to a chat completion. */
export interface Translated extends AnswerTranslation {
  readonly chat: ChatBody;
  readonly stream: (facts: AnswerFacts) => StreamTranslation;
}

/**
 * A model does not call so many tools in one answer: a server that sends more is at fault. A call that is left out would go unnoticed, so the
 * answer is not readable, and a stream breaks.
 */
export const MAX_CALLS = 1024;

/** A reducer over the chunks of the chat completion. Pure: `next` returns a new state. */
export interface StreamTranslation {
  /** The answer has more than its API allows: it breaks here. */
  readonly isBroken?: boolean;
  readonly next: (chunk: unknown) => readonly [StreamTranslation, readonly ClientEvent[]];
  /** The stream is complete. */
  readonly end: () => readonly ClientEvent[];
  /** The stream ends with this error. */
  readonly fail: (failure: OpenAiFailure, language: Language) => readonly ClientEvent[];
}

/** The field of the request that cannot be translated, and why. */
export interface Untranslatable {
  readonly field: string;
  readonly reason: string;
}

export type Translate<Body> = (body: Body) => Result<Translated, Untranslatable>;

export type FormatName = 'openai' | 'messages' | 'responses' | 'ollama';

/** How answers of a client API are written. */
export interface AnswerFormat {
  readonly name: FormatName;
  /** `sse_done`: the stream ends with `data: [DONE]`. */
  readonly framing: 'sse' | 'sse_done' | 'json_lines';
  /** Keeps a stream open while the model works. Null: clients of the API would not ignore it. */
  readonly keepAlive: string | null;
  /** Further headers of every answer. */
  readonly headers: (requestId: string) => Readonly<Record<string, string>>;
  /** The name of an event that a model server sent on the path itself. */
  readonly eventName: (data: unknown) => string | null;
  readonly errorBody: (failure: OpenAiFailure, language: Language, requestId: string) => object;
  /** The last event of a native stream that breaks. */
  readonly errorEvent: (failure: OpenAiFailure, language: Language, requestId: string) => ClientEvent;
  /** Whether a refusal by a model server has the form of this API, so that it is passed on. */
  readonly isError: (body: unknown) => boolean;
  /** A refusal of another form is passed on too, unless a stream has begun. */
  readonly passesRefusals: boolean;
}
