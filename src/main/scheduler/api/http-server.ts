// The HTTP server, made from the table of routes. Fastify routes requests, limits and parses bodies, validates every input with the
// schemas of its route, and calls the handler. Every error has the same shape (ADR 0014).
import Fastify, { type FastifyInstance, type FastifyRequest, type FastifySchemaCompiler } from 'fastify';
import type { z } from 'zod';
import { isRecord } from '../../../shared/json';
import { preferredLanguage } from '../../../shared/language';
import { type DecodeError, validate } from '../../../shared/protocol/decode';
import { MAX_BODY_DEPTH, MAX_JSON_DEPTH } from '../../../shared/protocol/limits';
import type { AbuseLog } from '../../platform/abuse-log';
import type { Logger } from '../../platform/logger';
import { forwarderOf } from '../access/transport';
import type { UnfinishedBytes } from '../access/unfinished-bytes';
import { HandlerTurns } from './handler-turns';
import { afterValidation, parseJsonBody } from './json-body';
import { formatOfPath } from './client-apis/formats';
import { echoedHeaders, requestIdOf, withModelInOnePart } from './openai/openai-requests';
import type { Caller } from '../members/core/principal';
import type { AuditLog } from '../members/audit-log';
import { holdBody } from './held-bodies';
import { limitConnections } from './connection-limit';
import { answerBrokenRequest, HEADERS_TIMEOUTS, REQUEST_TIMEOUT_MS } from './http-server-options';
import { limitUnsent } from './limit-unsent';
import {
  accessCheckOf,
  type AccessRules,
  answerExpectations,
  callerAfterBody,
  checkAccess,
  refusedAnswer,
  unroutedAnswers,
} from './requests';
import { pathOf, refusal, send } from './responses';
import type { Answer, BodyType, FormBytes, Route, RouteRequest } from './route';
import { SECURITY_HEADERS } from './security-headers';
import { serveInTurn } from './serve-in-turn';
import type { StaticFiles } from './static-files';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Absent where no route matches. */
    route?: Route;
  }
  interface FastifyRequest {
    /** Set by the first hook, before any handler. */
    caller: Caller;
  }
}

const MAX_BODY_BYTES = 256 * 1024;
/** The limit of all headers together. The schema of the route has the real limit of a parameter, and its error names the parameter. */
const MAX_PARAM_LENGTH = 16 * 1024;

/** The limits of all requests together. */
export interface HttpLimits {
  readonly maxConnectionsPerAddress: number;
  readonly unfinished: UnfinishedBytes;
  readonly abuse: AbuseLog;
}

export interface HttpServerOptions extends AccessRules {
  readonly routes: readonly Route[];
  readonly files: StaticFiles;
  readonly logger: Logger;
  readonly limits: HttpLimits;
  readonly audit: Pick<AuditLog, 'record'>;
}

/** An input that is not valid. Parsers and validators hand it to the error handler. */
class InvalidInput extends Error {
  constructor(readonly details: DecodeError) {
    super(details.reason);
  }
}

export function createHttpServer(options: HttpServerOptions): FastifyInstance {
  const { routes, files, limits } = options;
  const server = Fastify({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: HEADERS_TIMEOUTS,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    rewriteUrl: (request) => withModelInOnePart(pathOfTarget(request.url ?? '/')),
    genReqId: (request) => requestIdOf(request.headers),
    schemaController: { compilersFactory: COMPILERS },
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    clientErrorHandler: answerBrokenRequest,
    // The path cannot be decoded. Fastify answers before any hook, so access is checked here too.
    frameworkErrors: (_error, request, reply) => {
      reply.headers(headersFor(request));
      const access = checkAccess(options, request);
      const badPath = refusal(request, 'INVALID_REQUEST', { field: 'url', reason: 'not a valid path' });
      send(request, reply, files, access.ok ? badPath : refusal(request, access.error.code, access.error.details));
    },
  });
  answerExpectations(server.server, options.accessPolicy, Math.max(MAX_BODY_BYTES, ...routes.map(({ maxBodyBytes }) => maxBodyBytes ?? 0)));
  limitConnections(server.server, limits.maxConnectionsPerAddress, limits.abuse);
  limitUnsent(server.server, limits.abuse);
  serveInTurn(server.server, limits.abuse);
  server.decorateRequest('caller');
  checkEveryRequest(server, options);
  server.addHook('preParsing', holdBody(limits.unfinished));
  server.setValidatorCompiler(validatorOf);
  server.setErrorHandler((error, request, reply) => {
    // Fastify closes the connection after a body that is too large. A client that is still sending would never read the answer. The rest
    // of the body is discarded, within the timeout of a request.
    reply.removeHeader('connection');
    return send(request, reply, files, answerToError(error, request, options.logger));
  });
  const served = { ...options, turns: new HandlerTurns() };
  addJsonRoutes(server, served);
  addFormRoutes(server, served);
  return server;
}

