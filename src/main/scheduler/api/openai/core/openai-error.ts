// Errors of the OpenAI API, in the format of OpenAI. Status and headers show OpenAI's clients whether and when to retry. The field
// `muster` has the details as codes and numbers.
import { z } from 'zod';
import type { Language, Localized } from '../../../../../shared/language';
import { MAX_DETAILS, recordOf } from '../../../../../shared/protocol/bounded';
import { type ErrorCode, httpStatusOfError, messageIn, retryAfterSecondsOf } from '../../../../../shared/protocol/codes';
import { refusalText, withReason } from '../../../../../shared/reasons/refusals';

export const openAiErrorSchema = z.object({
  error: z.object({
    message: z.string(),
    type: z.enum(['invalid_request_error', 'rate_limit_error', 'server_error']),
    /** The invalid field of the request. */
    param: z.string().nullable(),
    code: z.string().nullable(),
    muster: recordOf(z.string(), z.unknown(), MAX_DETAILS).optional(),
  }),
});
export type OpenAiErrorBody = z.infer<typeof openAiErrorSchema>;

export interface OpenAiFailure {
  readonly status: number;
  /** `Retry-After`; null: no header. */
  readonly retryAfterSeconds: number | null;
  /** False: sends `X-Should-Retry: false`, because OpenAI's clients repeat a request after every 5xx by default. */
  readonly mayRetry: boolean;
  readonly text: Localized;
  readonly reason: Reason | null;
  readonly error: Omit<OpenAiErrorBody['error'], 'message'>;
}

/** The second part of the message, after the text of the error code. A plain string comes from a runtime or a schema, untranslated. */
type Reason = string | Localized;

interface PoolError extends Localized {
  readonly status: number;
  readonly retryAfterSeconds: number | null;
  readonly mayRetry: boolean;
}

const once = { retryAfterSeconds: null, mayRetry: false };
const after = (retryAfterSeconds: number) => ({ retryAfterSeconds, mayRetry: true });
/** For a program that chooses to try again, not for its library. */
const onceFor = (retryAfterSeconds: number) => ({ retryAfterSeconds, mayRetry: false });

/**
 * 429: fewer requests at once, or a later one, would succeed. 503: a resource is missing. A client that has waited for the pool must not
 * wait again by itself: its library would turn one refusal into minutes.
 */
export const POOL_ERRORS = {
  model_not_found: { status: 404, zh: '池中没有安装该模型', en: 'no node of the pool has this model', ...once },
  /** Of `GET /v1/queue` alone. */
  job_not_found: { status: 404, zh: '没有这个任务', en: 'no such job', ...once },
  unsupported_model: { status: 400, zh: '没有节点能用该模型处理此接口', en: 'no node serves this path with the model', ...once },
  response_not_found: {
    status: 404,
    zh: '没有这个响应，或它已过期，或由其他密钥创建',
    en: 'no such response: it expired, or another key made it',
    ...once,
  },
  previous_response_not_found: {
    status: 400,
    zh: '没有这个先前的响应：它已过期、未保存、尚未结束，或由其他密钥创建',
    en: 'no such previous response: it expired, was not stored, has not ended, or another key made it',
    ...once,
  },
  queue_full: { status: 429, zh: '队列已满', en: 'the queue is full', ...after(5) },
  pool_busy: {
    status: 429,
    zh: '能运行该模型的节点都在被其所有者使用',
    en: 'the owners of all nodes that can run the model use them',
    ...once,
  },
  pool_full: {
    status: 429,
    zh: '能运行该模型的节点没有空闲槽位或足够的显存',
    en: 'no node that can run the model has a free slot and enough GPU memory',
    ...once,
  },
  model_not_ready: {
    status: 503,
    zh: '该模型尚未在任何节点上就绪，无法处理此请求',
    en: 'no node has the model ready for this request',
    ...after(15),
  },
  model_failing: { status: 503, zh: '该模型在有它的节点上连续失败', en: 'the model keeps failing on the nodes that have it', ...after(30) },
  no_available_node: { status: 503, zh: '当前没有可用节点', en: 'no node is available', ...after(15) },
  scheduler_stopping: { status: 503, zh: '调度器正在停止', en: 'the scheduler is stopping', ...after(5) },
  storage_full: { status: 503, zh: '调度器磁盘已满', en: 'the disk of the scheduler is full', ...onceFor(30) },
  job_cancelled: { status: 503, zh: '任务已被取消', en: 'the job was cancelled', ...once },
  job_failed: { status: 502, zh: '任务执行失败', en: 'the job failed', ...once },
  job_timeout: { status: 504, zh: '任务执行超时', en: 'the job timed out', ...once },
  runtime_busy: { status: 429, zh: '模型服务繁忙', en: 'the model server is busy', ...onceFor(5) },
  bad_request: { status: 400, zh: '请求无效', en: 'the model server rejected the request', ...once },
  stream_broken: { status: 502, zh: '流已中断', en: 'the stream was interrupted', ...once },
} as const satisfies Record<string, PoolError>;

