// Totals, history, failures and missing models of a real scheduler: real sockets and databases, a manual clock, restarts.
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { z } from 'zod';
import { missingModelsSchema } from '../../src/shared/api/missing-models';
import { poolFailuresSchema } from '../../src/shared/api/pool-failures';
import { poolHistorySchema, poolTotalsSchema } from '../../src/shared/api/pool-history';
import { sendRequest } from '../support/http-api';
import { accept, beat, chatTask, readyNode, submitted, succeed } from '../support/job-pool';
import { ManualClock } from '../support/manual-clock';
import type { TestNode } from '../support/test-node';
import { startTestScheduler, temporaryDir, type TestScheduler } from '../support/test-scheduler';
import { until } from '../support/until';

let folder: ReturnType<typeof temporaryDir>;
let scheduler: TestScheduler;
const clock = { current: new ManualClock() };

beforeEach(async () => {
  folder = temporaryDir();
  clock.current = new ManualClock();
  scheduler = await startTestScheduler({ databaseFile: path.join(folder.dir, 'scheduler.db'), clock: clock.current });
});
afterEach(async () => {
  await scheduler.stop();
  folder.remove();
});

async function restart(): Promise<void> {
  await scheduler.stop();
  scheduler = await startTestScheduler({ databaseFile: scheduler.databaseFile, clock: clock.current });
}

async function read<Schema extends z.ZodType>(requestPath: string, schema: Schema): Promise<z.output<Schema>> {
  return schema.parse((await sendRequest(scheduler.port, { path: requestPath })).json());
}
const totals = () => read('/api/v1/pool/totals', poolTotalsSchema);
const history = () => read('/api/v1/pool/history?range=1h', poolHistorySchema);
const failures = () => read('/api/v1/pool/failures', poolFailuresSchema);
const missing = () => read('/api/v1/models/missing', missingModelsSchema);

/** Lets the next sample happen. */
async function sample(): Promise<void> {
  const points = (await history()).at.length;
  clock.current.advance(15_000);
  await until('the sample', async () => (await history()).at.length > points);
}

async function run(node: TestNode, how: (assigned: Awaited<ReturnType<typeof assignedTo>>) => void): Promise<string> {
  const jobId = await submitted(scheduler.port, { max_attempts: 1 });
  const assigned = await assignedTo(node);
  accept(node, assigned);
  how(assigned);
  await node.until('job_result_ack');
  return jobId;
}
const assignedTo = (node: TestNode) => node.until('job_assign');

const failWith =
  (node: TestNode, error: { code: string; message: string; details: object }) => (assigned: Awaited<ReturnType<typeof assignedTo>>) => {
    const { job_id, attempt, trace_id } = assigned;
    node.send({ type: 'job_result', job_id, attempt, node_id: node.nodeId, trace_id, success: false, processing_time_ms: 5, error });
  };

it('nodes with load -> totals by availability, GPUs, memory and load of pool and owners', async () => {
  const gpus = [{ index: 0, utilization_percent: 80, memory_used_gb: 10, memory_total_gb: 24, available: true }];
  const [one, other] = [await readyNode(scheduler.url, { name: 'one' }), await readyNode(scheduler.url, { name: 'other' })];
  await beat(one, 1, { gpus, resource_usage: { cpu_percent: 5, mem_percent: 5, gpu_percent: 80, owner_gpu_percent: 20, running_jobs: 0 } });
  await beat(other, 1, {
    gpus,
    resource_usage: { cpu_percent: 5, mem_percent: 5, gpu_percent: 80, owner_gpu_percent: 80, running_jobs: 0 },
  });
  clock.current.advance(3000);
  expect(await totals()).toMatchObject({
    nodes: { available: 1, busy: 1, offline: 0 },
    gpus: { total: 2, offered: 1 },
    vram_gb: { total: 48, pool: 0, owners: 20 },
    gpu_percent: { pool: 30, owners: 50 },
  });
});

