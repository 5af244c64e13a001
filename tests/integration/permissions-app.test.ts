// The rights of the operations of the app over HTTP, their acts in the audit log, and which callers see who asks to join.
import { expect, it, onTestFinished } from 'vitest';
import { type AppApi, OPERATIONS, type OperationName } from '../../src/shared/api/app-api';
import type { Role } from '../../src/shared/api/members';
import { ok } from '../../src/shared/result';
import { AppService } from '../../src/main/app-api/app-service';
import type { JoinClaims } from '../../src/main/joining/core/join-messages';
import { joinByDigits } from '../../src/main/joining/join-client';
import { systemClock } from '../../src/main/platform/clock';
import { silentLogger } from '../../src/main/platform/logger';
import { CASES } from '../contract/operations';
import { appInfo, FakePool } from '../support/app-fakes';
import { EventStreamClient } from '../support/event-stream-client';
import { bearer, OWNER_KEY, sendRequest } from '../support/http-api';
import { shared } from '../support/shared-scheduler';
import { CertificateClock, startTestScheduler } from '../support/test-scheduler';
import { joinRequest } from '../support/trust-fakes';
import { until } from '../support/until';

const OWNER_ONLY =
  /^(desktop|update|host|join|nearby|doctor|members|invites|keys|audit|join_requests|settings|pools|logs|diagnostics|models)\.|^gpu\.(processes|offer)$|^agent\.simulate$|^pool\.step_down$/;
const VIEW_ONLY =
  /^pool\.(node|node_history|totals|history|failures|missing_models|models|nodes_with_model|explain|exclusions|jobs|export_jobs|job|usage|export_usage|cluster)$|^gpu\.history$|^agent\.contribution$/;

async function keyOf(port: number, role: Role): Promise<string> {
  const created = await sendRequest(port, { method: 'POST', path: '/api/v1/keys', body: { name: role, roles: [role] } });
  return (created.json() as { key: string }).key;
}

it('operations: owner all; operator no management; viewer reads only; management in the audit log with its target', async () => {
  const app: AppApi = {
    call: () => Promise.resolve(ok({ id: 'created-1' } as never)),
    subscribe: () => () => undefined,
    ask: () => () => undefined,
  };
  const scheduler = await startTestScheduler({ app });
  onTestFinished(() => scheduler.stop());
  const tokens = { owner: OWNER_KEY, operator: await keyOf(scheduler.port, 'operator'), viewer: await keyOf(scheduler.port, 'viewer') };
  const allowed = async (operation: OperationName, token: string): Promise<boolean> => {
    const request = { method: 'POST', path: `/api/v1/app/${operation}`, body: CASES[operation].params, headers: bearer(token) };
    const { status } = await sendRequest(scheduler.port, request);
    expect([operation, status === 200 || status === 403]).toEqual([operation, true]);
    return status === 200;
  };
  for (const operation of Object.keys(OPERATIONS) as OperationName[]) {
    const rights = [
      await allowed(operation, tokens.owner),
      await allowed(operation, tokens.operator),
      await allowed(operation, tokens.viewer),
    ];
    expect([operation, ...rights]).toEqual([operation, true, !OWNER_ONLY.test(operation), VIEW_ONLY.test(operation)]);
  }
  const { entries } = (await sendRequest(scheduler.port, { path: '/api/v1/audit?limit=1000' })).json() as {
    entries: { action: string; target: string | null; who: string | null }[];
  };
  const acts = entries.filter(({ who }) => who === 'owner').map(({ action, target }) => [action, target]);
  for (const act of [
    ['member.update', 'mem-1'],
    ['member.revoke', 'mem-1'],
    ['invite.create', 'created-1'],
    ['invite.revoke', 'inv-1'],
    ['key.create', 'created-1'],
    ['key.update', 'key-1'],
    ['key.revoke', 'key-1'],
    ['join_request.approve', '00ff'],
    ['join_request.deny', '00ff'],
    ['nearby.join', '00ff'],
    ['settings.set', 'server.tls_cert_file'],
    ['diagnostics.save', 'p1'],
    ['settings.reset', 'agent.name'],
  ])
    expect(acts).toContainEqual(act);
});

