// The use of a pool over real sockets: what each key, a node and the owner read, as JSON and CSV, and after a restart.
import { expect, test } from 'vitest';
import type { OwnKey } from '../../src/shared/api/members';
import type { Usage } from '../../src/shared/api/usage';
import { bearer, sendRequest } from '../support/http-api';
import { accept, chatOutput, submit } from '../support/job-pool';
import { heartbeat, registration, TestNode } from '../support/test-node';
import { useKeyedScheduler } from '../support/use-keyed-scheduler';

const keyed = useKeyedScheduler();
const keyOf = (name: string, role = 'client') => keyed.post<{ id: string; key: string }>('/api/v1/keys', { name, roles: [role] });
const read = (query: string, key?: string, headers = {}) =>
  sendRequest(keyed.scheduler.port, { path: `/api/v1/usage${query}`, headers: { ...(key === undefined ? {} : bearer(key)), ...headers } });
const usageOf = async (query: string, key?: string) => (await read(query, key)).json() as Usage;
const reasonOf = async (query: string, key: string) => {
  const answer = await read(query, key);
  return [answer.status, (answer.json() as { error: { details: object } }).error.details];
};

interface Joined {
  readonly node: TestNode;
  /** Of the member. */
  readonly credential: string;
}

async function readyNode(): Promise<Joined> {
  const { key } = await keyed.invite();
  const node = await TestNode.connect(keyed.scheduler.url, bearer(key));
  node.send(registration());
  const { member_credential: credential = '' } = await node.until('node_register_ack');
  for (let i = 0; i < 3; i++) node.send(heartbeat(node.nodeId));
  await node.until('node_status', (message) => message.status === 'ready');
  return { node, credential };
}

const TIMINGS = { prompt_tokens: 20, cached_tokens: 5, completion_tokens: 7 };

/** One job of the key, which the node answers. */
async function run(node: TestNode, key: string, success = true): Promise<void> {
  expect((await submit(keyed.scheduler.port, { max_attempts: 1 }, bearer(key))).status).toBe(202);
  const { job_id, attempt, trace_id } = await node.until('job_assign');
  accept(node, { job_id, attempt });
  const result = success
    ? { success: true, output: chatOutput('hi'), timings: { ...TIMINGS } }
    : { success: false, error: { code: 'runtime_http_500', message: 'it broke', details: { retryable: false } } };
  node.send({ type: 'job_result', job_id, attempt, node_id: node.nodeId, processing_time_ms: 5, trace_id, ...result } as never);
  await node.until('job_result_ack');
}

test('two keys and a node -> each key reads its own use, the owner all; the counts survive a restart; CSV by Accept and by format', async () => {
  const [one, two] = [await keyOf('editor'), await keyOf('=cmd()')];
  const viewer = await keyOf('wall', 'viewer');
  const { node } = await readyNode();
  await run(node, one.key);
  await run(node, one.key, false);
  await run(node, two.key);

  const own = { requests: 2, failed: 1, cancelled: 0, prompt_tokens: 20, cached_tokens: 5, output_tokens: 7, estimated: 0 };
  expect((await usageOf('?by=key', one.key)).rows).toMatchObject([{ id: one.id, name: 'editor', ...own }]);
  expect((await usageOf('', one.key)).total).toMatchObject(own);
  expect(await reasonOf(`?key=${two.id}`, one.key)).toEqual([403, { reason: 'own_use_only' }]);
  expect(await reasonOf('?by=node', one.key)).toEqual([403, { reason: 'no_own_node' }]);
  const [member] = await keyed.members();
  expect(member?.node_id).toBe(node.nodeId);

  const check = async (): Promise<void> => {
    for (const key of [undefined, viewer.key]) {
      const { total, rows } = await usageOf('?by=key', key);
      expect(total).toMatchObject({ requests: 3, failed: 1, output_tokens: 14 });
      expect(rows.map(({ id, requests }) => [id, requests]).sort()).toEqual(
        [
          [one.id, 2],
          [two.id, 1],
        ].sort(),
      );
    }
    expect((await usageOf('?by=node')).rows).toMatchObject([{ id: node.nodeId, requests: 3, failed: 1, output_tokens: 14 }]);
    expect((await usageOf('?by=day,model')).rows).toMatchObject([{ id: 'llm-a', requests: 3, prompt_tokens: 40 }]);
    const csv = await read('?by=key', undefined, { accept: 'text/csv' });
    expect(csv.headers['content-type']).toContain('text/csv');
    expect(csv.text).toContain(`\r\n${two.id},'=cmd(),1,0,0,20,5,7,`);
    expect((await read('?by=key&format=csv')).text).toBe(csv.text);
    expect((await read('?by=key&format=json', undefined, { accept: 'text/csv' })).json()).toMatchObject({ by: 'key' });
    expect((await read('', undefined, { accept: 'application/json, text/csv;q=0.5' })).json()).toMatchObject({ by: 'day' });
  };
  await check();
  node.close();
  await keyed.scheduler.stop();
  await keyed.start();
  await check();
});

test('member with a node -> reads the use of its node, not that of another', async () => {
  const { node, credential } = await readyNode();
  await run(node, (await keyOf('editor')).key);
  const counts = { requests: 1, failed: 0, output_tokens: 7 };
  expect((await usageOf('?by=node', credential)).rows).toMatchObject([{ id: node.nodeId, ...counts }]);
  expect((await usageOf(`?node_id=${node.nodeId}&by=model`, credential)).total).toMatchObject(counts);
  expect((await usageOf('', credential)).total.requests).toBe(0);
  expect(await reasonOf('?node_id=another', credential)).toEqual([403, { reason: 'own_use_only' }]);
  node.close();
});

test('key over its limit -> counted as refused, for its key alone; its holder reads what is left', async () => {
  const limits = { max_at_once: 1, tokens_per_day: 100_000 };
  const { id, key } = await keyed.post<{ id: string; key: string }>('/api/v1/keys', { name: 'night', models: ['llm-a'], limits });
  const { port } = keyed.scheduler;
  const statuses = [(await submit(port, {}, bearer(key))).status, (await submit(port, {}, bearer(key))).status];
  expect(statuses).toEqual([202, 429]);
  const { rows, total } = await usageOf('?by=key');
  expect(rows).toMatchObject([{ id, requests: 0, refused: 1 }]);
  expect([total.requests, total.refused]).toEqual([0, 1]);
  const own = (await sendRequest(port, { path: '/api/v1/keys/self', headers: bearer(key) })).json() as OwnKey;
  expect(own).toMatchObject({ id, name: 'night', models: ['llm-a'], expires_at: null, use: { at_once: 1, tokens_today: 0 } });
  const [atOnce, perDay] = own.limits;
  expect(atOnce).toEqual({ limit: 'max_at_once', max: 1, used: 1, reserved: 0, left: 0, resets_in_seconds: null });
  // The estimate of the open request is reserved, not used.
  expect(perDay).toMatchObject({ used: 0, reserved: own.use.tokens_reserved, left: 100_000 - (own.use.tokens_reserved ?? 0) });
  expect(perDay?.reserved).toBeGreaterThan(0);
});

test.each(['?from=2026-02-30', '?by=hour', '?by=node&key=k1', '?limit=1'])('query %s -> 400', async (query) => {
  expect((await read(query)).status).toBe(400);
});
