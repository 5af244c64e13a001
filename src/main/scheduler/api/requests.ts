// The checks of every request before its body is read: the caller and its rights, its limits, `Expect: 100-continue`, and whether there
// is a route.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { limitDetails } from '../../../shared/api/program-limits';
import type { ErrorCode } from '../../../shared/protocol/codes';
import { fail, ok, type Result } from '../../../shared/result';
import { type AccessPolicy, rejectReason } from '../access/access-policy';
import { bearerToken } from '../access/bearer';
import type { ErrorDetails } from '../access/error-response';
import { forwarderOf, type Transport, transportOf } from '../access/transport';
import type { WrongTokens } from '../access/wrong-tokens';
import type { Access } from '../members/core/permissions';
import {
  type AuthenticationFailure,
  authorize,
  type Caller,
  forbiddenReason,
  isOwnSecret,
  isProgramKey,
  type LoopbackPolicy,
  loopbackStateOf,
  type Principal,
} from '../members/core/principal';
import type { KeyUsage } from '../members/key-usage';
import type { Members } from '../members/members';
import { changesModels, MODEL_CHANGE, ollamaFormat } from './client-apis/core/ollama/ollama-format';
import { failureAnswer } from './client-apis/failure-answer';
import { formatOfPath } from './client-apis/formats';
import { isForBrowser, PAGE_HEADERS, PAGE_TYPE } from './browser-page';
import { pathOf, refusal } from './responses';
import { type AccessCheck, type Answer, errorCodeAnswer, type Route } from './route';
import type { StaticFiles } from './static-files';
import { tlsPage } from './tls-page';

export interface AccessRules {
  readonly accessPolicy: AccessPolicy;
  readonly loopback: LoopbackPolicy;
  readonly members: Pick<Members, 'authenticate'>;
  readonly usage: Pick<KeyUsage, 'request'>;
  readonly wrongTokens: Pick<WrongTokens, 'refusal'>;
}

export interface Refused {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
}

const refused = (code: ErrorCode, details: ErrorDetails = null): Result<never, Refused> => fail({ code, details });

/** The rights of programs that send jobs. With `server.plain_http_api` other computers may use them without TLS. */
const PLAIN_RIGHTS: ReadonlySet<Access> = new Set<Access>(['read_models', 'submit_jobs', 'read_jobs', 'follow_jobs', 'cancel_jobs']);

/** Applies to every request, with any method, and also without a route. */
export function checkAccess(rules: AccessRules, request: FastifyRequest): Result<Caller, Refused> {
  const caller = callerOf(rules, request);
  if (!caller.ok) return caller;
  const limit = rules.usage.request(caller.value.principal, bodyBytesOf(request));
  return limit === null ? caller : refused('LIMIT_REACHED', limitDetails(limit));
}

/** The body may arrive long after the headers: meanwhile the credential may have been revoked, or lost a role. */
export const callerAfterBody = (rules: AccessRules, request: FastifyRequest): Result<Caller, Refused> =>
  bodyBytesOf(request) === 0 ? ok(request.caller) : callerOf(rules, request);

function callerOf(rules: AccessRules, request: FastifyRequest): Result<Caller, Refused> {
  const { headers, raw, originalUrl: url, socket } = request;
  const transport = transportOf(socket);
  const forwarder = forwarderOf(socket);
  const reason = forwarder === null ? rejectReason(rules.accessPolicy, { headers, rawHeaders: raw.rawHeaders, url, transport }) : null;
  if (reason !== null) return refused(reason, reason === 'INVALID_REQUEST' ? { field: 'host', reason: 'more than one Host header' } : null);
  const access = request.routeOptions.config.route?.access ?? accessWithoutRoute(request);
  if (transport === 'plain' && !(rules.accessPolicy.plainHttpApi && PLAIN_RIGHTS.has(access))) return refused('TLS_REQUIRED');
  // At a replica, both servers must permit what needs no key.
  const loopback = loopbackStateOf(rules.loopback, socket.remoteAddress, Object.keys(headers), forwarder?.loopback);
  const authenticated = authenticate(rules.members, bearerToken(headers), loopback === 'open', socket.remoteAddress);
  if (needsTls(transport, authenticated)) return refused('TLS_REQUIRED');
  const caller = authorize(access, authenticated, loopback);
  if (!caller.ok) {
    const code = caller.error === 'UNAUTHORIZED' ? rules.wrongTokens.refusal(headers, socket.remoteAddress) : caller.error;
    return refused(
      code,
      code === 'TOO_MANY_ATTEMPTS' ? null : (forbiddenDetails(code, access, authenticated) ?? failureDetails(authenticated)),
    );
  }
  return caller;
}

