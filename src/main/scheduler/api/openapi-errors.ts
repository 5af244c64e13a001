// How each route may fail, for the API's description: what it answers itself, and what is answered before it is asked.
import { type ErrorCode, HTTP_ERRORS, httpStatusOf, NODE_ERRORS } from '../../../shared/protocol/codes';
import { isOpenAiPath, openAiCodeOf } from './openai/core/openai-error';
import type { OtherError, Route } from './route';

const ERRORS = { ...NODE_ERRORS, ...HTTP_ERRORS };
const REFUSED_AT_THE_DOOR: Readonly<Record<Route['access'], readonly ErrorCode[]>> = {
  anyone: ['HOST_NOT_ALLOWED'],
  submitter: ['HOST_NOT_ALLOWED', 'UNAUTHORIZED'],
  operator: ['HOST_NOT_ALLOWED', 'UNAUTHORIZED', 'FORBIDDEN'],
};
const ANYWHERE: readonly ErrorCode[] = ['METHOD_NOT_ALLOWED', 'INTERNAL_ERROR'];
const COMES_BACK: ReadonlySet<string> = new Set(['429', '503', '507']);
const RETRY_AFTER = { 'Retry-After': 'After how many seconds asking again is worth it, where it is.' };
const REQUEST_ID = { 'X-Request-Id': "The request's own number, or one that was made for it." };

/** `plain`: the shape of an error before its path is known, such as of a request that did not arrive in time; `own`: the path's. */
interface ErrorShapes {
  readonly plain: object;
  readonly own: object;
}

export function errorResponses(route: Route, { plain, own }: ErrorShapes): Readonly<Record<string, object>> {
  const takesInput = [route.params, route.query, route.headers, route.body].some((input) => input !== null);
  const codes = new Set<ErrorCode>([
    ...(takesInput ? (['INVALID_REQUEST'] as const) : []),
    ...(route.body === null ? [] : (['PAYLOAD_TOO_LARGE'] as const)),
    ...REFUSED_AT_THE_DOOR[route.access],
    ...route.errors,
    ...ANYWHERE,
  ]);
  const byStatus = new Map<string, string[]>();
  for (const { status, code, words } of [...Array.from(codes, (code) => described(route, code)), ...route.otherErrors]) {
    byStatus.set(String(status), [...(byStatus.get(String(status)) ?? []), `${code}: ${words}`]);
  }
  const responses = Array.from(byStatus, ([status, words]): [string, object] => [
    status,
    { description: words.join('; '), ...headersOf(route, COMES_BACK.has(status) ? RETRY_AFTER : {}), ...asJson(own) },
  ]);
  const late = { description: `REQUEST_TIMEOUT: ${ERRORS.REQUEST_TIMEOUT.en}`, ...asJson(plain) };
  return Object.fromEntries(route.body === null ? responses : [...responses, ['408', late]]);
}

function described({ path }: Route, code: ErrorCode): OtherError {
  return { status: httpStatusOf(code), code: isOpenAiPath(path) ? openAiCodeOf(code) : code, words: ERRORS[code].en };
}

const asJson = (schema: object): object => ({ content: { 'application/json': { schema } } });

/** Headers by name with what they are, those of every answer of the route among them. */
export function headersOf({ path }: Route, own: Readonly<Record<string, string>>): { readonly headers?: object } {
  const named = Object.entries({ ...(isOpenAiPath(path) ? REQUEST_ID : {}), ...own });
  if (named.length === 0) return {};
  return { headers: Object.fromEntries(named.map(([name, description]) => [name, { description, schema: { type: 'string' } }])) };
}
