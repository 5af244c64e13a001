// What ends with a revoked key or member: its jobs, its streams and its dashboard sessions.
import { request } from 'node:http';
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import type { JobView } from '../../src/shared/api/job';
import type { Role } from '../../src/shared/api/members';
import { EventStreamClient } from '../support/event-stream-client';
import { bearer, OWNER_KEY, sendRequest } from '../support/http-api';
import { accept, chatTask, jobOf, readyNode, submit } from '../support/job-pool';
import { registration, TestNode } from '../support/test-node';
import { startTestScheduler, type TestScheduler } from '../support/test-scheduler';
import { until } from '../support/until';

let scheduler: TestScheduler;
beforeEach(async () => {
  scheduler = await startTestScheduler();
});
afterEach(() => scheduler.stop());

const newKey = async (name: string, roles: readonly Role[] = ['client']): Promise<{ readonly id: string; readonly key: string }> =>
  (await sendRequest(scheduler.port, { method: 'POST', path: '/api/v1/keys', body: { name, roles } })).json() as {
    id: string;
    key: string;
  };
const revoke = ({ id }: { readonly id: string }) => sendRequest(scheduler.port, { method: 'DELETE', path: `/api/v1/keys/${id}` });
const jobFor = async (key: string): Promise<string> =>
  ((await submit(scheduler.port, {}, bearer(key))).json() as { readonly job_id: string }).job_id;
