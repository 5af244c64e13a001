// Requests whose responses the pool has in memory.
import type { Language } from '../../../../../../shared/language';
import type { ForwardedHeaders } from '../../../../../../shared/protocol/tasks';
import type { AnswerFacts } from '../client-api';
import type { TranslationData } from '../translation-data';
import type { ResponsesBody } from './request';
import type { Json } from './tools';

/** A request whose response is stored. */
export interface StoredRequest {
  /** The id of the key. Null: a caller on loopback without one. */
  readonly holder: string | null;
  readonly body: ResponsesBody;
  /** The conversation before the input. */
  readonly context: readonly Json[];
}

/** A request that runs in the background, with what another scheduler needs to go on with it. */
export interface RunningRequest extends StoredRequest {
  /** Of the last job for it. */
  readonly jobId: string;
  readonly facts: AnswerFacts;
  /** How the answer of the job becomes the response. Null: it does not. */
  readonly translation: TranslationData | null;
  readonly language: Language;
  /** Of the job. */
  readonly headers: ForwardedHeaders;
  readonly sessionKey: string | null;
  readonly onlyNode: string | null;
}