it('owner decides about a computer in the dashboard -> the audit log names the computer, not the id of its request', async () => {
  const app: AppApi = {
    call: () => Promise.resolve(ok(null as never)),
    subscribe: () => () => undefined,
    ask: () => () => undefined,
  };
  const scheduler = await startTestScheduler({ app, server: { host: '0.0.0.0' }, clock: new CertificateClock() });
  onTestFinished(() => scheduler.stop());
  const claims: JoinClaims = { name: 'ben-pc', gpus: [], roles: ['node'] };
  const options = { claims, clock: systemClock, isExpected: () => true };
  void joinByDigits({ host: '127.0.0.1', port: scheduler.port }, { ...options, isSame: () => new Promise(() => undefined) });
  const { id } = await until('a request', async () => {
    const list = (await sendRequest(scheduler.port, { path: '/api/v1/join-requests' })).json() as { join_requests: { id: string }[] };
    return list.join_requests[0];
  });
  const path = '/api/v1/app/join_requests.deny';
  expect((await sendRequest(scheduler.port, { method: 'POST', path, body: { id } })).status).toBe(200);
  const { entries } = (await sendRequest(scheduler.port, { path: '/api/v1/audit' })).json() as { entries: object[] };
  expect(entries[0]).toMatchObject({ action: 'join_request.deny', target: 'ben-pc' });
});

it('stream of the app: join requests for the owner, none for a viewer', async () => {
  const pool = new FakePool();
  const app = new AppService({ info: appInfo, clock: systemClock, logger: silentLogger, pool, coalesceMs: 5 });
  const scheduler = await startTestScheduler({ app });
  onTestFinished(() => scheduler.stop());
  pool.subject.publish({ type: 'join_requests', join_requests: [joinRequest()] });
  const path = '/api/v1/app/events';
  const owner = await EventStreamClient.open(scheduler.port, path);
  const viewer = await EventStreamClient.open(scheduler.port, path, bearer(await keyOf(scheduler.port, 'viewer')));
  expect(JSON.stringify(await owner.first(1))).toContain('123456');
  await viewer.first(1);
  pool.subject.publish({ type: 'join_requests', join_requests: [joinRequest({ approved: true })] });
  await owner.first(2);
  pool.subject.publish({ type: 'node_removed', node_id: 'node-A', reason_code: 'node_left' });
  await viewer.first(2);
  const text = JSON.stringify(viewer.events);
  expect(text).toContain('"join_requests":[]');
  expect(text).not.toContain('123456');
  owner.close();
  viewer.close();
});

it('stream of the pool: join requests for the owner at once and again after a resume, none for a viewer', async () => {
  const scheduler = await shared();
  onTestFinished(() => scheduler.stop());
  const path = '/api/v1/events';
  const owner = await EventStreamClient.open(scheduler.port, path);
  const viewer = await EventStreamClient.open(scheduler.port, path, bearer(await keyOf(scheduler.port, 'viewer')));
  const [snapshot] = await owner.first(1);
  let answer: (isSame: boolean) => void = () => undefined;
  const end = joinByDigits(
    { host: '127.0.0.1', port: scheduler.port },
    {
      claims: { name: 'ben-pc', gpus: [], roles: ['node'] },
      clock: systemClock,
      isExpected: () => true,
      isSame: () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    },
  );
  expect((await owner.first(2))[1]).toMatchObject({ id: null, data: { type: 'join_requests', join_requests: [{ name: 'ben-pc' }] } });
  const late = await EventStreamClient.open(scheduler.port, path);
  expect((await late.first(2)).map(({ data }) => data['type'])).toEqual(['snapshot', 'join_requests']);
  answer(false);
  await end;
  expect((await owner.first(3))[2]?.data).toEqual({ type: 'join_requests', join_requests: [] });
  const resumed = await EventStreamClient.open(scheduler.port, path, { 'last-event-id': String(snapshot?.id ?? 0) });
  expect((await until('the list', () => resumed.events.at(-1)))?.data).toEqual({ type: 'join_requests', join_requests: [] });
  expect(viewer.events.map(({ data }) => data['type'])).toEqual(['snapshot']);
  for (const stream of [owner, viewer, late, resumed]) stream.close();
});

it('/join: the dashboard, without a key', async () => {
  const scheduler = await startTestScheduler({ rendererDir: 'out/renderer' });
  onTestFinished(() => scheduler.stop());
  const page = await sendRequest(scheduler.port, { path: '/join', headers: { authorization: null } });
  expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  expect(page.text).toContain('<div id="root"');
});
