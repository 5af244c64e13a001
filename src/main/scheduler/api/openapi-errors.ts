// The errors of each route for the OpenAPI document: those of the handler, and those of the checks before the handler.
import { type ErrorCode, HTTP_ERRORS, httpStatusOfError, NODE_ERRORS } from '../../../shared/protocol/codes';
import { formatOfPath } from './client-apis/formats';
import { isOpenAiPath, openAiCodeOf } from './openai/core/openai-error';
import { rateLimitHeaderTexts } from './openai/core/rate-limits';
import type { OtherError, Route } from './route';

const ERRORS = { ...NODE_ERRORS, ...HTTP_ERRORS };
const accessErrorsOf = (access: Route['access']): readonly ErrorCode[] =>
  access === 'anyone' ? ['HOST_NOT_ALLOWED'] : ['HOST_NOT_ALLOWED', 'UNAUTHORIZED', 'FORBIDDEN', 'REVOKED', 'LIMIT_REACHED'];
const COMMON_ERRORS: readonly ErrorCode[] = ['METHOD_NOT_ALLOWED', 'INTERNAL_ERROR'];
const RETRYABLE_STATUSES: ReadonlySet<string> = new Set(['429', '503', '507']);
const RETRY_AFTER = { 'Retry-After': 'Seconds after which a retry may succeed. Absent where a retry does not help.' };
const LIMIT_HEADER = 'X-RateLimit-Limit-Requests' satisfies keyof typeof rateLimitHeaderTexts;
const REQUEST_ID = { 'X-Request-Id': 'The `X-Request-Id` of the request, or a new id.' };

/** `plain`: errors that precede the routing, such as a request timeout; `own`: errors of this path. */
interface ErrorShapes {
  readonly plain: object;
  readonly own: object;
}

export function errorResponses(route: Route, { plain, own }: ErrorShapes): Readonly<Record<string, object>> {
  const takesInput = [route.params, route.query, route.headers, route.body].some((input) => input !== null);
  const codes = new Set<ErrorCode>([
    ...(takesInput ? (['INVALID_REQUEST'] as const) : []),
    ...(route.body === null ? [] : (['PAYLOAD_TOO_LARGE'] as const)),
    ...accessErrorsOf(route.access),
    ...route.errors,
    ...COMMON_ERRORS,
  ]);
  const byStatus = new Map<string, string[]>();
  for (const { status, code, text } of [...Array.from(codes, (code) => described(route, code)), ...route.otherErrors]) {
    byStatus.set(String(status), [...(byStatus.get(String(status)) ?? []), `${code}: ${text}`]);
  }
  const responses = Array.from(byStatus, ([status, texts]): [string, object] => [
    status,
    { description: texts.join('; '), ...headersOf(route, errorHeadersOf(route, status)), ...asJson(own) },
  ]);
  const late = { description: `REQUEST_TIMEOUT: ${ERRORS.REQUEST_TIMEOUT.en}`, ...asJson(plain) };
  return Object.fromEntries(route.body === null ? responses : [...responses, ['408', late]]);
}

/** A refusal of a route that runs a model shows the limits of the key. */
const errorHeadersOf = ({ answers }: Route, status: string): Readonly<Record<string, string>> => ({
  ...(RETRYABLE_STATUSES.has(status) ? RETRY_AFTER : {}),
  ...(status === '429' && LIMIT_HEADER in answers.headers ? rateLimitHeaderTexts : {}),
});

function described({ path }: Route, code: ErrorCode): OtherError {
  return { status: httpStatusOfError(code), code: isOpenAiPath(path) ? openAiCodeOf(code) : code, text: ERRORS[code].en };
}

const asJson = (schema: object): object => ({ content: { 'application/json': { schema } } });

/** Headers with their descriptions, including those that every answer of the route has. */
export function headersOf({ path }: Route, own: Readonly<Record<string, string>>): { readonly headers?: object } {
  const named = Object.entries({ ...(formatOfPath(path) === null ? {} : REQUEST_ID), ...own });
  if (named.length === 0) return {};
  return { headers: Object.fromEntries(named.map(([name, description]) => [name, { description, schema: { type: 'string' } }])) };
}
