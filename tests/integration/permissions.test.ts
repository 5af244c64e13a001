// Every route with every role, on open loopback, on loopback with keys, and from a client without a key on another address. The expected
// answers are the table of docs/security.md. A right that the table does not have is refused.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppApi } from '../../src/shared/api/app-api';
import type { JobList } from '../../src/shared/api/job';
import type { CancelledJobs } from '../../src/shared/api/job-acts';
import { ROLES, type Role } from '../../src/shared/api/members';
import { ok } from '../../src/shared/result';
import { OWNER_KEY, sendRequest } from '../support/http-api';
import { submit } from '../support/job-pool';
import { TestNode, registration } from '../support/test-node';
import { startTestScheduler, type TestScheduler } from '../support/test-scheduler';

const COLUMNS = [...ROLES, 'open loopback', 'loopback with keys', 'no key'] as const;
type Column = (typeof COLUMNS)[number];
/** `members`: no key of a program. */
type Cell = 'yes' | 'own' | 'no contents' | 'members' | '-';
interface Row {
  readonly method: string;
  readonly path: string;
  readonly cells: Readonly<Record<Column, Cell>>;
}

/** The rows of the table under "Roles". */
function documentedRows(): readonly Row[] {
  const text = readFileSync('docs/security.md', 'utf8');
  return text.split('\n').flatMap((line): Row[] => {
    const [, method = '', path = '', rest = ''] = /^\| `(GET|POST|PUT|DELETE) (\S+)` \|(.*)\|$/.exec(line) ?? [];
    if (method === '') return [];
    const cells = rest.split('|').map((cell) => cell.trim() as Cell);
    return [{ method, path, cells: Object.fromEntries(COLUMNS.map((column, index) => [column, cells[index] ?? '-'])) as Row['cells'] }];
  });
}

const app: AppApi = { call: () => Promise.resolve(ok({} as never)), subscribe: () => () => undefined, ask: () => () => undefined };
const rows = documentedRows();
const SOME_PATH: Readonly<Record<string, string>> = { '{operation}': 'pool.exclusions', '{action}': 'load' };
const pathOf = (path: string): string => path.replaceAll(/\{\w+\}/g, (name) => SOME_PATH[name] ?? 'some.thing');