/** A request target may be a whole URL, as proxies send it (RFC 9112, 3.2.2). */
const pathOfTarget = (target: string): string => target.replace(/^https?:\/\/[^/?#]*\/?/i, '/');

function headersFor(request: FastifyRequest): Readonly<Record<string, string>> {
  const format = formatOfPath(pathOf(request));
  return format === null ? SECURITY_HEADERS : { ...SECURITY_HEADERS, 'x-request-id': request.id, ...format.headers(request.id) };
}

function checkEveryRequest(server: FastifyInstance, options: HttpServerOptions): void {
  const { routes, files } = options;
  const unrouted = unroutedAnswers(routes, files);
  server.addHook('onRequest', (request, reply, done) => {
    reply.headers(headersFor(request));
    // On the response itself, so that answers that a handler writes have it too.
    for (const [name, value] of Object.entries(echoedHeaders(request.headers))) reply.raw.setHeader(name, value);
    const access = checkAccess(options, request);
    if (!access.ok) {
      send(request, reply, files, refusedAnswer(request, access.error, options.accessPolicy));
      return;
    }
    request.caller = access.value;
    // Before the body is read, so that an unknown path is not reported as a wrong body.
    if (request.is404) send(request, reply, files, unrouted(request));
    else done();
  });
}

/** Fastify replaces the input by the validated value. An absent body counts as an empty object. */
const validatorOf: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) => {
  return (input: unknown) => {
    const validated = validate(httpPart === 'body' ? (input ?? {}) : input, schema);
    return validated.ok ? { value: validated.value } : { error: new InvalidInput(validated.error) };
  };
};

/** `setValidatorCompiler` replaces the first, and no route has a schema of its answer. Without them, Fastify loads Ajv, in one long turn. */
const COMPILERS = {
  buildValidator: (): never => {
    throw new Error('the validator compiler is set');
  },
  buildSerializer: () => () => (data: unknown) => JSON.stringify(data),
};

interface ServedOptions extends HttpServerOptions {
  readonly turns: HandlerTurns;
}

/** Each kind of body has its own scope of Fastify with its own parser. Fastify refuses every other content type in that scope. */
function addJsonRoutes(server: FastifyInstance, options: ServedOptions): void {
  void server.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('application/json', { parseAs: 'string' }, async (request: FastifyRequest, text: string) => {
      // In the message to the node, the task is nested deeper than in an OpenAI request, and as deep as in a submission.
      const body = await parseJsonBody(text, formatOfPath(pathOf(request)) === null ? MAX_JSON_DEPTH : MAX_BODY_DEPTH);
      if (!body.ok) throw new InvalidInput(body.error);
      return body.value;
    });
    addRoutes(scope, options, 'application/json');
    done();
  });
}

function addFormRoutes(server: FastifyInstance, options: ServedOptions): void {
  void server.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('multipart/form-data', { parseAs: 'buffer' }, (request, bytes: Buffer, parsed) => {
      const form: FormBytes = { contentType: request.headers['content-type'] ?? '', bytes };
      parsed(null, form);
    });
    scope.addHook('preValidation', (request, _reply, next) => {
      next(request.body === undefined ? wrongType('multipart/form-data') : undefined);
    });
    addRoutes(scope, options, 'multipart/form-data');
    done();
  });
}

const wrongType = (required: BodyType): InvalidInput => new InvalidInput({ field: 'content-type', reason: `${required} is required` });

