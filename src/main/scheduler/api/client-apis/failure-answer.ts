// A failure as the answer of a route, in the form of a client API.
import { failureHeaders, type OpenAiFailure } from '../openai/core/openai-error';
import type { ErrorAnswer } from '../route';
import type { AnswerFormat } from './core/client-api';

/** The server sends the headers of the format with every answer. */
export const failureAnswer = (failure: OpenAiFailure, format: AnswerFormat, requestId: string): ErrorAnswer => ({
  kind: 'error',
  status: failure.status,
  bodyIn: (language) => format.errorBody(failure, language, requestId),
  headers: failureHeaders(failure),
});
