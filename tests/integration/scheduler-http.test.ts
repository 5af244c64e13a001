// The HTTP API on a real server: nodes, dispatch, description, files, and the shape of every error.
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { healthzSchema, nodeViewSchema } from '../../src/shared/api/node-view';
import { explanationSchema } from '../../src/shared/api/dispatch';
import { sendRequest, type HttpRequestOptions } from '../support/http-api';
import { heartbeat, TestNode } from '../support/test-node';
import { startTestScheduler, temporaryDir, type TestScheduler } from '../support/test-scheduler';

let scheduler: TestScheduler;

beforeEach(async () => {
  scheduler = await startTestScheduler();
});
afterEach(async () => {
  await scheduler.stop();
});

async function answer(request: HttpRequestOptions): Promise<readonly [number, unknown]> {
  const { status, json } = await sendRequest(scheduler.port, request);
  return [status, json()];
}

async function readyNode(nodeId: string): Promise<TestNode> {
  const node = await TestNode.registered(scheduler.url, { node_id: nodeId });
  for (let i = 0; i < 3; i++) node.send(heartbeat(nodeId));
  await node.settled();
  return node;
}

describe('API', () => {
  it('health -> version and protocol', async () => {
    const [status, body] = await answer({ path: '/healthz' });
    expect([status, healthzSchema.parse(body)]).toMatchObject([
      200,
      { status: 'ok', version: '1.2.3', protocol: '1.0', uptime_seconds: 0 },
    ]);
  });

  it('nodes -> every field, nothing more', async () => {
    await readyNode('mine');
    const [, body] = await answer({ path: '/api/v1/nodes' });
    const { nodes } = z.object({ nodes: z.array(z.strictObject(nodeViewSchema.shape)) }).parse(body);
    expect(nodes).toMatchObject([
      { node_id: 'mine', status: 'ready', simulated: false, in_flight_jobs: 0, max_concurrent_jobs: 4, missed_jobs: { total: 0 } },
    ]);
    expect(await answer({ path: '/api/v1/nodes/mine' })).toMatchObject([200, nodes[0] ?? {}]);
  });

  it('explain -> chosen node, reasons of the others with numbers', async () => {
    await readyNode('mine');
    await TestNode.registered(scheduler.url, { node_id: 'new' });
    const [status, body] = await answer({
      method: 'POST',
      path: '/api/v1/dispatch/explain',
      body: { min_gpu_memory_gb: 20, required_models: ['llm-a'] },
    });
    expect([status, explanationSchema.parse(body)]).toMatchObject([
      200,
      {
        chosen: 'mine',
        nodes: [
          { node_id: 'mine', excluded: [] },
          { node_id: 'new', excluded: [{ code: 'status_not_ready', wanted: 'ready' }, { code: 'resource_threshold_exceeded' }] },
        ],
      },
    ]);
  });

  it('exclusions -> empty before any dispatch; reset -> empty', async () => {
    const before = (await answer({ path: '/api/v1/dispatch/exclusions' }))[1] as { since: number };
    expect(before).toMatchObject({ reasons: {} });
    scheduler.clock.advance(1000);
    expect(await answer({ method: 'DELETE', path: '/api/v1/dispatch/exclusions' })).toEqual([200, {}]);
    expect(await answer({ path: '/api/v1/dispatch/exclusions' })).toEqual([200, { since: before.since + 1000, reasons: {} }]);
  });

  it.each<[string, HttpRequestOptions, number, string, unknown]>([
    ['an unknown node', { path: '/api/v1/nodes/unknown' }, 404, 'NOT_FOUND', { node_id: 'unknown' }],
    ['an impossible node id', { path: '/api/v1/nodes/%2e%2e%2fetc' }, 400, 'INVALID_REQUEST', { field: 'node_id' }],
    ['a path that cannot be decoded', { path: '/api/v1/nodes/%zz' }, 400, 'INVALID_REQUEST', { field: 'url' }],
    ['an unknown route', { path: '/api/v1/nothing' }, 404, 'NOT_FOUND', null],
    [
      'an unknown route with any body',
      { method: 'POST', path: '/api/v1/nothing', body: 'x'.repeat(300_000), headers: { 'content-type': 'text/plain' } },
      404,
      'NOT_FOUND',
      null,
    ],
    ['another method', { method: 'PUT', path: '/api/v1/nodes/x' }, 405, 'METHOD_NOT_ALLOWED', { method: 'PUT' }],
    ['an unusual method', { method: 'PROPFIND', path: '/api/v1/nodes' }, 405, 'METHOD_NOT_ALLOWED', { method: 'PROPFIND' }],
    [
      'a body that is not JSON',
      { method: 'POST', path: '/api/v1/dispatch/explain', body: '{' },
      400,
      'INVALID_REQUEST',
      { field: '', reason: 'not JSON' },
    ],
    [
      'a body that is not an object',
      { method: 'POST', path: '/api/v1/dispatch/explain', body: '[1]' },
      400,
      'INVALID_REQUEST',
      { reason: 'not a JSON object' },
    ],
    [
      'a body nested too deep',
      { method: 'POST', path: '/api/v1/dispatch/explain', body: `${'{"a":'.repeat(80)}1${'}'.repeat(80)}` },
      400,
      'INVALID_REQUEST',
      { reason: 'nested deeper than 72 levels' },
    ],
    [
      'a wrong type',
      { method: 'POST', path: '/api/v1/dispatch/explain', body: { required_models: [7] } },
      400,
      'INVALID_REQUEST',
      { field: 'required_models[0]' },
    ],
    ['an unknown key', { method: 'POST', path: '/api/v1/nodes/x/drain', body: { when: 'now' } }, 400, 'INVALID_REQUEST', {}],
    [
      'another content type',
      { method: 'POST', path: '/api/v1/dispatch/explain', body: {}, headers: { 'content-type': 'text/plain' } },
      400,
      'INVALID_REQUEST',
      { field: 'content-type' },
    ],
    [
      'a body too large',
      { method: 'POST', path: '/api/v1/dispatch/explain', body: { a: 'x'.repeat(300_000) } },
      413,
      'PAYLOAD_TOO_LARGE',
      {},
    ],
    ['a request without an upgrade to the node socket', { path: '/ws/node' }, 400, 'INVALID_REQUEST', { field: 'upgrade' }],
    ['an app operation in a program without an app', { method: 'POST', path: '/api/v1/app/pool.exclusions' }, 404, 'NOT_FOUND', null],
  ])('%s -> refused with its code and place', async (_what, request, status, code, details) => {
    const [found, body] = await answer(request);
    expect([found, body]).toMatchObject([status, { error: { code, message: expect.stringMatching(/^[ -~]+$/) as string, details } }]);
  });
});

