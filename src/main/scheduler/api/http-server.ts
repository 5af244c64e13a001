// The HTTP server made from the route table: the door, decoding, the handler, encoding; one shape for every error.
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { ErrorBody } from '../../../shared/api/node-view';
import { type Language, preferredLanguage } from '../../../shared/language';
import { type DecodeError, parseJsonObject, validate } from '../../../shared/protocol/decode';
import type { ErrorCode } from '../../../shared/protocol/codes';
import { MAX_BODY_DEPTH, MAX_JSON_DEPTH } from '../../../shared/protocol/limits';
import { fail, ok, type Result } from '../../../shared/result';
import type { Logger } from '../../platform/logger';
import { type AccessPolicy, rejectReason } from '../access/access-policy';
import { type AccessTokens, roleOf } from '../access/bearer';
import { VARY } from '../access/error-body';
import { answerExpectations } from './expect-continue';
import { openAiAnswer } from './openai/openai-answer';
import { isOpenAiPath, serverFailure } from './openai/core/openai-error';
import { withModelInOnePart } from './openai/core/model-path';
import { requestIdOf } from './openai/request-id';
import { refuseSocket } from '../access/refuse-socket';
import { type Answer, failure, type FormBytes, type Route } from './route';
import { SECURITY_HEADERS } from './security-headers';
import type { StaticFiles } from './static-files';

const MAX_BODY_BYTES = 256 * 1024;
/** As long as a head may be: what is too long for a name is said by the route's schema. */
const MAX_PARAM_LENGTH = 16 * 1024;
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** How often it is looked for requests that take too long. */
const TIMEOUT_CHECK_MS = 1000;

export interface HttpServerParts {
  readonly door: AccessPolicy;
  /** What is asked of others than this machine. */
  readonly tokens: AccessTokens;
  readonly routes: readonly Route[];
  readonly files: StaticFiles;
  readonly logger: Logger;
}

/** A body that could not be decoded; carried through the framework to the error handler. */
class BadBody extends Error {
  constructor(readonly details: { readonly field: string; readonly reason: string }) {
    super(details.reason);
  }
}

export function createHttpServer(parts: HttpServerParts): FastifyInstance {
  const server = Fastify({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: { headersTimeout: HEADERS_TIMEOUT_MS, connectionsCheckingInterval: TIMEOUT_CHECK_MS },
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    rewriteUrl: (request) => withModelInOnePart(pathOfTarget(request.url ?? '/')),
    genReqId: (request) => requestIdOf(request.headers),
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    clientErrorHandler: ({ code }, socket) => {
      if (code === 'HPE_HEADER_OVERFLOW') refuseSocket(socket, 'PAYLOAD_TOO_LARGE', { field: 'headers', reason: 'too large' }, null);
      else if (code === 'ERR_HTTP_REQUEST_TIMEOUT') refuseSocket(socket, 'REQUEST_TIMEOUT', null, null);
      else refuseSocket(socket, 'INVALID_REQUEST', { field: '', reason: 'not HTTP' }, null);
    },
    // Answered before any hook runs, so that the door is asked here.
    frameworkErrors: (_error, request, reply) => {
      addHeaders(request, reply);
      const code = callerRefusal(parts, request, accessWithoutRoute(request));
      const badPath = refusal(request, 'INVALID_REQUEST', { field: 'url', reason: 'not a valid path' });
      void send(request, reply, parts.files, code === null ? badPath : refusal(request, code));
    },
  });
  answerExpectations(server.server, parts.door, Math.max(MAX_BODY_BYTES, ...parts.routes.map(({ maxBodyBytes }) => maxBodyBytes ?? 0)));
  addBodyParsers(server);
  const accessOf = new Map(parts.routes.map((route) => [`${route.method} ${route.path}`, route.access]));
  server.addHook('onRequest', async (request, reply) => {
    addHeaders(request, reply);
    const routeKey = (request.routeOptions.config as { muster?: string }).muster;
    const access = routeKey === undefined ? undefined : accessOf.get(routeKey);
    const code = callerRefusal(parts, request, access ?? accessWithoutRoute(request));
    if (code !== null) await send(request, reply, parts.files, refusal(request, code));
    // What nobody takes is not read, so that its answer is about that.
    else if (request.is404) await send(request, reply, parts.files, unrouted(parts, request));
  });
  for (const route of parts.routes) addRoute(server, route, parts);
  server.setErrorHandler((error, request, reply) => {
    // The framework would close the connection on a body that is too large, and its sender, still sending, would never read why. What
    // it sends on is thrown away, for as long as a request may take.
    reply.removeHeader('connection');
    return send(request, reply, parts.files, answerToError(error, request, parts.logger));
  });
  return server;
}