const CHAT = { model: 'llm-a', messages: [{ role: 'user', content: 'hello' }] };
const chat = (key: string, stream: boolean) =>
  fetch(`${scheduler.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { ...bearer(key), 'content-type': 'application/json' },
    body: JSON.stringify({ ...CHAT, stream }),
  });

it('key: queued and running jobs cancelled with the reason revoked, jobs of others go on', async () => {
  const [bad, good] = [await newKey('bad'), await newKey('good')];
  const node = await readyNode(scheduler.url, { max_concurrent_jobs: 1 });
  const running = await jobFor(bad.key);
  accept(node, await node.until('job_assign'));
  await until('the job to run', async () => (await jobOf(scheduler.port, running)).status === 'running');
  const queued = await Promise.all(Array.from({ length: 3 }, () => jobFor(bad.key)));
  const other = await jobFor(good.key);
  expect((await revoke(bad)).status).toBe(200);

  expect(await node.until('job_cancel')).toMatchObject({ job_id: running, reason: 'revoked' });
  for (const id of [running, ...queued])
    expect(await jobOf(scheduler.port, id)).toMatchObject({
      status: 'cancelled',
      error: { code: 'cancelled', message: 'revoked' },
    } satisfies { status: JobView['status']; error: object });
  expect(await node.until('job_assign')).toMatchObject({ job_id: other });
});

it('key: streams end with an error, event streams and sessions end', async () => {
  const [bad, viewer] = [await newKey('bad'), await newKey('watcher', ['viewer', 'client'])];
  const node = await readyNode(scheduler.url, { max_concurrent_jobs: 8 });
  const streamed = chat(bad.key, true);
  const assigned = await node.until('job_assign');
  accept(node, assigned);
  const data = { id: 'x', object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content: 'one' }, finish_reason: null }] };
  node.send({ type: 'job_chunk', job_id: assigned.job_id, attempt: assigned.attempt, seq: 0, data });
  const stream = await streamed;
  const whole = chat(bad.key, false);
  await until('the second request', async () => (await open()).length === 2);
  expect((await revoke(bad)).status).toBe(200);
  expect(await stream.text()).toMatch(/"one"[\s\S]*"code":"revoked"/);
  const refused = await whole;
  expect([refused.status, await refused.json()]).toMatchObject([403, { error: { code: 'revoked' } }]);

  const job = await jobFor(viewer.key);
  const events = await Promise.all(
    [`/api/v1/jobs/${job}/events`, '/api/v1/events'].map((path) => fetch(`${scheduler.url}${path}`, { headers: bearer(viewer.key) })),
  );
  const code = await sendRequest(scheduler.port, { method: 'POST', path: '/api/v1/session/codes', body: {}, headers: bearer(viewer.key) });
  const exchanged = await exchange((code.json() as { code: string }).code);
  const later = (
    await sendRequest(scheduler.port, { method: 'POST', path: '/api/v1/session/codes', body: {}, headers: bearer(viewer.key) })
  ).json() as { code: string };
  const dashboard = await fetch(`${scheduler.url}/api/v1/events`, { headers: bearer(exchanged.key) });
  expect((await revoke(viewer)).status).toBe(200);
  for (const stopped of [...events, dashboard]) await stopped.text().catch(() => undefined);
  expect((await sendRequest(scheduler.port, { path: '/api/v1/nodes', headers: bearer(exchanged.key) })).status).toBe(403);
  expect((await exchange(later.code)).status).toBe(401);
  expect((await sendRequest(scheduler.port, { path: '/api/v1/nodes', headers: bearer(OWNER_KEY) })).status).toBe(200);
});

it('key expires -> its event streams and answers end with an error within the keep-alive, streams of others go on', async () => {
  const body = { name: 'short', roles: ['viewer', 'client'], expires_in_seconds: 3 };
  const { key } = (await sendRequest(scheduler.port, { method: 'POST', path: '/api/v1/keys', body })).json() as { key: string };
  const node = await readyNode(scheduler.url, { max_concurrent_jobs: 8 });
  const job = await jobFor(key);
  accept(node, await node.until('job_assign'));
  const streams = await Promise.all(
    ['/api/v1/events', `/api/v1/jobs/${job}/events`].map((path) => EventStreamClient.open(scheduler.port, path, bearer(key))),
  );
  const owner = await EventStreamClient.open(scheduler.port, '/api/v1/events');
  const streamed = chat(key, true);
  const assigned = await node.until('job_assign');
  accept(node, assigned);
  const data = { id: 'x', object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content: 'one' }, finish_reason: null }] };
  node.send({ type: 'job_chunk', job_id: assigned.job_id, attempt: assigned.attempt, seq: 0, data });
  const stream = await streamed;
  const whole = chat(key, false);
  accept(node, await node.until('job_assign'));
  scheduler.clock.advance(15_000);
  for (const ended of streams) {
    await ended.closed;
    expect(ended.events.at(-1)?.data).toMatchObject({ error: { code: 'UNAUTHORIZED', details: { reason: 'expired' } } });
  }
  expect(await stream.text()).toMatch(/"one"[\s\S]*"code":"invalid_api_key"/);
  const refused = await whole;
  expect([refused.status, await refused.json()]).toMatchObject([401, { error: { code: 'invalid_api_key' } }]);
  expect(await node.until('job_cancel')).toMatchObject({ reason: 'expired' });
  expect(owner.isWhole).toBe(false);
  owner.close();
});

it('key expires -> its response in the background ends with the reason', async () => {
  const body = { name: 'short', roles: ['client'], expires_in_seconds: 3 };
  const { key } = (await sendRequest(scheduler.port, { method: 'POST', path: '/api/v1/keys', body })).json() as { key: string };
  const node = await readyNode(scheduler.url);
  const request = { model: 'llm-a', input: 'hello', background: true };
  await sendRequest(scheduler.port, { method: 'POST', path: '/v1/responses', headers: bearer(key), body: request });
  const { job_id, attempt } = await node.until('job_assign');
  accept(node, { job_id, attempt });
  scheduler.clock.advance(15_000);
  expect(await node.until('job_cancel')).toMatchObject({ job_id, reason: 'expired' });
  expect(await jobOf(scheduler.port, job_id)).toMatchObject({ status: 'cancelled', error: { message: 'expired' } });
});

it('dashboard: session ends after 12 h -> its stream ends with an error', async () => {
  const code = await sendRequest(scheduler.port, { method: 'POST', path: '/api/v1/session/codes', body: {} });
  const session = await exchange((code.json() as { code: string }).code);
  const stream = await EventStreamClient.open(scheduler.port, '/api/v1/events', bearer(session.key));
  scheduler.clock.stall(12 * 3_600_000 - 60_000);
  scheduler.clock.advance(15_000);
  expect(stream.isWhole).toBe(false);
  scheduler.clock.stall(60_000);
  scheduler.clock.advance(15_000);
  await stream.closed;
  expect(stream.events.at(-1)?.data).toMatchObject({ error: { code: 'UNAUTHORIZED' } });
});

it('owner key replaced -> streams of the old key end with an error', async () => {
  let ownerKey = OWNER_KEY;
  const own = await startTestScheduler({ ownerKey: () => ownerKey });
  onTestFinished(() => own.stop());
  const stream = await EventStreamClient.open(own.port, '/api/v1/events');
  ownerKey = 'another-owner-key-of-this-test';
  own.clock.advance(15_000);
  await stream.closed;
  expect(stream.events.at(-1)?.data).toMatchObject({ error: { code: 'UNAUTHORIZED' } });
});

const open = async () => ((await sendRequest(scheduler.port, { path: '/api/v1/jobs?limit=50' })).json() as { jobs: JobView[] }).jobs;

async function exchange(code: string): Promise<{ readonly status: number; readonly key: string }> {
  const answer = await sendRequest(scheduler.port, {
    method: 'POST',
    path: '/api/v1/session',
    body: { code },
    headers: { authorization: null },
  });
  return { status: answer.status, key: (answer.json() as { key?: string }).key ?? '' };
}

it('member: jobs cancelled, node closed with 4010', async () => {
  const invite = (
    await sendRequest(scheduler.port, { method: 'POST', path: '/api/v1/invites', body: { roles: ['node', 'client'] } })
  ).json() as { key: string };
  const node = await TestNode.connect(scheduler.url, bearer(invite.key));
  node.send(registration());
  const { member_credential: credential = '' } = await node.next('node_register_ack');
  const job = await jobFor(credential);
  const [member] = ((await sendRequest(scheduler.port, { path: '/api/v1/members' })).json() as { members: { id: string }[] }).members;
  expect((await sendRequest(scheduler.port, { method: 'DELETE', path: `/api/v1/members/${member?.id ?? ''}` })).status).toBe(200);
  expect(await node.closed).toBe(4010);
  expect(await jobOf(scheduler.port, job)).toMatchObject({ status: 'cancelled', error: { message: 'revoked' } });
});

/** Sends the headers and the first byte of the body at once, and the rest when `end` is called. */
function heldRequest(key: string, path: string, body: object) {
  const text = JSON.stringify(body);
  const headers = { ...bearer(key), 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
  const held = request({ host: '127.0.0.1', port: scheduler.port, method: 'POST', path, headers });
  const status = new Promise<number>((resolve, reject) => {
    held.on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    held.on('error', reject);
  });
  held.write(text.slice(0, 1));
  return { status, end: () => held.end(text.slice(1)) };
}

it.each([
  ['/api/v1/keys', { name: 'second owner', roles: ['owner'] }],
  ['/api/v1/invites', { roles: ['owner'] }],
  ['/api/v1/jobs', { task: chatTask() }],
  ['/v1/chat/completions', { ...CHAT, stream: true }],
])('%s whose body arrives after the revocation of the key -> refused, nothing is made', async (path, body) => {
  const bad = await newKey('bad', ['owner', 'client']);
  const node = await readyNode(scheduler.url, { max_concurrent_jobs: 1 });
  const { status, end } = heldRequest(bad.key, path, body);
  // The headers have arrived: the key was used.
  const used = async () => {
    const { keys } = (await sendRequest(scheduler.port, { path: '/api/v1/keys' })).json() as {
      keys: { id: string; last_used_at: number | null }[];
    };
    return keys.find(({ id }) => id === bad.id)?.last_used_at !== null;
  };
  await until('the headers to arrive', used);
  expect((await revoke(bad)).status).toBe(200);
  end();
  expect(await status).toBe(403);
  const { keys } = (await sendRequest(scheduler.port, { path: '/api/v1/keys' })).json() as { keys: { name: string }[] };
  expect(keys.map(({ name }) => name)).toEqual(['bad']);
  const { jobs } = (await sendRequest(scheduler.port, { path: '/api/v1/jobs' })).json() as { jobs: unknown[] };
  expect(jobs).toEqual([]);
  node.close();
});
