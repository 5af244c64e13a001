// The checks of every request before its body is read: the caller's access, `Expect: 100-continue`, and whether there is a route.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { FastifyRequest } from 'fastify';
import type { ErrorCode } from '../../../shared/protocol/codes';
import { type AccessPolicy, rejectReason } from '../access/access-policy';
import { type AccessTokens, roleOf } from '../access/bearer';
import type { ErrorDetails } from '../access/error-response';
import { transportOf } from '../access/transport';
import type { WrongTokens } from '../access/wrong-tokens';
import { isOpenAiPath } from './openai/core/openai-error';
import { pathOf, refusal } from './responses';
import { type Answer, errorCodeAnswer, type Route } from './route';
import type { StaticFiles } from './static-files';

export interface AccessRules {
  readonly accessPolicy: AccessPolicy;
  /** Required of callers on other machines. */
  readonly tokens: AccessTokens;
  readonly wrongTokens: WrongTokens;
}

/** Applies to every request, with any method, and also without a route. Null: the caller has access. */
export function accessError({ accessPolicy, tokens, wrongTokens }: AccessRules, request: FastifyRequest): ErrorCode | null {
  const { headers, raw, originalUrl: url, socket } = request;
  const transport = transportOf(socket);
  const reason = rejectReason(accessPolicy, { headers, rawHeaders: raw.rawHeaders, url, transport });
  if (reason !== null || accessPolicy.isLoopback) return reason;
  const access = request.routeOptions.config.route?.access ?? accessWithoutRoute(request);
  const isPlain = transport === 'plain';
  if (isPlain && !(accessPolicy.plainHttpApi && access === 'submitter')) return 'TLS_REQUIRED';
  if (access === 'anyone') return null;
  const role = roleOf(headers, tokens);
  // The admin token operates the pool, so it is valid over TLS and on this computer only.
  if (isPlain && role === 'operator') return 'TLS_REQUIRED';
  if (role === null) return wrongTokens.refusal(headers, socket.remoteAddress);
  return role === 'operator' || access === role ? null : 'FORBIDDEN';
}

/** The details of an error of `accessError`. */
export const accessDetails = (code: ErrorCode): ErrorDetails =>
  code === 'INVALID_REQUEST' ? { field: 'host', reason: 'more than one Host header' } : null;

/** Anyone may load files. Unknown paths of the OpenAI API need a submitter, all other paths an operator. */
function accessWithoutRoute(request: FastifyRequest): Route['access'] {
  if (isFileRequest(request)) return 'anyone';
  return isOpenAiPath(pathOf(request)) ? 'submitter' : 'operator';
}

const isApiPath = (path: string): boolean => path.startsWith('/api/') || isOpenAiPath(path);

const isFileRequest = (request: FastifyRequest): boolean =>
  (request.method === 'GET' || request.method === 'HEAD') && !isApiPath(pathOf(request));

/** Answers requests without a route: a file of the dashboard, a wrong method of a known path, or an unknown path. */
export function unroutedAnswers(routes: readonly Route[], files: StaticFiles): (request: FastifyRequest) => Answer {
  const known = routes.filter((route) => route.path !== '/').map((route) => pathPattern(route.path));
  return (request) => {
    const path = pathOf(request);
    if (known.some((pattern) => pattern.test(path))) return refusal(request, 'METHOD_NOT_ALLOWED', { method: request.method });
    if (isFileRequest(request)) return files.find(path) === null ? errorCodeAnswer('NOT_FOUND') : { kind: 'file', path };
    return isApiPath(path) ? refusal(request, 'NOT_FOUND') : errorCodeAnswer('METHOD_NOT_ALLOWED', { method: request.method });
  };
}

const pathPattern = (path: string): RegExp => new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`);

/**
 * Answers `Expect: 100-continue`. A client without access, or with a body larger than `maxBodyBytes` (the largest limit of all routes),
 * is refused before it sends the body. The refusal is the usual error response.
 */
export function answerExpectations(server: Server, policy: AccessPolicy, maxBodyBytes: number): void {
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    const isTooLarge = Number(request.headers['content-length'] ?? 0) > maxBodyBytes;
    const { headers, rawHeaders, url, socket } = request;
    const transport = transportOf(socket);
    const needsTls = transport === 'plain' && !policy.plainHttpApi;
    const reason = rejectReason(policy, { headers, rawHeaders, url, transport });
    if (reason === null && !isTooLarge && !needsTls) response.writeContinue();
    // The announced body does not follow, so the connection cannot carry another request.
    else response.setHeader('connection', 'close');
    server.emit('request', request, response);
  });
}