it('no HTTP at all -> same error shape, connection closed', async () => {
  const socket = connect(scheduler.port, '127.0.0.1');
  socket.end('garbage\r\n\r\n');
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n.*"code":"INVALID_REQUEST"/s);
});

/** The target of a local reference such as `#/components/schemas/Node`. Undefined: no such target. */
const placeOf = (document: unknown, reference: string): unknown =>
  reference
    .split('/')
    .slice(1)
    .reduce<unknown>((place, step) => (place as Record<string, unknown> | undefined)?.[step], document);

it('Host not allowed, path cannot be decoded -> refused, with the headers that every answer has', async () => {
  const answer = await sendRequest(scheduler.port, { path: '/api/v1/nodes/%zz', headers: { host: 'evil.example' } });
  expect([answer.status, answer.json()]).toMatchObject([403, { error: { code: 'HOST_NOT_ALLOWED' } }]);
  const own = await sendRequest(scheduler.port, { path: '/api/v1/nodes/%zz' });
  expect([own.status, own.json(), own.headers['x-content-type-options']]).toMatchObject([
    400,
    { error: { code: 'INVALID_REQUEST', details: { field: 'url' } } },
    'nosniff',
  ]);
});

it('headers too large -> error names the headers', async () => {
  const { status, json } = await sendRequest(scheduler.port, { path: '/healthz', headers: { 'x-large': 'x'.repeat(20_000) } });
  expect([status, json()]).toMatchObject([413, { error: { code: 'PAYLOAD_TOO_LARGE', details: { field: 'headers' } } }]);
});

it('upgrade to another protocol -> same error shape', async () => {
  const headers = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '7',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  };
  const { status, json } = await sendRequest(scheduler.port, { path: '/ws/node', headers });
  expect([status, json()]).toMatchObject([400, { error: { code: 'INVALID_REQUEST', details: { field: 'upgrade' } } }]);
});

