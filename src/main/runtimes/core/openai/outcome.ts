// What a runtime's answer means for the job. What is wrong with the request is the job's final answer, as the runtime put it; what
// is wrong with this runtime (its key, its load, a model or path that it does not have after all) is a failure worth another try.
import { runtimeHttpError } from '../../../../shared/protocol/job-errors';
import { MAX_BODY_DEPTH } from '../../../../shared/protocol/limits';
import { failed, type RunOutcome } from '../runtime-outcome';

export type Body =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'bytes'; readonly base64: () => string; readonly text: () => string }
  /** Should be JSON, and is none. */
  | { readonly kind: 'unreadable'; readonly text: () => string }
  /** Nested too deep to be passed on. */
  | { readonly kind: 'too_deep'; readonly text: () => string };

const MAX_MESSAGE_CHARS = 1000;
/** Said by a runtime about itself: unauthorized, not found, method, timeout, conflict, early, too many. */
const ABOUT_THE_RUNTIME: ReadonlySet<number> = new Set([401, 403, 404, 405, 408, 409, 425, 429]);

/** An answer that is no stream. `retryAfterSeconds`: when the runtime wants to be asked again; null: it does not say. */
export function answerOutcome(
  status: number,
  contentType: string,
  body: Body,
  maxOutputBytes: number,
  retryAfterSeconds: number | null = null,
): RunOutcome {
  if (status >= 200 && status < 300) return successOutcome(status, contentType, body, maxOutputBytes);
  if (status >= 400 && status < 500 && !ABOUT_THE_RUNTIME.has(status))
    return { success: true, output: { status, body: errorBody(status, body) } };
  const comesBack = retryAfterSeconds === null ? {} : { retry_after_seconds: retryAfterSeconds };
  const details = { status, runtime_message: messageOf(body), ...comesBack };
  if (status === 401 || status === 403) return failed('runtime_unauthorized', 'the runtime wants another key', true, details);
  return failed(runtimeHttpError(status), `the runtime answered with HTTP status ${String(status)}`, true, details);
}

function successOutcome(status: number, contentType: string, body: Body, maxOutputBytes: number): RunOutcome {
  switch (body.kind) {
    case 'json':
      return { success: true, output: { status, body: body.value } };
    case 'unreadable':
    case 'too_deep':
      return unreadable(body);
    case 'bytes': {
      const base64 = body.base64();
      if (base64.length > maxOutputBytes) return failed('output_too_large', 'the answer is larger than may be sent', false);
      return { success: true, output: { status, content_type: contentType === '' ? 'application/octet-stream' : contentType, base64 } };
    }
  }
}

/** An answer of which nothing can be made, from this runtime: another may do better, unless it is what was asked for that is too deep. */
export const unreadable = (body: Body): RunOutcome =>
  body.kind === 'too_deep'
    ? tooDeep()
    : failed('unreadable_answer', 'the runtime answered with something else than was asked for', true, {
        runtime_message: messageOf(body),
      });

export const tooDeep = (details: Readonly<Record<string, unknown>> = {}): RunOutcome =>
  failed('output_too_deep', `the answer is nested deeper than ${String(MAX_BODY_DEPTH)} levels`, false, details);

/** What the runtime says is wrong, in OpenAI's shape where it has no JSON of its own. */
function errorBody(status: number, body: Body): unknown {
  if (body.kind === 'json') return body.value;
  const message = messageOf(body) ?? `HTTP status ${String(status)}`;
  return { error: { message, type: 'invalid_request_error', param: null, code: null } };
}

/** The runtime's own words, cut; for the job's submitter, never for a log: they may repeat the request. */
const messageOf = (body: Body): string | null =>
  body.kind === 'json' ? messageIn(body.value) : body.text() === '' ? null : body.text().slice(0, MAX_MESSAGE_CHARS);

/** Of `{error: "..."}`, `{error: {message: "..."}}` or `{message: "..."}`. */
export function messageIn(value: unknown): string | null {
  if (typeof value === 'string') return value.slice(0, MAX_MESSAGE_CHARS);
  if (typeof value !== 'object' || value === null) return null;
  if ('error' in value) return messageIn(value.error);
  return 'message' in value ? messageIn(value.message) : null;
}
