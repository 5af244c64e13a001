// A failure on the OpenAI paths as a route's answer, and as lines of the API's description.
import type { Answer, OtherError } from '../route';
import { failureHeaders, openAiBody, type OpenAiFailure, POOL_ERRORS, type PoolErrorCode } from './core/openai-error';

export const openAiAnswer = (failure: OpenAiFailure): Answer => ({
  kind: 'error',
  status: failure.status,
  bodyIn: (language) => openAiBody(failure, language),
  headers: failureHeaders(failure),
});

export const describedErrors = (codes: readonly PoolErrorCode[]): readonly OtherError[] =>
  codes.map((code) => ({ status: POOL_ERRORS[code].status, code, words: POOL_ERRORS[code].en }));
