// The error catalogue: the codes of a scheduler with texts and HTTP status, and the close codes of the node socket (protocol §1, §4).
// The UI translates the codes itself.
import type { Language } from '../language';
import { HTTP_ERROR_TEXTS, NODE_ERROR_TEXTS } from '../reasons/errors';
import { bilingual } from '../reasons/reason-text';
import { refusalText, withReason } from '../reasons/refusals';

export const NODE_ERRORS = {
  INVALID_MESSAGE: { ...NODE_ERROR_TEXTS.INVALID_MESSAGE, httpStatus: 400 },
  INVALID_CAPABILITY_SCHEMA: { ...NODE_ERROR_TEXTS.INVALID_CAPABILITY_SCHEMA, httpStatus: 400 },
  NO_GPU_AVAILABLE: { ...NODE_ERROR_TEXTS.NO_GPU_AVAILABLE, httpStatus: 400 },
  NODE_ID_CONFLICT: { ...NODE_ERROR_TEXTS.NODE_ID_CONFLICT, httpStatus: 409 },
  POOL_FULL: { ...NODE_ERROR_TEXTS.POOL_FULL, httpStatus: 503 },
  TOO_MANY_REGISTRATIONS: { ...NODE_ERROR_TEXTS.TOO_MANY_REGISTRATIONS, httpStatus: 429 },
  NOT_REGISTERED: { ...NODE_ERROR_TEXTS.NOT_REGISTERED, httpStatus: 409 },
  NOT_LEADER: { ...NODE_ERROR_TEXTS.NOT_LEADER, httpStatus: 503 },
  INTERNAL_ERROR: { ...NODE_ERROR_TEXTS.INTERNAL_ERROR, httpStatus: 500 },
  NO_AVAILABLE_NODE: { ...NODE_ERROR_TEXTS.NO_AVAILABLE_NODE, httpStatus: 503 },
} as const satisfies Readonly<Record<keyof typeof NODE_ERROR_TEXTS, unknown>>;

export type NodeErrorCode = keyof typeof NODE_ERRORS;

/** Errors of the HTTP API that the node socket does not have. */
export const HTTP_ERRORS = {
  INVALID_REQUEST: { ...HTTP_ERROR_TEXTS.INVALID_REQUEST, httpStatus: 400 },
  UNAUTHORIZED: { ...HTTP_ERROR_TEXTS.UNAUTHORIZED, httpStatus: 401 },
  FORBIDDEN: { ...HTTP_ERROR_TEXTS.FORBIDDEN, httpStatus: 403 },
  REVOKED: { ...HTTP_ERROR_TEXTS.REVOKED, httpStatus: 403 },
  HOST_NOT_ALLOWED: { ...HTTP_ERROR_TEXTS.HOST_NOT_ALLOWED, httpStatus: 403 },
  ORIGIN_NOT_ALLOWED: { ...HTTP_ERROR_TEXTS.ORIGIN_NOT_ALLOWED, httpStatus: 403 },
  NOT_FOUND: { ...HTTP_ERROR_TEXTS.NOT_FOUND, httpStatus: 404 },
  METHOD_NOT_ALLOWED: { ...HTTP_ERROR_TEXTS.METHOD_NOT_ALLOWED, httpStatus: 405 },
  REQUEST_TIMEOUT: { ...HTTP_ERROR_TEXTS.REQUEST_TIMEOUT, httpStatus: 408 },
  INVALID_STATE: { ...HTTP_ERROR_TEXTS.INVALID_STATE, httpStatus: 409 },
  PAYLOAD_TOO_LARGE: { ...HTTP_ERROR_TEXTS.PAYLOAD_TOO_LARGE, httpStatus: 413 },
  TLS_REQUIRED: { ...HTTP_ERROR_TEXTS.TLS_REQUIRED, httpStatus: 426 },
  IDEMPOTENCY_KEY_REUSED: { ...HTTP_ERROR_TEXTS.IDEMPOTENCY_KEY_REUSED, httpStatus: 422 },
  TOO_MANY_ATTEMPTS: { ...HTTP_ERROR_TEXTS.TOO_MANY_ATTEMPTS, httpStatus: 429 },
  LIMIT_REACHED: { ...HTTP_ERROR_TEXTS.LIMIT_REACHED, httpStatus: 429 },
  QUEUE_FULL: { ...HTTP_ERROR_TEXTS.QUEUE_FULL, httpStatus: 429 },
  STORAGE_FULL: { ...HTTP_ERROR_TEXTS.STORAGE_FULL, httpStatus: 507 },
  OVERLOADED: { ...HTTP_ERROR_TEXTS.OVERLOADED, httpStatus: 503 },
} as const satisfies Readonly<Record<keyof typeof HTTP_ERROR_TEXTS, unknown>>;

const ERRORS = { ...NODE_ERRORS, ...HTTP_ERRORS };
export type ErrorCode = keyof typeof ERRORS;

/** The message of a code on the node socket: `<zh> / <en>` (protocol §4). */
export const messageOf = (code: ErrorCode): string => bilingual(ERRORS[code]);

/** The message of a code in one language, for HTTP errors. With details: also what they say of the reason. */
export const messageIn = (code: ErrorCode, language: Language, details: Readonly<Record<string, unknown>> | null = null): string =>
  withReason(ERRORS[code], refusalText(code, details), language);

export const httpStatusOfError = (code: ErrorCode): number => ERRORS[code].httpStatus;

/** The `Retry-After` of an error in seconds: that of its details, else that of its code. Null: a retry alone does not help. */
export function retryAfterSecondsOf(code: ErrorCode, details: Readonly<Record<string, unknown>> | null): number | null {
  const seconds = details?.['retry_after_seconds'];
  return typeof seconds === 'number' ? seconds : (RETRY_AFTER_SECONDS[code] ?? null);
}

const RETRY_AFTER_SECONDS: Partial<Record<ErrorCode, number>> = {
  LIMIT_REACHED: 1,
  NOT_LEADER: 1,
  QUEUE_FULL: 5,
  OVERLOADED: 5,
  POOL_FULL: 30,
  TOO_MANY_REGISTRATIONS: 10,
  TOO_MANY_ATTEMPTS: 10,
  NO_AVAILABLE_NODE: 15,
  STORAGE_FULL: 30,
};

/** Whether a scheduler answers with this code. */
export const isSchedulerErrorCode = (code: string): code is ErrorCode => Object.hasOwn(ERRORS, code);

/** Why the scheduler closed the socket of a node (protocol §1). */
export const CLOSE_CODES = {
  schedulerStopping: 1001,
  registrationTimeout: 4001,
  replaced: 4002,
  removed: 4003,
  heartbeatTimeout: 4004,
  tooManyInvalidMessages: 4008,
  tooSlow: 4009,
  revoked: 4010,
  messageTimeout: 4011,
  notANode: 4012,
  overloaded: 1013,
} as const;

/** The node closes its socket because its computer goes to sleep (protocol §1). */
export const ASLEEP_CLOSE_CODE = 4100;

export type CloseCode = (typeof CLOSE_CODES)[keyof typeof CLOSE_CODES];
