// A refusal by the replica itself, in the form that clients of the path expect. It looks as one of the leader's.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { preferredLanguage } from '../../../shared/language';
import type { ErrorCode } from '../../../shared/protocol/codes';
import { type ErrorDetails, VARY } from '../access/error-response';
import { candidatePage, isForBrowser } from '../api/candidate-page';
import { formatOfPath } from '../api/client-apis/formats';
import { failureAnswer } from '../api/client-apis/failure-answer';
import { serverFailure } from '../api/openai/core/openai-error';
import { echoedHeaders, requestIdOf } from '../api/openai/openai-requests';
import { errorCodeAnswer } from '../api/route';
import { SECURITY_HEADERS } from '../api/security-headers';

export function refuseRequest(request: IncomingMessage, response: ServerResponse, code: ErrorCode, details: ErrorDetails = null): void {
  const { headers } = request;
  const format = formatOfPath(pathOf(request));
  const requestId = requestIdOf(headers);
  const plain = errorCodeAnswer(code, details);
  const answer = format === null ? plain : failureAnswer(serverFailure(code, details), format, requestId);
  const language = preferredLanguage(headers['accept-language']);
  const isPage = code === 'NOT_LEADER' && isForBrowser(request, pathOf(request));
  // The page loads itself again.
  const body = isPage ? candidatePage(language, null) : JSON.stringify(answer.bodyIn(language));
  response.writeHead(answer.status, {
    ...SECURITY_HEADERS,
    ...(format === null ? {} : { 'x-request-id': requestId, ...format.headers(requestId) }),
    ...echoedHeaders(headers),
    ...{ 'cache-control': 'no-store', ...VARY, ...plain.headers, ...answer.headers },
    ...{ 'content-type': `${isPage ? 'text/html' : 'application/json'}; charset=utf-8`, 'content-length': Buffer.byteLength(body) },
  });
  response.end(body);
}

/** A request target may be a whole URL, as proxies send it. */
export const pathOf = ({ url = '/' }: IncomingMessage): string => url.replace(/^https?:\/\/[^/?#]*\/?/i, '/').split('?', 1)[0] ?? '/';
