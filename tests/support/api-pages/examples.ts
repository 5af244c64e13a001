// Example requests to a real scheduler, with its answers. Ids and secrets that differ in each run are replaced.
import { hostname } from 'node:os';
import { bearer, type HttpAnswer, sendRequest } from '../http-api';
import { accept, beat, chatTask, readyNode, succeed } from '../job-pool';
import type { TestScheduler } from '../test-scheduler';
import type { Example } from './pages';

type Asked = Pick<Example, 'route' | 'path'> & { readonly body?: unknown; readonly key?: string };
type Ask = (asked: Asked) => Promise<HttpAnswer>;

const NODE = 'node-atelier';
const MODEL = 'llama3.2:3b';
const AT_NODE = `/api/v1/nodes/${NODE}`;

export async function exampleRequests({ port, url, clock }: TestScheduler): Promise<readonly Example[]> {
  const examples: Example[] = [];
  const ask: Ask = async ({ route, path, body, key }) => {
    const [method = ''] = route.split(' ');
    const headers = key === undefined ? {} : bearer(key);
    const answer = await sendRequest(port, { method, path, headers, ...(body === undefined ? {} : { body }) });
    examples.push({ route, path, body, status: answer.status, answer: parsed(answer) });
    return answer;
  };
  const get = (path: string, route = path): Promise<HttpAnswer> => ask({ route: `GET ${route}`, path });

  await get('/healthz');
  const node = await readyNode(url, { node_id: NODE, name: 'atelier', max_concurrent_jobs: 2 });
  await beat(node, 1, {
    installed_models: [{ model_id: MODEL, kind: 'llm', version: '1', enabled: true, actions: ['load', 'unload'] }],
    capability_state: { [MODEL]: 'ready' },
    model_residency: { [MODEL]: 'cold' },
    model_control: true,
  });
  await jobExamples(ask, get, node);
  // Missed jobs are counted after half a second.
  clock.advance(1000);
  await nodeExamples(ask, get, node);
  await accessExamples(ask, get);
  // The history has a point each 15 s.
  clock.advance(16_000);
  await get('/api/v1/pool/totals');
  await get('/api/v1/pool/failures?limit=5', '/api/v1/pool/failures');
  await get('/api/v1/pool/history?range=1h', '/api/v1/pool/history');
  await get('/api/v1/usage?by=model', '/api/v1/usage');
  await get('/api/v1/pool/jobs?limit=10', '/api/v1/pool/jobs');
  await get('/api/v1/join-requests');
  node.close();
  await ask({ route: 'DELETE /api/v1/nodes/{node_id}', path: AT_NODE });
  return JSON.parse(withFixedIds(JSON.stringify(examples), port)) as readonly Example[];
}

type Node = Awaited<ReturnType<typeof readyNode>>;
type Get = (path: string, route?: string) => Promise<HttpAnswer>;

async function jobExamples(ask: Ask, get: Get, node: Node): Promise<void> {
  const task = chatTask('Hello', MODEL);
  await ask({
    route: 'POST /api/v1/dispatch/explain',
    path: '/api/v1/dispatch/explain',
    body: { required_models: [MODEL], node_limit: 10 },
  });
  const submitted = await ask({ route: 'POST /api/v1/jobs', path: '/api/v1/jobs', body: { task, priority: 1 } });
  const { job_id: jobId } = submitted.json() as { readonly job_id: string };
  const assigned = await node.until('job_assign');
  accept(node, assigned);
  const answer = { choices: [{ index: 0, message: { role: 'assistant', content: 'Hello!' }, finish_reason: 'stop' }] };
  succeed(node, assigned, { status: 200, body: answer });
  await node.until('job_result_ack', ({ job_id }) => job_id === jobId);
  await get(`/api/v1/jobs/${jobId}`, '/api/v1/jobs/{job_id}');
  await get('/api/v1/jobs?status=succeeded&limit=10', '/api/v1/jobs');
  await get('/api/v1/jobs/export?format=jsonl&status=succeeded', '/api/v1/jobs/export');
  const second = await ask({ route: 'POST /api/v1/jobs', path: '/api/v1/jobs', body: { task, min_gpu_memory_gb: 80 } });
  const { job_id: secondId } = second.json() as { readonly job_id: string };
  await ask({ route: 'DELETE /api/v1/jobs/{job_id}', path: `/api/v1/jobs/${secondId}` });
  await get('/api/v1/dispatch/exclusions');
  await ask({ route: 'DELETE /api/v1/dispatch/exclusions', path: '/api/v1/dispatch/exclusions' });
  await get('/v1/models');
  await get(`/v1/models/${encodeURIComponent(MODEL)}`, '/v1/models/{model}');
  const chat = ask({ route: 'POST /v1/chat/completions', path: '/v1/chat/completions', body: task.body });
  const asked = await node.until('job_assign', ({ job_id }) => job_id !== jobId);
  accept(node, asked);
  succeed(node, asked, { status: 200, body: answer });
  await chat;
  const embeddings = { model: MODEL, input: ['Hello'] };
  const embedded = ask({ route: 'POST /v1/embeddings', path: '/v1/embeddings', body: embeddings });
  const toEmbed = await node.until('job_assign', ({ job_id }) => ![jobId, asked.job_id].includes(job_id));
  accept(node, toEmbed);
  succeed(node, toEmbed, { status: 200, body: { object: 'list', data: [{ object: 'embedding', index: 0, embedding: [0.12, -0.5] }] } });
  await embedded;
}