describe('OpenAPI description', () => {
  it('references -> all resolve, every operation has its answers', async () => {
    const [, body] = await answer({ path: '/openapi.json' });
    const document = body as {
      openapi: string;
      paths: Record<string, Record<string, { responses: Record<string, unknown>; operationId: string }>>;
      components: { schemas: Record<string, unknown> };
    };
    expect(document.openapi).toBe('3.1.0');
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(references.length).toBeGreaterThan(20);
    expect(references.filter((reference) => placeOf(document, reference) === undefined)).toEqual([]);
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    for (const { responses } of operations) expect(Object.keys(responses)).toContain('403');
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(['/api/v1/nodes/{node_id}/drain', '/api/v1/events', '/metrics', '/healthz']),
    );
  });

  it('streams -> described beside the other answers', async () => {
    const { paths } = (await answer({ path: '/openapi.json' }))[1] as {
      paths: Record<string, Record<string, { responses: Record<string, { content: object }> }>>;
    };
    const types = ['/v1/chat/completions', '/v1/completions', '/v1/audio/transcriptions', '/v1/audio/speech', '/v1/embeddings'].map(
      (path) => Object.keys(paths[path]?.['post']?.responses['200']?.content ?? {}),
    );
    const both = ['application/json', 'text/event-stream'];
    expect(types).toEqual([both, both, both, ['application/octet-stream', 'text/event-stream'], ['application/json']]);
  });

  it('parameters, failures, headers -> described', async () => {
    interface Described {
      readonly requestBody?: { readonly required: boolean };
      readonly responses: Record<string, { readonly headers?: object; readonly description: string }>;
    }
    const { paths } = (await answer({ path: '/openapi.json' }))[1] as { paths: Record<string, Record<string, Described>> };
    const chat = paths['/v1/chat/completions']?.['post'];
    expect(Object.keys(chat?.responses ?? {})).toEqual(expect.arrayContaining(['405', '408', '413', '429', '500', '502', '503', '504']));
    const headers = ['400', '408', '200', '429'].map((status) => Object.keys(chat?.responses[status]?.headers ?? {}).join(' '));
    expect(headers.slice(0, 2)).toEqual(['X-Request-Id', '']);
    expect(headers[2]).toMatch(/^X-Request-Id X-Muster-Job .* X-RateLimit-Limit-Requests .* X-RateLimit-Reset-Tokens$/);
    expect(headers[3]).toMatch(/^X-Request-Id Retry-After X-RateLimit-Limit-Requests .* X-RateLimit-Reset-Tokens$/);
    expect(chat?.responses['413']?.description).toContain('payload_too_large: ');
    const submission = paths['/api/v1/jobs']?.['post'];
    const statuses = Object.entries(submission?.responses ?? {}).filter(([, { headers: own }]) => own !== undefined);
    expect(statuses.map(([status]) => status)).toEqual(['202', '429', '503', '507']);
    const needed = ['/v1/audio/transcriptions', '/api/v1/jobs', '/api/v1/dispatch/explain'].map((path) => paths[path]?.['post']);
    expect(needed.map((post) => post?.requestBody?.required)).toEqual([true, true, false]);
  });

  it('node -> described as it is answered', async () => {
    await readyNode('mine');
    const document = (await answer({ path: '/openapi.json' }))[1] as {
      components: { schemas: { Node: object } };
    };
    // The schema needs its own document, because zod resolves no references into a larger one.
    const own = JSON.stringify(document.components.schemas.Node).replaceAll('#/components/schemas/Node/', '#/');
    const schema = z.fromJSONSchema(JSON.parse(own) as Parameters<typeof z.fromJSONSchema>[0]);
    const node = (await answer({ path: '/api/v1/nodes/mine' }))[1] as object;
    expect(schema.safeParse(node).error).toBeUndefined();
    expect(schema.safeParse({ ...node, status: 'happy' }).success).toBe(false);
  });
});

describe('dashboard', () => {
  it('not built -> plain text how to build it', async () => {
    const { status, headers, text } = await sendRequest(scheduler.port, { path: '/' });
    expect([status, headers['content-type'], text]).toEqual([200, 'text/plain; charset=utf-8', expect.stringContaining('npm run build')]);
    expect((await sendRequest(scheduler.port, { path: '/overview' })).status).toBe(404);
  });

  it('built -> served from memory with policy, etags and its page; nothing outside the folder', async () => {
    const { dir, remove } = temporaryDir();
    mkdirSync(path.join(dir, 'out', 'assets'), { recursive: true });
    writeFileSync(path.join(dir, 'out', 'index.html'), '<!doctype html>');
    writeFileSync(path.join(dir, 'out', 'assets', 'index-Ab3dEf9_.js'), 'run()');
    writeFileSync(path.join(dir, 'secret.txt'), 'secret');
    const served = await startTestScheduler({ rendererDir: path.join(dir, 'out') });
    const get = (urlPath: string, headers = {}, method = 'GET') => sendRequest(served.port, { path: urlPath, headers, method });
    const page = await get('/');
    expect(page).toMatchObject({
      status: 200,
      text: '<!doctype html>',
      headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' },
    });
    expect(page.headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(await get('/', { 'if-none-match': String(page.headers['etag']) })).toMatchObject({ status: 304, text: '' });
    expect(await get('/pool/nodes/mine')).toMatchObject({ status: 200, text: '<!doctype html>' });
    expect(await get('/', {}, 'HEAD')).toMatchObject({ status: 200, text: '' });
    expect(await get('/assets/index-Ab3dEf9_.js')).toMatchObject({
      status: 200,
      text: 'run()',
      headers: { 'cache-control': 'public, max-age=31536000, immutable' },
    });
    for (const outside of [
      '/../secret.txt',
      '/%2e%2e/secret.txt',
      '/assets/..%2f..%2fsecret.txt',
      '/..\\secret.txt',
      '/assets/gone.js',
      '/secret.txt%00',
    ]) {
      expect([outside, (await get(outside)).text.includes('secret"') || (await get(outside)).status === 200]).toEqual([outside, false]);
    }
    expect((await get('/', {}, 'POST')).status).toBe(405);
    await served.stop();
    remove();
  });
});