export type PoolErrorCode = keyof typeof POOL_ERRORS;

interface Facts {
  readonly param?: string;
  readonly reason?: Reason;
  readonly muster?: Readonly<Record<string, unknown>>;
}

export function poolFailure(code: PoolErrorCode, { param, reason, muster }: Facts = {}): OpenAiFailure {
  const { status, zh, en, retryAfterSeconds, mayRetry } = POOL_ERRORS[code];
  const error = { type: typeOf(status), param: param ?? null, code, ...(muster === undefined ? {} : { muster }) };
  return { status, retryAfterSeconds, mayRetry, text: { zh, en }, reason: reason ?? null, error };
}

export function openAiBody(failure: OpenAiFailure, language: Language): OpenAiErrorBody {
  return { error: { message: messageOf(failure, language), ...failure.error } };
}

/** Chinese and English never share a sentence: an untranslated reason is a separate sentence. */
export function messageOf({ text, reason }: Pick<OpenAiFailure, 'text' | 'reason'>, language: Language): string {
  if (reason === null) return text[language];
  if (typeof reason !== 'string') return withReason(text, reason, language);
  return language === 'en' ? `${text.en}: ${reason}` : `${text.zh}。${reason}`;
}

/** The code of a server error as the OpenAI API names it. */
export const openAiCodeOf = (code: ErrorCode): string => OWN_CODES[code] ?? code.toLowerCase();

const OWN_CODES: Partial<Record<ErrorCode, string>> = {
  UNAUTHORIZED: 'invalid_api_key',
  NOT_FOUND: 'unknown_url',
  INVALID_REQUEST: 'invalid_request',
};

/** Their reasons are codes, and not sentences of a schema. */
const ACCESS_CODES: ReadonlySet<ErrorCode> = new Set(['UNAUTHORIZED', 'FORBIDDEN', 'REVOKED']);

/** OpenAI's clients do not wait longer, and would repeat the request too early. */
const MAX_CLIENT_WAIT_SECONDS = 60;

/** A refusal by the server itself, before the handler. `details.field` becomes `param`. */
export function serverFailure(code: ErrorCode, details: Readonly<Record<string, unknown>> | null): OpenAiFailure {
  const status = httpStatusOfError(code);
  const { field, ...rest } = details ?? {};
  const { reason, ...others } = rest;
  const facts = ACCESS_CODES.has(code) ? rest : others;
  const param = typeof field === 'string' && field !== '' ? field : null;
  const sentence = typeof reason === 'string' && facts === others ? `${param === null ? '' : `${param}: `}${reason}` : null;
  const muster = Object.keys(facts).length === 0 ? {} : { muster: facts };
  const error = { type: typeOf(status), param, code: openAiCodeOf(code), ...muster };
  const text = { zh: messageIn(code, 'zh'), en: messageIn(code, 'en') };
  const retryAfterSeconds = retryAfterSecondsOf(code, details);
  return {
    status,
    retryAfterSeconds,
    mayRetry: status >= 500 || (retryAfterSeconds !== null && retryAfterSeconds < MAX_CLIENT_WAIT_SECONDS),
    text,
    reason: sentence ?? refusalText(code, details),
    error,
  };
}

const typeOf = (status: number): OpenAiErrorBody['error']['type'] =>
  status >= 500 ? 'server_error' : status === 429 ? 'rate_limit_error' : 'invalid_request_error';

export const failureHeaders = ({ retryAfterSeconds, mayRetry }: OpenAiFailure): Record<string, string> => ({
  ...(retryAfterSeconds === null ? {} : { 'retry-after': String(retryAfterSeconds) }),
  ...(mayRetry ? {} : { 'x-should-retry': 'false' }),
});

/** Paths whose errors have this shape. */
export const isOpenAiPath = (path: string): boolean => path === '/v1' || path.startsWith('/v1/');