/** What a route wants as its body; JSON where there is no route. */
const bodyTypeOf = (request: FastifyRequest): Route['bodyType'] =>
  (request.routeOptions.config as { bodyType?: Route['bodyType'] }).bodyType ?? 'application/json';

/** A body that becomes a task goes on deeper in the message to its node; in a job's submission it is as deep already. */
const maxDepthOf = (request: FastifyRequest): number => (isOpenAiPath(pathOf(request)) ? MAX_BODY_DEPTH : MAX_JSON_DEPTH);

const wrongType = (wanted: Route['bodyType']): BadBody => new BadBody({ field: 'content-type', reason: `${wanted} is wanted` });

function addBodyParsers(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    const wanted = bodyTypeOf(request);
    const parsed = body === '' ? { ok: true as const, value: {} } : parseJsonObject(body.toString(), maxDepthOf(request));
    if (wanted !== 'application/json') done(wrongType(wanted));
    else if (parsed.ok) done(null, parsed.value);
    else done(new BadBody(parsed.error));
  });
  server.addContentTypeParser('multipart/form-data', { parseAs: 'buffer' }, (request, body, done) => {
    const wanted = bodyTypeOf(request);
    const form: FormBytes = { contentType: request.headers['content-type'] ?? '', bytes: Buffer.from(body) };
    if (wanted === 'multipart/form-data') done(null, form);
    else done(wrongType(wanted));
  });
}

function addRoute(server: FastifyInstance, route: Route, { files }: HttpServerParts): void {
  server.route({
    method: route.method,
    url: frameworkPath(route.path),
    exposeHeadRoute: route.method === 'GET' && route.answers.contentType !== 'text/event-stream',
    config: { muster: `${route.method} ${route.path}`, bodyType: route.bodyType },
    ...(route.maxBodyBytes === null ? {} : { bodyLimit: route.maxBodyBytes }),
    async handler(request, reply) {
      return send(request, reply, files, await answer(route, request));
    },
  });
}

async function answer(route: Route, request: FastifyRequest): Promise<Answer> {
  const params = route.params === null ? null : validate(request.params, route.params);
  if (params?.ok === false) return refusal(request, 'INVALID_REQUEST', { ...params.error });
  const query = route.query === null ? null : validate(request.query, route.query);
  if (query?.ok === false) return refusal(request, 'INVALID_REQUEST', { ...query.error });
  const headers = route.headers === null ? null : validate(request.headers, route.headers);
  if (headers?.ok === false) return refusal(request, 'INVALID_REQUEST', { ...headers.error });
  const body = bodyOf(route, request);
  if (body?.ok === false) return refusal(request, 'INVALID_REQUEST', { ...body.error });
  const lastEventId = request.headers['last-event-id'];
  return route.handle({
    params: params?.value as never,
    query: query?.value as never,
    headers: headers?.value as never,
    body: body?.value as never,
    lastEventId: typeof lastEventId === 'string' ? lastEventId : undefined,
    requestId: request.id,
    language: languageOf(request),
  });
}

/** A form goes to its handler as the bytes it is. */
function bodyOf(route: Route, request: FastifyRequest): Result<unknown, DecodeError> | null {
  if (route.body === null) return null;
  if (route.bodyType === 'application/json') return validate(request.body ?? {}, route.body.schema);
  return request.body === undefined ? fail(wrongType(route.bodyType).details) : ok(request.body);
}

/** In the shape that this path's clients know. */
function refusal(request: FastifyRequest, code: ErrorCode, details: ErrorBody['error']['details'] = null): Answer {
  return isOpenAiPath(pathOf(request)) ? openAiAnswer(serverFailure(code, details)) : failure(code, details);
}

function addHeaders(request: FastifyRequest, reply: FastifyReply): void {
  reply.headers(SECURITY_HEADERS);
  if (isOpenAiPath(pathOf(request))) reply.header('x-request-id', request.id);
}

/** Every request passes here first, whatever its method and whether or not there is such a route. */
function callerRefusal({ door, tokens }: HttpServerParts, request: FastifyRequest, access: Route['access']): ErrorCode | null {
  const caller = rejectReason(door, request.headers);
  if (caller !== null || door.isLoopback || access === 'anyone') return caller;
  const role = roleOf(request.headers, tokens);
  if (role === null) return 'UNAUTHORIZED';
  return role === 'operator' || access === role ? null : 'FORBIDDEN';
}

