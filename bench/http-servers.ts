// Three HTTP servers that answer the same two requests and do the same work for each: access check, security headers, bounded body,
// JSON, validation with zod, a JSON answer. One is Muster's own. The others show the cost of its framework (ADR 0014).
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import Fastify from 'fastify';
// find-my-way is a dependency of Fastify, so package.json does not name it.
import findMyWay from 'find-my-way';
import { z } from 'zod';
import { accessPolicyOf, rejectReason } from '../src/main/scheduler/access/access-policy';
import { createHttpServer } from '../src/main/scheduler/api/http-server';
import { json, route } from '../src/main/scheduler/api/route';
import { SECURITY_HEADERS } from '../src/main/scheduler/api/security-headers';
import { StaticFiles } from '../src/main/scheduler/api/static-files';
import { silentLogger } from '../src/main/platform/logger';
import { explainRequestSchema } from '../src/shared/api/dispatch';
import { parseJsonObject, validate } from '../src/shared/protocol/decode';
import { openAccess } from '../tests/support/open-access';
import { openHttpLimits } from '../tests/support/open-limits';

const MAX_BODY_BYTES = 256 * 1024;
const NODE_PATH = '/api/v1/nodes/{node_id}';
const EXPLAIN_PATH = '/api/v1/dispatch/explain';
const nodeParams = z.object({ node_id: z.string().min(1).max(64) });
const nodeSchema = z.object({ node_id: z.string(), status: z.string(), online: z.boolean(), models: z.array(z.string()) });
const explanationSchema = z.object({ models: z.array(z.string()), nodes: z.array(nodeSchema) });
const nodeOf = (nodeId: string) => ({ node_id: nodeId, status: 'ready', online: true, models: ['llm-a', 'llm-b', 'tts-c'] });
const explanationOf = ({ required_models: models }: z.output<typeof explainRequestSchema>) => ({
  models,
  nodes: ['node-1', 'node-2'].map(nodeOf),
});
const policy = accessPolicyOf('127.0.0.1', 'box', []);

export interface BenchServer {
  readonly server: Server;
  listen(): Promise<void>;
  close(): Promise<void>;
}

export function musterServer(): BenchServer {
  const routes = [
    route({
      method: 'GET',
      path: NODE_PATH,
      access: 'anyone',
      summary: '',
      params: nodeParams,
      answers: {},
      handle: ({ params }) => json(nodeOf(params.node_id)),
    }),
    route({
      method: 'POST',
      path: EXPLAIN_PATH,
      access: 'anyone',
      summary: '',
      body: { name: 'ExplainRequest', schema: explainRequestSchema },
      answers: {},
      handle: ({ body }) => json(explanationOf(body)),
    }),
  ];
  return fastifyServer(
    createHttpServer({
      accessPolicy: policy,
      ...openAccess(),
      routes,
      files: new StaticFiles(new Map()),
      logger: silentLogger,
      ...openHttpLimits(),
    }),
  );
}

/** Without a framework: `node:http` and the router that Fastify uses. */
export function bareServer(): BenchServer {
  const router = findMyWay({
    defaultRoute(_request, response) {
      answer(response, 404, {});
    },
  });
  router.on('GET', '/api/v1/nodes/:node_id', (_request, response, params) => {
    const decoded = validate(params, nodeParams);
    if (decoded.ok) answer(response, 200, nodeOf(decoded.value.node_id));
    else answer(response, 400, decoded.error);
  });
  router.on('POST', EXPLAIN_PATH, (request, response) => {
    readBody(request, (text) => {
      const parsed = text === null ? null : parseJsonObject(text);
      const decoded = parsed?.ok === true ? validate(parsed.value, explainRequestSchema) : parsed;
      if (decoded?.ok === true) answer(response, 200, explanationOf(decoded.value));
      else answer(response, decoded === null ? 413 : 400, decoded?.error ?? {});
    });
  });
  const server = createServer((request, response) => {
    if (
      rejectReason(policy, { headers: request.headers, rawHeaders: request.rawHeaders, url: request.url, transport: 'loopback' }) === null
    )
      router.lookup(request, response);
    else answer(response, 403, {});
  });
  return {
    server,
    listen: () =>
      new Promise((resolve) => {
        server.listen(0, '127.0.0.1', resolve);
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
      }),
  };
}

function readBody(request: IncomingMessage, done: (text: string | null) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const isJson = request.headers['content-type']?.startsWith('application/json') === true;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  });
  request.on('end', () => {
    done(isJson && bytes <= MAX_BODY_BYTES ? Buffer.concat(chunks).toString() : null);
  });
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    ...SECURITY_HEADERS,
    'cache-control': 'no-store',
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

/** Fastify's own JSON parser, and zod for its validator and serializer, as `fastify-type-provider-zod` does. */
export function fullFastifyServer(): BenchServer {
  const server = Fastify({ bodyLimit: MAX_BODY_BYTES });
  server.setValidatorCompiler<z.ZodType>(({ schema }) => (data) => {
    const parsed = schema.safeParse(data);
    return parsed.success ? { value: parsed.data } : { error: parsed.error };
  });
  server.setSerializerCompiler<z.ZodType>(
    ({ schema }) =>
      (data) =>
        JSON.stringify(z.encode(schema, data)),
  );
  server.addHook('onRequest', (request, reply, done) => {
    reply.headers(SECURITY_HEADERS).header('cache-control', 'no-store');
    if (
      rejectReason(policy, {
        headers: request.headers,
        rawHeaders: request.raw.rawHeaders,
        url: request.originalUrl,
        transport: 'loopback',
      }) === null
    )
      done();
    else void reply.code(403).send({});
  });
  server.get('/api/v1/nodes/:node_id', {
    schema: { params: nodeParams, response: { 200: nodeSchema } },
    handler: (request, reply) => reply.send(nodeOf((request.params as z.output<typeof nodeParams>).node_id)),
  });
  server.post(EXPLAIN_PATH, {
    schema: { body: explainRequestSchema, response: { 200: explanationSchema } },
    handler: (request, reply) => reply.send(explanationOf(request.body as z.output<typeof explainRequestSchema>)),
  });
  return fastifyServer(server);
}

const fastifyServer = (server: {
  readonly server: Server;
  listen: (options: object) => Promise<string>;
  close: () => Promise<void>;
}): BenchServer => ({
  server: server.server,
  async listen() {
    await server.listen({ host: '127.0.0.1', port: 0 });
  },
  close: () => server.close(),
});
