// A refusal by the replica itself, in the form that clients of the path expect. It looks as one of the leader's.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Language, preferredLanguage } from '../../../shared/language';
import type { ErrorCode } from '../../../shared/protocol/codes';
import type { AccessPolicy } from '../access/access-policy';
import { type ErrorDetails, VARY } from '../access/error-response';
import { isForBrowser, PAGE_HEADERS, PAGE_TYPE } from '../api/browser-page';
import { candidatePage } from '../api/candidate-page';
import { formatOfPath } from '../api/client-apis/formats';
import { failureAnswer } from '../api/client-apis/failure-answer';
import { serverFailure } from '../api/openai/core/openai-error';
import { echoedHeaders, requestIdOf } from '../api/openai/openai-requests';
import { errorCodeAnswer } from '../api/route';
import { SECURITY_HEADERS } from '../api/security-headers';
import { tlsPage } from '../api/tls-page';

/** `hasPoolCa`: as for the page of `TLS_REQUIRED`. */
export function refuseRequest(
  request: IncomingMessage,
  response: ServerResponse,
  code: ErrorCode,
  details: ErrorDetails = null,
  { hasPoolCa }: Pick<AccessPolicy, 'hasPoolCa'> = { hasPoolCa: true },
): void {
  const { headers } = request;
  const format = formatOfPath(pathOf(request));
  const requestId = requestIdOf(headers);
  const plain = errorCodeAnswer(code, details);
  const answer = format === null ? plain : failureAnswer(serverFailure(code, details), format, requestId);
  const language = preferredLanguage(headers['accept-language']);
  const page = isForBrowser(request, pathOf(request)) ? pageOf(request, code, language, hasPoolCa) : null;
  const body = page ?? JSON.stringify(answer.bodyIn(language));
  response.writeHead(answer.status, {
    ...SECURITY_HEADERS,
    ...(format === null ? {} : { 'x-request-id': requestId, ...format.headers(requestId) }),
    ...echoedHeaders(headers),
    ...{ 'cache-control': 'no-store', ...VARY, ...plain.headers, ...answer.headers },
    ...(page === null ? { 'content-type': 'application/json; charset=utf-8' } : { 'content-type': PAGE_TYPE, ...PAGE_HEADERS }),
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

function pageOf(request: IncomingMessage, code: ErrorCode, language: Language, hasPoolCa: boolean): string | null {
  if (code === 'TLS_REQUIRED') return tlsPage(request, hasPoolCa);
  // The page loads itself again.
  return code === 'NOT_LEADER' ? candidatePage(language, null) : null;
}

/** A request target may be a whole URL, as proxies send it. */
export const pathOf = ({ url = '/' }: IncomingMessage): string => url.replace(/^https?:\/\/[^/?#]*\/?/i, '/').split('?', 1)[0] ?? '/';