/** What is neither a file of the dashboard nor spoken of in OpenAI's words is an operator's. */
function accessWithoutRoute(request: FastifyRequest): Route['access'] {
  if (isFileRequest(request)) return 'anyone';
  return isOpenAiPath(pathOf(request)) ? 'submitter' : 'operator';
}

/** A proxy's way to write a target, `http://host/path`, which every server has to take (RFC 9112, 3.2.2), as its path. */
const pathOfTarget = (target: string): string => target.replace(/^https?:\/\/[^/?#]*\/?/i, '/');

const languageOf = (request: FastifyRequest): Language => preferredLanguage(request.headers['accept-language']);

const pathOf = (request: FastifyRequest): string => request.url.split('?', 1)[0] ?? '/';

const isApiPath = (path: string): boolean => path.startsWith('/api/') || isOpenAiPath(path);

const isFileRequest = (request: FastifyRequest): boolean =>
  (request.method === 'GET' || request.method === 'HEAD') && !isApiPath(pathOf(request));

/** No route: one of the dashboard's files, another method of a known path, or nothing. */
function unrouted({ routes, files }: HttpServerParts, request: FastifyRequest): Answer {
  const path = pathOf(request);
  const isKnown = routes.some((route) => route.path !== '/' && pathPattern(route.path).test(path));
  if (isKnown) return refusal(request, 'METHOD_NOT_ALLOWED', { method: request.method });
  if (isFileRequest(request)) return files.find(path) === null ? failure('NOT_FOUND') : { kind: 'file', path };
  return isApiPath(path) ? refusal(request, 'NOT_FOUND') : failure('METHOD_NOT_ALLOWED', { method: request.method });
}

const frameworkPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ':$1');
const pathPattern = (path: string): RegExp => new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`);

async function send(request: FastifyRequest, reply: FastifyReply, files: StaticFiles, answered: Answer): Promise<FastifyReply> {
  switch (answered.kind) {
    case 'json':
      return reply
        .code(answered.status)
        .header('cache-control', 'no-store')
        .type('application/json; charset=utf-8')
        .send(JSON.stringify(answered.body));
    case 'error':
      return reply
        .code(answered.status)
        .headers({ 'cache-control': 'no-store', ...VARY, ...answered.headers })
        .type('application/json; charset=utf-8')
        .send(JSON.stringify(answered.bodyIn(languageOf(request))));
    case 'text':
      return reply.code(answered.status).header('cache-control', 'no-store').type(answered.contentType).send(answered.text);
    case 'file':
      return sendFile(request, reply, files, answered.path);
    case 'stream': {
      reply.hijack();
      // It may last, and would keep megabytes that nobody reads again.
      request.body = null;
      if (!answered.open(reply.raw)) {
        const { status, bodyIn, headers } = failure('OVERLOADED');
        reply.raw.writeHead(status, { ...SECURITY_HEADERS, 'content-type': 'application/json; charset=utf-8', ...VARY, ...headers });
        reply.raw.end(JSON.stringify(bodyIn(languageOf(request))));
      }
      return reply;
    }
  }
}

function sendFile(request: FastifyRequest, reply: FastifyReply, files: StaticFiles, path: string): FastifyReply {
  const file = files.find(path);
  if (file === null) throw new Error(`no file at ${path}`);
  reply.header('etag', file.etag).header('cache-control', file.cacheControl).type(file.contentType);
  if (request.headers['if-none-match'] === file.etag) return reply.code(304).send();
  return reply.code(200).send(file.body);
}

function answerToError(error: unknown, request: FastifyRequest, logger: Logger): Answer {
  if (error instanceof BadBody) return refusal(request, 'INVALID_REQUEST', { ...error.details });
  const status = error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
  if (status === 413) return refusal(request, 'PAYLOAD_TOO_LARGE', { limit_bytes: request.routeOptions.bodyLimit ?? MAX_BODY_BYTES });
  if (status === 415) return refusal(request, 'INVALID_REQUEST', { ...wrongType(bodyTypeOf(request)).details });
  if (status < 500)
    return refusal(request, 'INVALID_REQUEST', { field: '', reason: error instanceof Error ? error.message.slice(0, 256) : 'invalid' });
  logger.log('error', 'internal_error', {
    method: request.method,
    path: pathOf(request),
    error: error instanceof Error ? error.stack : String(error),
  });
  return refusal(request, 'INTERNAL_ERROR');
}
