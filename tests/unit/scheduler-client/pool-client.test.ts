import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, expect, test, vi } from 'vitest';
import { jobSummarySchema } from '../../../src/shared/api/job';
import { type PoolEvent, poolSummarySchema } from '../../../src/shared/api/node-view';
import { PoolClient } from '../../../src/main/scheduler-client/pool-client';
import { systemClock } from '../../../src/main/platform/clock';
import { silentLogger } from '../../../src/main/platform/logger';
import { nodeView, poolSummary } from '../../support/app-fakes';
import { jobView } from '../../support/job-views';
import { listenHttp, type TestServer } from '../../support/http-server';
import { proving } from '../../support/proving-server';

let server: TestServer | undefined;
let stop: () => void = () => undefined;
afterEach(async () => {
  stop();
  await server?.close();
});

async function poolAt(
  listener: (request: IncomingMessage, response: ServerResponse) => void,
  token: string | null = 'admin',
): Promise<PoolClient> {
  server = await listenHttp(token === null ? listener : proving([token], listener));
  return new PoolClient({ baseUrl: server.url, token, clock: systemClock, logger: silentLogger, timeoutMs: 2000 });
}

const json = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

/** A scheduler whose owner key was replaced by `new-key`, and a client that has the old key. */
async function poolWithNewKey(readKey: () => Promise<string | null>) {
  const seen: unknown[] = [];
  server = await listenHttp(
    proving(['new-key'], (request, response) => {
      seen.push(request.headers.authorization);
      if (request.url === '/api/v1/events') response.writeHead(200, { 'content-type': 'text/event-stream' }).write(sse(1, snapshot));
      else json(response, 200, nodeView('n1'));
    }),
  );
  const options = { baseUrl: server.url, token: 'old-key', readToken: readKey, clock: systemClock, logger: silentLogger, timeoutMs: 2000 };
  return { pool: new PoolClient(options), seen };
}

test('key replaced -> read again after the refusal, the request repeated once', async () => {
  const { pool, seen } = await poolWithNewKey(() => Promise.resolve('new-key'));
  expect(await Promise.all([pool.resume('n1'), pool.resume('n1')])).toMatchObject([{ ok: true }, { ok: true }]);
  expect(seen).toEqual(['Bearer new-key', 'Bearer new-key']);
});

test('key replaced -> the stream of events opens with the new key', async () => {
  const { pool } = await poolWithNewKey(() => Promise.resolve('new-key'));
  const events: PoolEvent[] = [];
  stop = pool.subscribe((received) => events.push(received));
  await vi.waitFor(() => {
    expect(events).toHaveLength(1);
  }, 4000);
});

test('key refused and not replaced, or not readable -> UNAUTHORIZED', async () => {
  for (const key of ['old-key', 'another-wrong-key', null]) {
    const { pool } = await poolWithNewKey(() => Promise.resolve(key));
    expect(await pool.resume('n1')).toMatchObject({ ok: false, error: { code: 'UNAUTHORIZED' } });
    await server?.close();
  }
});

test('models: a list of more than 4 MiB -> read', async () => {
  const data = Array.from({ length: 30_000 }, (_none, index) => ({
    id: `model-${'x'.repeat(90)}-${String(index)}`,
    muster: { kind: 'llm', tasks: ['/v1/chat/completions'], nodes_ready: 1 },
  }));
  expect(JSON.stringify(data).length).toBeGreaterThan(4 * 1024 * 1024);
  const pool = await poolAt((_request, response) => {
    json(response, 200, { data });
  });
  const models = await pool.models();
  expect(models.ok ? models.value.length : models.error).toBe(data.length);
});

test('operations: one HTTP request each, with the token', async () => {
  const seen: unknown[] = [];
  const pool = await poolAt(
    (request, response) =>
      void bodyOf(request).then((body) => {
        seen.push([request.method, request.url, request.headers.authorization, body]);
        json(response, 200, {});
      }),
  );
  await pool.drain('node-A', { timeout_seconds: 5, reason: 'why' });
  await pool.resume('node-A');
  await pool.remove('../nodes');
  await pool.resetExclusions();
  await pool.cancelJob('../nodes');
  expect(seen).toEqual([
    ['POST', '/api/v1/nodes/node-A/drain', 'Bearer admin', '{"timeout_seconds":5,"reason":"why"}'],
    ['POST', '/api/v1/nodes/node-A/resume', 'Bearer admin', '{}'],
    ['DELETE', '/api/v1/nodes/..%2Fnodes', 'Bearer admin', ''],
    ['DELETE', '/api/v1/dispatch/exclusions', 'Bearer admin', ''],
    ['DELETE', '/api/v1/jobs/..%2Fnodes', 'Bearer admin', ''],
  ]);
});

test('drain and resume: the node after the operation', async () => {
  const pool = await poolAt((_request, response) => {
    json(response, 200, nodeView('node-A', { status: 'draining' }));
  });
  expect(await pool.drain('node-A', {})).toEqual({ ok: true, value: nodeView('node-A', { status: 'draining' }) });
  expect(await pool.resume('node-A')).toEqual({ ok: true, value: nodeView('node-A', { status: 'draining' }) });
});