it('jobs end -> counted in the sample of their time; the history survives a restart, which is marked', async () => {
  const node = await readyNode(scheduler.url);
  await sample();
  for (let job = 0; job < 3; job++)
    await run(node, (assigned) => {
      succeed(node, assigned);
    });
  await sample();
  expect((await history()).ended_per_minute).toEqual([0, 12]);
  expect((await totals()).last_24h.jobs_ended).toBe(3);
  clock.current.advance(3000);
  await restart(); // keeps the period that had begun
  clock.current.advance(3000);
  const restored = await history();
  expect([restored.ended_per_minute, restored.marks.map(({ kind }) => kind)]).toEqual([[0, 12, 0], ['scheduler_started']]);
  expect((await totals()).last_24h.jobs_ended).toBe(3);
});

it('job failed, job retried elsewhere, job succeeded -> the first two are failures with reason and node, also after a restart', async () => {
  const one = await readyNode(scheduler.url, { name: 'one' });
  const failed = await run(
    one,
    failWith(one, { code: 'out_of_memory', message: 'no memory left', details: { stderr_tail: 'secret prompt' } }),
  );
  await run(one, (assigned) => {
    succeed(one, assigned);
  });
  const retried = await submitted(scheduler.port, { max_attempts: 2 });
  accept(one, await assignedTo(one));
  const other = await readyNode(scheduler.url, { name: 'other' });
  await sendRequest(scheduler.port, { method: 'POST', path: `/api/v1/nodes/${one.nodeId}/quarantine`, body: {} });
  const again = await assignedTo(other);
  accept(other, again);
  succeed(other, again);
  await other.until('job_result_ack');
  const expected = {
    failed: 2,
    jobs: [
      { job_id: retried, status: 'succeeded', node_id: one.nodeId, outcome: 'quarantined', retried_on: other.nodeId, attempts: 2 },
      { job_id: failed, status: 'failed', node_id: one.nodeId, outcome: 'failed', retried_on: null, error: { code: 'out_of_memory' } },
    ],
  };
  expect(await failures()).toMatchObject(expected);
  expect(JSON.stringify(await failures())).not.toContain('secret prompt');
  await restart();
  expect(await failures()).toMatchObject(expected);
  clock.current.advance(25 * 3_600_000);
  expect(await failures()).toMatchObject({ failed: 0, jobs: [] });
});

it('models that no node has -> requests and jobs counted, also after a restart; a node brings one -> left out', async () => {
  await readyNode(scheduler.url);
  const chat = (model: string) =>
    sendRequest(scheduler.port, {
      method: 'POST',
      path: '/v1/chat/completions',
      body: { model, messages: [{ role: 'user', content: 'hi' }] },
    });
  for (let request = 0; request < 3; request++) expect((await chat('qwen3-coder:30b')).status).toBe(404);
  await submitted(scheduler.port, { task: chatTask('hi', 'rare') });
  const counts = async () => (await missing()).models.map(({ model_id, requests, fits_nodes }) => [model_id, requests, fits_nodes]);
  expect(await counts()).toEqual([
    ['qwen3-coder:30b', 3, 1],
    ['rare', 1, null],
  ]);
  await restart();
  await readyNode(scheduler.url, { installed_models: [{ model_id: 'rare', kind: 'llm', version: '1' }] });
  expect(await counts()).toEqual([['qwen3-coder:30b', 3, 1]]);
});

it.each([
  ['/api/v1/pool/history?range=2h', 'range'],
  ['/api/v1/pool/history?range=1h&from=1', ''],
  ['/api/v1/pool/failures?limit=0', 'limit'],
  ['/api/v1/pool/failures?limit=1e9', 'limit'],
])('%s -> 400 that names the parameter', async (requestPath, field) => {
  const answer = await sendRequest(scheduler.port, { path: requestPath });
  expect([answer.status, answer.text]).toEqual([400, expect.stringContaining(field)]);
});
