// Decodes a runtime's answer and maps it to a job's outcome. If the request is invalid, the runtime's answer is the result of the job.
// If the runtime is at fault (key, load, missing model or path), the job fails and may be retried.
import { runtimeHttpError } from '../../../../shared/protocol/job-errors';
import { MAX_BODY_DEPTH } from '../../../../shared/protocol/limits';
import { failed, type RunOutcome } from '../runtime-outcome';
import { isTooDeep } from '../../../../shared/protocol/json-structure';
import { NATIVE_PATHS, type ServerPath } from '../../../../shared/protocol/task-kinds';
import { answerKindOf, clientContentType } from '../../../../shared/protocol/runtime-answers';
import { parseJson } from '../../../../shared/json';

export type AnswerBody =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'bytes'; readonly base64: () => string; readonly text: () => string }
  /** Must be JSON and is not. */
  | { readonly kind: 'unreadable'; readonly text: () => string }
  /** Nested too deep for a frame. */
  | { readonly kind: 'too_deep'; readonly text: () => string };

/** Paths whose answers are JSON even without a content type, which small servers leave out. */
const JSON_PATHS: ReadonlySet<ServerPath> = new Set([
  '/v1/chat/completions',
  '/v1/completions',
  '/v1/embeddings',
  '/v1/rerank',
  '/v1/images/generations',
  '/v1/moderations',
  ...NATIVE_PATHS,
]);

/** The method of a `Buffer` that this file calls. */
interface Bytes {
  toString(encoding: 'utf8' | 'base64'): string;
}

/** Decodes a body by content type and path. A transcription may be JSON or plain text with any content type. */
export function parseBody(bytes: Bytes, contentType: string, path: ServerPath): AnswerBody {
  const text = () => bytes.toString('utf8');
  const isJsonType = /^application\/([\w.+-]+\+)?json\b/i.test(contentType);
  const asBytes: AnswerBody = { kind: 'bytes', base64: () => bytes.toString('base64'), text };
  if (path === '/v1/audio/speech' && !isJsonType) return asBytes;
  const mustBeJson = isJsonType || JSON_PATHS.has(path);
  if (isTooDeep(text(), MAX_BODY_DEPTH)) return mustBeJson ? { kind: 'too_deep', text } : asBytes;
  const value = parseJson(text());
  if (value !== undefined && (isJsonType || typeof value === 'object')) return { kind: 'json', value };
  return mustBeJson ? { kind: 'unreadable', text } : asBytes;
}

const MAX_MESSAGE_CHARS = 1000;

/** The outcome for an answer that is not a stream. `retryAfterSeconds`: the runtime's Retry-After. */
export function answerOutcome(
  status: number,
  contentType: string,
  body: AnswerBody,
  maxOutputBytes: number,
  retryAfterSeconds: number | null = null,
): RunOutcome {
  const kind = answerKindOf(status);
  if (kind === 'success') return successOutcome(status, contentType, body, maxOutputBytes);
  if (kind === 'refusal') return { success: true, output: { status, body: errorBody(status, body) } };
  const retryAfter = retryAfterSeconds === null ? {} : { retry_after_seconds: retryAfterSeconds };
  const details = { status, runtime_message: runtimeMessageOf(body), ...retryAfter };
  if (status === 401 || status === 403) return failed('runtime_unauthorized', 'the model server rejected the API key', true, details);
  return failed(runtimeHttpError(status), `the model server answered with HTTP status ${String(status)}`, true, details);
}

function successOutcome(status: number, contentType: string, body: AnswerBody, maxOutputBytes: number): RunOutcome {
  switch (body.kind) {
    case 'json':
      return { success: true, output: { status, body: body.value } };
    case 'unreadable':
    case 'too_deep':
      return unusableAnswer(body);
    case 'bytes': {
      const base64 = body.base64();
      if (base64.length > maxOutputBytes) return failed('output_too_large', 'the answer is larger than a frame can be', false);
      return { success: true, output: { status, content_type: clientContentType(contentType), base64 } };
    }
  }
}

/** An unusable answer. Another runtime may answer better, unless the nesting is too deep. */
export const unusableAnswer = (body: AnswerBody): RunOutcome =>
  body.kind === 'too_deep'
    ? tooDeep()
    : failed('unreadable_answer', 'the model server answered in an unexpected format', true, {
        runtime_message: runtimeMessageOf(body),
      });

export const tooDeep = (details: Readonly<Record<string, unknown>> = {}): RunOutcome =>
  failed('output_too_deep', `the answer is nested deeper than ${String(MAX_BODY_DEPTH)} levels`, false, details);

/** The runtime's JSON, or its text in the format of OpenAI's errors. */
function errorBody(status: number, body: AnswerBody): unknown {
  if (body.kind === 'json') return body.value;
  const message = runtimeMessageOf(body) ?? `HTTP status ${String(status)}`;
  return { error: { message, type: 'invalid_request_error', param: null, code: null } };
}

/** The runtime's message, cut to a limit. It is for the submitter and must not be logged: it may repeat the request. */
const runtimeMessageOf = (body: AnswerBody): string | null =>
  body.kind === 'json' ? runtimeMessageIn(body.value) : body.text() === '' ? null : body.text().slice(0, MAX_MESSAGE_CHARS);

/** The message in `{error: "..."}`, `{error: {message: "..."}}` or `{message: "..."}`. */
export function runtimeMessageIn(value: unknown): string | null {
  if (typeof value === 'string') return value.slice(0, MAX_MESSAGE_CHARS);
  if (typeof value !== 'object' || value === null) return null;
  if ('error' in value) return runtimeMessageIn(value.error);
  return 'message' in value ? runtimeMessageIn(value.message) : null;
}