test('jobs: list and single job are requested and decoded', async () => {
  const seen: (string | undefined)[] = [];
  const page = { jobs: [jobSummarySchema.parse(jobView())], next_cursor: '7', open: { queued: 1, assigned: 0, running: 0 } };
  const pool = await poolAt((request, response) => {
    seen.push(request.url);
    json(response, 200, seen.length < 3 ? page : jobView());
  });
  expect(await pool.jobs({ limit: 50 })).toEqual({ ok: true, value: page });
  expect(await pool.jobs({ status: ['failed', 'expired'], model: 'a/b', limit: 10, cursor: '9' })).toEqual({ ok: true, value: page });
  expect(await pool.job('job 1')).toEqual({ ok: true, value: jobView() });
  expect(await pool.jobs({ limit: 50 })).toMatchObject({ ok: false, error: { code: 'INTERNAL_ERROR', details: { field: 'jobs' } } });
  expect(seen.slice(0, 3)).toEqual([
    '/api/v1/jobs?limit=50',
    '/api/v1/jobs?model=a%2Fb&limit=10&cursor=9&status=failed%2Cexpired',
    '/api/v1/jobs/job%201',
  ]);
});

test('refused request: code and details of the scheduler', async () => {
  const error = { code: 'INVALID_STATE', message: 'no', details: { status: 'offline' } };
  const pool = await poolAt((_request, response) => {
    json(response, 409, { error });
  });
  expect(await pool.drain('node-A', {})).toEqual({ ok: false, error });
});

test.each<[string, (response: ServerResponse) => void, string]>([
  [
    'an HTML page',
    (response) => {
      response.end('<html>');
    },
    'DISCONNECTED',
  ],
  [
    'an answer of another shape',
    (response) => {
      json(response, 200, { chosen: 5 });
    },
    'INTERNAL_ERROR',
  ],
  [
    'an error without a code',
    (response) => {
      json(response, 500, {});
    },
    'INTERNAL_ERROR',
  ],
  [
    'a redirect',
    (response) => {
      response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
    },
    'DISCONNECTED',
  ],
  [
    'a closed connection',
    (response) => {
      response.destroy();
    },
    'DISCONNECTED',
  ],
])('answer: %s -> an outcome, not an exception', async (_title, answer, code) => {
  const pool = await poolAt((_request, response) => {
    answer(response);
  });
  expect(await pool.explain({ required_models: [], public: true })).toMatchObject({ ok: false, error: { code } });
});

const sse = (id: number, event: PoolEvent): string => `id: ${String(id)}\ndata: ${JSON.stringify(event)}\n\n`;
const snapshot: PoolEvent = { type: 'snapshot', pool: poolSummarySchema.parse(poolSummary()), nodes: [] };
const changed = (name: string): PoolEvent => ({ type: 'node_changed', node: nodeView(name) });

test('event stream: connection lost -> resumed after the last event, no gap, no repetition', async () => {
  const lastEventIds: unknown[] = [];
  const pool = await poolAt((request, response) => {
    lastEventIds.push(request.headers['last-event-id']);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    if (lastEventIds.length === 1) response.end(sse(7, snapshot) + sse(8, changed('a')) + 'id: 9\ndata: {"type"');
    else response.write(sse(9, changed('b')));
  });
  const events: PoolEvent[] = [];
  stop = pool.subscribe((event) => events.push(event));
  await vi.waitFor(() => {
    expect(events).toEqual([snapshot, changed('a'), changed('b')]);
  }, 5000);
  expect(lastEventIds).toEqual([undefined, '8']);
});

test('event stream: invalid event -> reconnects without an id, gets a snapshot', async () => {
  const lastEventIds: unknown[] = [];
  const pool = await poolAt((request, response) => {
    lastEventIds.push(request.headers['last-event-id']);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(sse(1, snapshot) + (lastEventIds.length === 1 ? 'id: 2\ndata: {"type":"new_kind"}\n\n' : ''));
  });
  const events: PoolEvent[] = [];
  stop = pool.subscribe((event) => events.push(event));
  await vi.waitFor(() => {
    expect(events).toEqual([snapshot, snapshot]);
  }, 5000);
  expect(lastEventIds).toEqual([undefined, undefined]);
});

test('event stream: server not reachable -> retried', async () => {
  let refusals = 2;
  const pool = await poolAt((_request, response) => {
    if (refusals-- > 0) json(response, 503, {});
    else response.writeHead(200).write(sse(1, snapshot));
  });
  const events: PoolEvent[] = [];
  stop = pool.subscribe((event) => events.push(event));
  await vi.waitFor(() => {
    expect(events).toEqual([snapshot]);
  }, 5000);
});

test('event stream: unsubscribed -> connection closed', async () => {
  const hungUp = Promise.withResolvers<undefined>();
  const pool = await poolAt((request, response) => {
    request.once('close', () => {
      hungUp.resolve(undefined);
    });
    response.writeHead(200).write(sse(1, snapshot));
  });
  const first = Promise.withResolvers<PoolEvent>();
  stop = pool.subscribe(first.resolve);
  await first.promise;
  stop();
  await hungUp.promise;
});

test('models: another name of a model -> a name of the model, `auto` left out; abilities and context -> kept', async () => {
  const muster = { kind: 'llm', tasks: ['/v1/chat/completions'], nodes_ready: 1, nodes_loaded: 1, nodes_installed: 1 };
  const able = { ...muster, abilities: { vision: true }, context_tokens: 8192 };
  const pool = await poolAt((_request, response) => {
    json(response, 200, {
      data: [
        { id: 'llm-a', muster: able },
        { id: 'gpt-4o', muster: { ...able, alias_for: ['llm-a'] } },
        { id: 'auto', muster: { ...able, alias_for: ['llm-a'] } },
      ],
    });
  });
  const { nodes_installed: _, ...shown } = able;
  expect(await pool.models()).toEqual({ ok: true, value: [{ model_id: 'llm-a', ...shown, aliases: ['gpt-4o'] }] });
});
