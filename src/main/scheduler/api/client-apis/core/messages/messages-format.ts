// Errors and streams of the Messages API. An error has the id of the request, and a type that follows from its status.
import { z } from 'zod';
import { messageOf } from '../../../openai/core/openai-error';
import type { AnswerFormat } from '../client-api';

type ErrorType =
  | 'invalid_request_error'
  | 'authentication_error'
  | 'permission_error'
  | 'not_found_error'
  | 'request_too_large'
  | 'rate_limit_error'
  | 'timeout_error'
  | 'api_error';

/** The documented form. `muster` has the details of a failure of the pool. */
export const messagesErrorSchema = z.object({
  type: z.literal('error'),
  error: z.looseObject({ type: z.string(), message: z.string() }),
  request_id: z.string().nullish(),
});

const TYPE_BY_STATUS: Readonly<Record<number, ErrorType>> = {
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  504: 'timeout_error',
};

const typeOf = (status: number): ErrorType => TYPE_BY_STATUS[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error');

export const PING = 'event: ping\ndata: {"type":"ping"}\n\n';

const errorBody: AnswerFormat['errorBody'] = (failure, language, requestId) => {
  const { code, param, muster } = failure.error;
  const facts = { ...(code === null ? {} : { code }), ...(param === null ? {} : { param }), ...(muster === undefined ? {} : { muster }) };
  return { type: 'error', error: { type: typeOf(failure.status), message: messageOf(failure, language), ...facts }, request_id: requestId };
};

export const messagesFormat: AnswerFormat = {
  name: 'messages',
  framing: 'sse',
  keepAlive: PING,
  headers: (requestId) => ({ 'request-id': requestId }),
  eventName: (data) => (typeof data === 'object' && data !== null && 'type' in data && typeof data.type === 'string' ? data.type : null),
  errorBody,
  errorEvent: (failure, language, requestId) => ({ name: 'error', data: errorBody(failure, language, requestId) }),
  isError: (body) => messagesErrorSchema.safeParse(body).success,
  passesRefusals: false,
};