async function nodeExamples(ask: Ask, get: Get, node: Node): Promise<void> {
  const post = (path: string, route: string, body?: unknown): Promise<HttpAnswer> =>
    ask({ route: `POST ${route}`, path, ...(body === undefined ? {} : { body }) });
  await get('/api/v1/nodes?limit=1', '/api/v1/nodes');
  await get(AT_NODE, '/api/v1/nodes/{node_id}');
  await get('/api/v1/models/nodes?model=llama', '/api/v1/models/nodes');
  await get('/api/v1/models/missing');
  const load = post(`${AT_NODE}/models/${encodeURIComponent(MODEL)}/load`, '/api/v1/nodes/{node_id}/models/{model_id}/{action}');
  const { request_id: requestId } = await node.until('model_control');
  node.send({ type: 'model_control_result', request_id: requestId, ok: true });
  await load;
  await post(`${AT_NODE}/drain`, '/api/v1/nodes/{node_id}/drain', { timeout_seconds: 600, reason: 'new GPU' });
  await post(`${AT_NODE}/resume`, '/api/v1/nodes/{node_id}/resume');
  await post(`${AT_NODE}/quarantine`, '/api/v1/nodes/{node_id}/quarantine', { reason: 'wrong answers' });
  await post(`${AT_NODE}/release`, '/api/v1/nodes/{node_id}/release');
}

async function accessExamples(ask: Ask, get: Get): Promise<void> {
  const post = (path: string, body: unknown, key?: string): Promise<HttpAnswer> =>
    ask({ route: `POST ${path}`, path, body, ...(key === undefined ? {} : { key }) });
  const remove = async (path: string, made: HttpAnswer): Promise<void> => {
    const { id } = made.json() as { readonly id: string };
    await ask({ route: `DELETE ${path}/{id}`, path: `${path}/${id}` });
  };
  const key = await post('/api/v1/keys', {
    name: 'open-webui',
    models: [MODEL],
    limits: { requests_per_minute: 60, tokens_per_day: 200_000 },
  });
  await ask({ route: 'GET /api/v1/keys/self', path: '/api/v1/keys/self', key: (key.json() as { readonly key: string }).key });
  await get('/api/v1/keys');
  await remove('/api/v1/keys', key);
  const invite = await post('/api/v1/invites', { name: 'Anna', roles: ['client'], uses: 2 });
  await get('/api/v1/invites');
  const { key: inviteKey } = invite.json() as { readonly key: string };
  const member = await post('/api/v1/members', { name: 'anna-laptop' }, inviteKey);
  await get('/api/v1/members');
  await remove('/api/v1/members', member);
  await remove('/api/v1/invites', invite);
  await get('/api/v1/session');
  const code = await post('/api/v1/session/codes', {});
  await post('/api/v1/session', { code: (code.json() as { readonly code: string }).code });
  await get('/api/v1/audit?limit=2', '/api/v1/audit');
  await get('/api/v1/pool?limit=10', '/api/v1/pool');
}

function parsed(answer: HttpAnswer): unknown {
  try {
    return answer.json();
  } catch {
    return answer.text;
  }
}

/** Random ids are numbered in the order of their first appearance, secrets end after their prefix; port and name are the usual ones. */
function withFixedIds(text: string, port: number): string {
  const ids = new Map<string, string>();
  return (
    text
      .replace(/\b(m[a-z])_[\w-]{20,}/g, '$1_...')
      .replaceAll(`"port":${String(port)}`, '"port":7080')
      // A pool has the name of its computer.
      .replaceAll(`"pool_name":${JSON.stringify(hostname())}`, '"pool_name":"atelier-host"')
      .replaceAll(`"answer":{"name":${JSON.stringify(hostname())}`, '"answer":{"name":"atelier-host"')
      .replace(/(?<=\b[a-z]+-)[0-9a-f]{12,}\b|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => {
        const fixed = ids.get(id) ?? `${'0'.repeat(11)}${String(ids.size + 1)}`.slice(-12);
        ids.set(id, fixed);
        return fixed;
      })
  );
}