/** A browser that opens the dashboard without TLS gets a page with the encrypted address. */
export function refusedAnswer(request: FastifyRequest, { code, details }: Refused, { hasPoolCa }: AccessPolicy): Answer {
  const answer = refusal(request, code, details);
  if (code !== 'TLS_REQUIRED' || answer.kind !== 'error' || !isForBrowser(request.raw, pathOf(request))) return answer;
  const headers = { ...answer.headers, ...PAGE_HEADERS };
  return { kind: 'text', status: answer.status, contentType: PAGE_TYPE, text: tlsPage(request.raw, hasPoolCa), headers };
}

type Authenticated = Result<Principal, AuthenticationFailure> | null;

/** A key that operates the pool is valid over TLS and on this computer only. */
const needsTls = (transport: Transport, authenticated: Authenticated): boolean =>
  transport === 'plain' && authenticated?.ok === true && !isProgramKey(authenticated.value);

/** Null: the request has no credential. Clients of the OpenAI API must send any token, so on open loopback a foreign token counts as none. */
export function authenticate(
  members: AccessRules['members'],
  token: string | null,
  isOpenLoopback: boolean,
  remoteAddress?: string,
): Authenticated {
  if (token === null) return null;
  const authenticated = members.authenticate(token, null, remoteAddress);
  return !authenticated.ok && isOpenLoopback && !isOwnSecret(token) ? null : authenticated;
}

/** Authenticates the caller again, for a stream that may outlast the credential. */
export function accessCheckOf(members: AccessRules['members'], { headers, caller }: FastifyRequest): AccessCheck {
  const token = bearerToken(headers);
  const { principal } = caller;
  if (token === null || principal === null) return () => null;
  // A node renews its credential while its streams go on. A session has its own end.
  const mayBeRenewed = principal.kind === 'member' && !token.startsWith('ms_');
  return () => {
    const authenticated = members.authenticate(token);
    if (authenticated.ok || (mayBeRenewed && authenticated.error.code !== 'REVOKED')) return null;
    return { code: authenticated.error.code, details: failureDetails(authenticated) };
  };
}

const failureDetails = (authenticated: Authenticated): ErrorDetails =>
  authenticated?.ok === false && authenticated.error.reason !== null ? { reason: authenticated.error.reason } : null;

function forbiddenDetails(code: ErrorCode, access: Access, authenticated: Authenticated): ErrorDetails {
  const reason = code === 'FORBIDDEN' && authenticated?.ok === true ? forbiddenReason(access, authenticated.value) : null;
  return reason === null ? null : { reason };
}

/** A body without a length counts as the largest body of its route. */
const bodyBytesOf = (request: FastifyRequest): number => {
  const length = request.headers['content-length'];
  if (length !== undefined) return Number(length);
  return request.headers['transfer-encoding'] === undefined ? 0 : request.routeOptions.bodyLimit;
};

/** Anyone may load files. Unknown paths of client APIs need a client, all other paths an operator. */
function accessWithoutRoute(request: FastifyRequest): Access {
  if (isFileRequest(request)) return 'anyone';
  return formatOfPath(pathOf(request)) !== null ? 'submit_jobs' : 'operate';
}

const isApiPath = (path: string): boolean => path.startsWith('/api/') || formatOfPath(path) !== null;

const isFileRequest = (request: FastifyRequest): boolean =>
  (request.method === 'GET' || request.method === 'HEAD') && !isApiPath(pathOf(request));

/** Answers requests without a route: a change of models, a file of the dashboard, a wrong method of a known path, or an unknown path. */
export function unroutedAnswers(routes: readonly Route[], files: StaticFiles): (request: FastifyRequest) => Answer {
  const known = routes.filter((route) => route.path !== '/').map((route) => pathPattern(route.path));
  return (request) => {
    const path = pathOf(request);
    if (changesModels(path)) return failureAnswer(MODEL_CHANGE, ollamaFormat, request.id);
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