function addRoutes(scope: FastifyInstance, options: ServedOptions, bodyType: BodyType): void {
  const { routes, files, audit, members, turns } = options;
  for (const route of routes.filter((each) => each.bodyType === bodyType)) {
    const { params, query, headers, body } = route;
    scope.route({
      method: route.method,
      url: route.path.replaceAll(/\{(\w+)\}/g, ':$1'),
      exposeHeadRoute: route.method === 'GET' && route.answers.contentType !== 'text/event-stream',
      config: { route },
      schema: {
        ...(params === null ? {} : { params }),
        ...(query === null ? {} : { querystring: query }),
        ...(headers === null ? {} : { headers }),
        // The handler of a form parses the form and validates its fields.
        ...(body === null || bodyType === 'multipart/form-data' ? {} : { body: body.schema }),
      },
      ...(route.maxBodyBytes === null ? {} : { bodyLimit: route.maxBodyBytes }),
      handler: async (request, reply) => {
        await turns.start();
        await afterValidation(request.headers);
        const caller = callerAfterBody(options, request);
        if (!caller.ok) return send(request, reply, files, refusedAnswer(request, caller.error, options.accessPolicy));
        request.caller = caller.value;
        const pathParams = request.params as Readonly<Record<string, string>>;
        const named = route.targetOf?.(pathParams) ?? null;
        const answer = await route.handle(routeRequest(request, members));
        const { principal, grant } = request.caller;
        // Clients cancel and read their own jobs without an entry. A key that a member makes gives access to a program.
        const isOwn = (grant === 'own' && route.access !== 'make_keys') || (await route.isOwnAct?.(request.caller, pathParams)) === true;
        if (route.act !== null && answer.kind !== 'error' && !isOwn)
          audit.record({ action: route.act, target: named ?? targetOf(request, answer), principal, from: fromOf(request) });
        return send(request, reply, files, answer);
      },
    });
  }
}

/** The parameters of the path, or the id of the created object. */
function targetOf(request: FastifyRequest, answer: Answer): string | null {
  const params = Object.values(request.params as Readonly<Record<string, string>>);
  if (params.length > 0) return params.join(' ');
  const id = answer.kind === 'json' && isRecord(answer.body) ? answer.body['id'] : null;
  return typeof id === 'string' ? id : null;
}

const fromOf = (request: FastifyRequest): string => request.socket.remoteAddress ?? 'unknown';

/** Fastify has validated the inputs with the schemas that type the handler (`route`). */
function routeRequest(request: FastifyRequest, members: AccessRules['members']): RouteRequest<never, never, never, never> {
  const lastEventId = request.headers['last-event-id'];
  return {
    params: request.params as never,
    query: request.query as never,
    headers: request.headers as never,
    body: request.body as never,
    lastEventId: typeof lastEventId === 'string' ? lastEventId : undefined,
    requestId: request.id,
    language: preferredLanguage(request.headers['accept-language']),
    caller: request.caller,
    accessFailure: accessCheckOf(members, request),
    hasLeft: () => request.socket.destroyed,
    from: fromOf(request),
    at: { address: request.socket.localAddress ?? '', port: request.socket.localPort ?? 0 },
    replica: forwarderOf(request.socket)?.replica ?? null,
  };
}

function answerToError(error: unknown, request: FastifyRequest, logger: Logger): Answer {
  if (error instanceof InvalidInput) return refusal(request, 'INVALID_REQUEST', { ...error.details });
  const { routeOptions } = request;
  const status = error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
  if (status === 413) return refusal(request, 'PAYLOAD_TOO_LARGE', { limit_bytes: routeOptions.bodyLimit });
  if (status === 415) {
    const { details } = wrongType(routeOptions.config.route?.bodyType ?? 'application/json');
    return refusal(request, 'INVALID_REQUEST', { ...details });
  }
  if (status < 500)
    return refusal(request, 'INVALID_REQUEST', { field: '', reason: error instanceof Error ? error.message.slice(0, 256) : 'invalid' });
  logger.log('error', 'internal_error', {
    method: request.method,
    path: pathOf(request),
    error: error instanceof Error ? error.stack : String(error),
  });
  return refusal(request, 'INTERNAL_ERROR');
}