describe('permission table', () => {
  let open: TestScheduler;
  let closed: TestScheduler;
  let everywhere: TestScheduler;
  const keys = new Map<Role, string>([['owner', OWNER_KEY]]);
  beforeAll(async () => {
    open = await startTestScheduler({ app });
    closed = await startTestScheduler({ app, server: { loopback: 'keys' } });
    everywhere = await startTestScheduler({ app, server: { host: '0.0.0.0' } });
    for (const role of ['client', 'viewer', 'operator'] as const) {
      const created = await sendRequest(everywhere.port, { method: 'POST', path: '/api/v1/keys', body: { name: role, roles: [role] } });
      keys.set(role, (created.json() as { key: string }).key);
    }
    const invite = await sendRequest(everywhere.port, { method: 'POST', path: '/api/v1/invites', body: {} });
    const node = await TestNode.connect(everywhere.url, { authorization: `Bearer ${(invite.json() as { key: string }).key}` });
    node.send(registration());
    keys.set('node', (await node.next('node_register_ack')).member_credential ?? '');
  });
  afterAll(async () => {
    for (const scheduler of [open, closed, everywhere]) await scheduler.stop();
  });

  it('has exactly the routes of the server', async () => {
    const { paths } = (await sendRequest(open.port, { path: '/openapi.json' })).json() as { paths: Record<string, object> };
    const served = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(rows.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(served.sort());
  });

  const statusOf = async (column: Column, { method, path }: Row): Promise<number> => {
    const [scheduler, authorization] =
      column === 'open loopback'
        ? [open, null]
        : column === 'loopback with keys'
          ? [closed, null]
          : column === 'no key'
            ? [everywhere, null]
            : [everywhere, `Bearer ${keys.get(column) ?? ''}`];
    return (await sendRequest(scheduler.port, { method, path: pathOf(path), headers: { authorization } })).status;
  };

  it.each(COLUMNS)('%s -> the answers of the table', async (column) => {
    const isRole = ROLES.some((role) => role === column);
    for (const row of rows) {
      const status = await statusOf(column, row);
      const cell = row.cells[column];
      const isRefused = cell === '-' || cell === 'members' ? status === (isRole ? 403 : 401) : ![401, 403].includes(status);
      expect([row.method, row.path, row.cells[column], status, isRefused]).toEqual([row.method, row.path, row.cells[column], status, true]);
    }
  });

  it.each(['client', 'viewer', 'operator'] as const)('member with the role %s -> keys as in the table', async (role) => {
    const invite = await sendRequest(everywhere.port, { method: 'POST', path: '/api/v1/invites', body: { roles: [role] } });
    const headers = { authorization: `Bearer ${(invite.json() as { key: string }).key}` };
    const joined = await sendRequest(everywhere.port, { method: 'POST', path: '/api/v1/members', body: { name: role }, headers });
    const authorization = `Bearer ${(joined.json() as { credential: string }).credential}`;
    for (const row of rows.filter(({ path }) => /^\/api\/v1\/keys(?:\/\{id\})?$/.test(path))) {
      const { status } = await sendRequest(everywhere.port, { method: row.method, path: pathOf(row.path), headers: { authorization } });
      expect([row.method, row.path, status !== 403]).toEqual([row.method, row.path, row.cells[role] === 'members']);
    }
  });
});

describe('jobs of another key', () => {
  let scheduler: TestScheduler;
  const keyFor = async (name: string, roles: readonly Role[] = ['client']): Promise<Readonly<Record<string, string>>> => {
    const created = await sendRequest(scheduler.port, { method: 'POST', path: '/api/v1/keys', body: { name, roles } });
    return { authorization: `Bearer ${(created.json() as { key: string }).key}` };
  };
  beforeAll(async () => {
    scheduler = await startTestScheduler();
  });
  afterAll(async () => {
    await scheduler.stop();
  });

  it('client: own jobs read, listed, exported, cancelled and retried; jobs of others not found', async () => {
    const [one, other] = [await keyFor('one'), await keyFor('other')];
    const { job_id: jobId } = (await submit(scheduler.port, {}, one)).json() as { job_id: string };
    const path = `/api/v1/jobs/${jobId}`;
    const idsFor = async (headers: Readonly<Record<string, string | null>>) =>
      ((await sendRequest(scheduler.port, { path: '/api/v1/jobs', headers })).json() as { jobs: { job_id: string }[] }).jobs.map(
        (job) => job.job_id,
      );
    const cancelledFor = async (headers: Readonly<Record<string, string | null>>) =>
      (
        (
          await sendRequest(scheduler.port, { path: '/api/v1/jobs/cancel', method: 'POST', body: { job_ids: [jobId] }, headers })
        ).json() as CancelledJobs
      ).jobs;
    const exportedFor = async (headers: Readonly<Record<string, string | null>>) => {
      const { text } = await sendRequest(scheduler.port, { path: '/api/v1/jobs/export?status=queued,running&format=jsonl', headers });
      return text
        .split('\n')
        .slice(0, -1)
        .map((line) => (JSON.parse(line) as { job_id: string }).job_id);
    };
    expect([await idsFor(one), await idsFor(other), await idsFor({ authorization: null }), await idsFor({})]).toEqual([
      [jobId],
      [],
      [],
      [jobId],
    ]);
    const placeFor = async (headers: Readonly<Record<string, string | null>>) =>
      (await sendRequest(scheduler.port, { path: `/v1/queue?job=${jobId}`, headers })).status;
    expect([await placeFor(one), await placeFor(other), await placeFor({ authorization: null }), await placeFor({})]).toEqual([
      200, 404, 404, 200,
    ]);
    const waitsIn = (list: unknown) => (list as JobList).jobs.map(({ wait }) => wait !== undefined);
    const listed = async (query: string) => (await sendRequest(scheduler.port, { path: `/api/v1/jobs?${query}`, headers: one })).json();
    expect([waitsIn(await listed('limit=9')), waitsIn(await listed('live=false'))]).toEqual([[true], [false]]);
    const ofPort = await scheduler.pool.jobs({ limit: 9, live: false });
    expect(ofPort.ok && waitsIn(ofPort.value)).toEqual([false]);
    for (const headers of [other, { authorization: null }]) {
      for (const request of [{ path }, { path: `${path}/events` }, { path, method: 'DELETE' }, { path: `${path}/retry`, method: 'POST' }])
        expect((await sendRequest(scheduler.port, { ...request, headers })).status).toBe(404);
      expect(await cancelledFor(headers)).toEqual([{ job_id: jobId, outcome: 'not_found' }]);
      expect(await exportedFor(headers)).toEqual([]);
    }
    expect(await exportedFor(one)).toEqual([jobId]);
    expect((await sendRequest(scheduler.port, { path, headers: one })).status).toBe(200);
    expect((await sendRequest(scheduler.port, { path, method: 'DELETE', headers: one })).json()).toMatchObject({ status: 'cancelled' });
    for (const headers of [other, { authorization: null }])
      expect((await sendRequest(scheduler.port, { path: `${path}/retry`, method: 'POST', headers })).status).toBe(404);
    const retried = await sendRequest(scheduler.port, { path: `${path}/retry`, method: 'POST', headers: one });
    const { job_id: retryId } = retried.json() as { job_id: string };
    expect([await idsFor(one), await idsFor(other)]).toEqual([[retryId, jobId], []]);
  });

  it('the same idempotency key of two keys -> two jobs; of one key -> one job', async () => {
    const [one, other] = [await keyFor('three'), await keyFor('four')];
    const key = { 'idempotency-key': 'letter-17' };
    const idOf = async (headers: Readonly<Record<string, string | null>>) =>
      ((await submit(scheduler.port, {}, { ...headers, ...key })).json() as { job_id: string }).job_id;
    const [first, second, third, none] = [await idOf(one), await idOf(other), await idOf(one), await idOf({ authorization: null })];
    expect(first).toBe(third);
    expect(new Set([first, second, none]).size).toBe(3);
  });

  it('explain: a model that the key may not use -> 403 with the model, as for a job; own models and no model -> explained', async () => {
    const body = { name: 'one-model', models: ['llm-a'] };
    const created = await sendRequest(scheduler.port, { method: 'POST', path: '/api/v1/keys', body });
    const headers = { authorization: `Bearer ${(created.json() as { key: string }).key}` };
    const explain = (requirements: object) =>
      sendRequest(scheduler.port, { method: 'POST', path: '/api/v1/dispatch/explain', body: requirements, headers });
    const task = (model: string) => ({ required_task: { model_id: model, task: '/v1/chat/completions' } });
    for (const requirements of [{ required_models: ['llm-a', 'llm-b'] }, task('llm-b')]) {
      const refused = await explain(requirements);
      expect([refused.status, refused.json()]).toMatchObject([
        403,
        { error: { code: 'FORBIDDEN', details: { reason: 'model_not_allowed', model: 'llm-b' } } },
      ]);
    }
    for (const requirements of [{ required_models: ['llm-a'] }, task('llm-a'), {}]) expect((await explain(requirements)).status).toBe(200);
  });

  describe('retry', () => {
    const created = async (body: object) => {
      const answer = await sendRequest(scheduler.port, { method: 'POST', path: '/api/v1/keys', body });
      const { id, key } = answer.json() as { id: string; key: string };
      return { id, headers: { authorization: `Bearer ${key}` } };
    };
    const ended = async (headers: Readonly<Record<string, string>>, change: Parameters<typeof submit>[1] = {}) => {
      const { job_id: jobId } = (await submit(scheduler.port, change, headers)).json() as { job_id: string };
      await sendRequest(scheduler.port, { method: 'DELETE', path: `/api/v1/jobs/${jobId}` });
      return jobId;
    };
    const retry = async (jobId: string, headers: Readonly<Record<string, string>> = {}) => {
      const { status, json } = await sendRequest(scheduler.port, { method: 'POST', path: `/api/v1/jobs/${jobId}/retry`, headers });
      return [status, json()];
    };

    it('caller with limits: a model or priority of the job that is not its own -> 403 with details', async () => {
      const sender = await created({ name: 'wide', roles: ['client'], limits: { max_priority: 5 } });
      const operator = await created({ name: 'narrow', roles: ['operator'], models: ['llm-a'] });
      const [otherModel, high] = [
        await ended(sender.headers, { required_models: ['llm-b'] }),
        await ended(sender.headers, { priority: 5 }),
      ];
      expect(await retry(otherModel, operator.headers)).toMatchObject([
        403,
        { error: { code: 'FORBIDDEN', details: { reason: 'model_not_allowed', model: 'llm-b' } } },
      ]);
      expect(await retry(high, operator.headers)).toMatchObject([403, { error: { details: { limit: 'priority', max: 0, found: 5 } } }]);
      expect(await retry(high, sender.headers)).toMatchObject([202, { status: 'queued' }]);
    });

    it('by the owner, also in the app -> the limit of queued jobs is that of the submitter, and is logged for it', async () => {
      const sender = await created({ name: 'one-job', roles: ['client'], limits: { max_queued: 1 } });
      const [first, second] = [await ended(sender.headers), await ended(sender.headers)];
      expect(await retry(first)).toMatchObject([202, { status: 'queued' }]);
      const refusal = { code: 'LIMIT_REACHED', details: { limit: 'queued', max: 1, found: 1 } };
      expect(await retry(second)).toMatchObject([429, { error: refusal }]);
      expect(await scheduler.pool.retryJob(second)).toMatchObject({ ok: false, error: refusal });
      expect(scheduler.log.of('limit_reached')).toContainEqual({ limit: 'key_queued', from: sender.id, count: 1 });
    });

    it('large payload again and again, without sending it -> counts in the megabytes of the submitter', async () => {
      const sender = await created({ name: 'slow-line', roles: ['client'], limits: { megabytes_per_minute: 1 } });
      const jobId = await ended(sender.headers, { task: { kind: 'command', model_id: 'm', input: 'x'.repeat(150_000), params: {} } });
      expect(await retry(jobId, sender.headers)).toMatchObject([
        429,
        { error: { code: 'LIMIT_REACHED', details: { limit: 'megabytes_per_minute', max: 1 } } },
      ]);
      const small = await ended({});
      expect(await retry(small)).toMatchObject([202, { status: 'queued' }]);
    });

    it('key of the submitter revoked -> 409, also in the app, and no job', async () => {
      const sender = await created({ name: 'ended', roles: ['client'] });
      const jobId = await ended(sender.headers);
      await sendRequest(scheduler.port, { method: 'DELETE', path: `/api/v1/keys/${sender.id}` });
      const refusal = { code: 'INVALID_STATE', details: { job_id: jobId, reason: 'key_not_valid' } };
      expect(await retry(jobId)).toMatchObject([409, { error: refusal }]);
      expect(await scheduler.pool.retryJob(jobId)).toMatchObject({ ok: false, error: refusal });
    });
  });

  it('limits of a key: priority and model -> 403 with numbers; queued jobs and requests -> 429 with numbers', async () => {
    const body = { name: 'small', models: ['llm-a'], limits: { max_queued: 1, requests_per_second: 4 } };
    const created = await sendRequest(scheduler.port, { method: 'POST', path: '/api/v1/keys', body });
    const headers = { authorization: `Bearer ${(created.json() as { key: string }).key}` };
    const refusal = async (change: Parameters<typeof submit>[1]) => (await submit(scheduler.port, change, headers)).json();
    expect(await refusal({ priority: 1 })).toMatchObject({
      error: { code: 'FORBIDDEN', details: { limit: 'priority', max: 0, found: 1 } },
    });
    expect(await refusal({ required_models: ['llm-b'] })).toMatchObject({ error: { code: 'FORBIDDEN', details: { model: 'llm-b' } } });
    expect(await refusal({})).toMatchObject({ status: 'queued' });
    expect(await refusal({})).toMatchObject({ error: { code: 'LIMIT_REACHED', details: { limit: 'queued', max: 1, found: 1 } } });
    for (let i = 0; i < 4; i++) await refusal({});
    const tooMany = await submit(scheduler.port, {}, headers);
    expect([tooMany.status, tooMany.headers['retry-after']]).toEqual([429, '1']);
    expect(tooMany.json()).toMatchObject({
      error: { code: 'LIMIT_REACHED', details: { limit: 'requests_per_second', max: 4, retry_after_seconds: 1 } },
    });
    const from = (created.json() as { id: string }).id;
    expect(scheduler.log.of('limit_reached').filter((line) => line['from'] === from)).toEqual([
      { limit: 'key_queued', from, count: 1 },
      { limit: 'key_requests_per_second', from, count: 1 },
    ]);
  });
});
