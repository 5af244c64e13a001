// The pool for a member with the role `node`: what it sees of the pool, and of the jobs that it ran.
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { z } from 'zod';
import { nodeJobsSchema, poolViewSchema } from '../../src/shared/api/pool-view';
import { sendRequest } from '../support/http-api';
import { accept, beat, submitted, succeed } from '../support/job-pool';
import { heartbeat, registration, TestNode } from '../support/test-node';
import { startTestScheduler, type TestScheduler } from '../support/test-scheduler';

let scheduler: TestScheduler;
beforeEach(async () => {
  scheduler = await startTestScheduler();
});
afterEach(() => scheduler.stop());

/** A ready node that joined by invitation. */
async function member(name: string): Promise<{ readonly node: TestNode; readonly headers: Readonly<Record<string, string>> }> {
  const invite = await sendRequest(scheduler.port, { method: 'POST', path: '/api/v1/invites', body: {} });
  const node = await TestNode.connect(scheduler.url, { authorization: `Bearer ${(invite.json() as { key: string }).key}` });
  node.send(registration({ name }));
  const ack = await node.next('node_register_ack');
  for (let i = 0; i < 3; i++) node.send(heartbeat(node.nodeId));
  await node.until('node_status', ({ status }) => status === 'ready');
  return { node, headers: { authorization: `Bearer ${ack.member_credential ?? ''}` } };
}

async function ask<Schema extends z.ZodType>(path: string, schema: Schema, headers: Readonly<Record<string, string | null>>) {
  const answer = await sendRequest(scheduler.port, { path, headers });
  return { text: answer.text, value: schema.parse(answer.json()) };
}

it('node: name, counts, names and availability; no numbers of the load', async () => {
  const [tower, laptop] = [await member('tower'), await member('laptop')];
  await beat(laptop.node, 1, { resource_usage: { cpu_percent: 97, mem_percent: 10, gpu_percent: 96, running_jobs: 0 } });
  const { text, value } = await ask('/api/v1/pool', poolViewSchema, tower.headers);
  expect(value).toMatchObject({ counts: { nodes: 2, ready: 2 }, open_jobs: { queued: 0 }, next_cursor: null });
  expect(value.name.length).toBeGreaterThan(0);
  expect(value.nodes.toSorted((one, other) => one.name.localeCompare(other.name))).toMatchObject([
    { name: 'laptop', own: false },
    { name: 'tower', availability: 'available', own: true },
  ]);
  expect(text).not.toMatch(/9[67]|hardware|gpu_|address/);
  const first = await ask('/api/v1/pool?limit=1', poolViewSchema, tower.headers);
  const second = await ask(`/api/v1/pool?limit=1&cursor=${first.value.next_cursor ?? ''}`, poolViewSchema, tower.headers);
  expect([first.value.nodes.length, second.value.nodes.length, second.value.next_cursor]).toEqual([1, 1, null]);
});

it('node: the jobs that it ran, without contents; none of other nodes', async () => {
  const tower = await member('tower');
  const jobs: string[] = [];
  for (const text of ['the first prompt', 'the second prompt']) {
    jobs.unshift(
      await submitted(scheduler.port, {
        task: { kind: 'openai', path: '/v1/chat/completions', body: { model: 'llm-a', messages: [{ role: 'user', content: text }] } },
      }),
    );
    const assigned = await tower.node.until('job_assign');
    accept(tower.node, assigned);
    succeed(tower.node, assigned);
    await tower.node.until('job_result_ack');
  }
  const laptop = await member('laptop');
  const { text, value } = await ask('/api/v1/pool/jobs', nodeJobsSchema, tower.headers);
  expect(value).toMatchObject({
    node_id: tower.node.nodeId,
    jobs: jobs.map((job_id) => ({ job_id, status: 'succeeded' })),
    next_cursor: null,
  });
  expect(text).not.toMatch(/prompt|"hi"|submitter|trace|error/);
  const page = await ask('/api/v1/pool/jobs?limit=1', nodeJobsSchema, tower.headers);
  const rest = await ask(`/api/v1/pool/jobs?limit=1&cursor=${page.value.next_cursor ?? ''}`, nodeJobsSchema, tower.headers);
  expect([page, rest].flatMap((each) => each.value.jobs.map(({ job_id }) => job_id))).toEqual(jobs);
  expect((await ask('/api/v1/pool/jobs', nodeJobsSchema, laptop.headers)).value).toEqual({
    node_id: laptop.node.nodeId,
    jobs: [],
    next_cursor: null,
  });
});

it('caller without a node -> no jobs', async () => {
  for (const headers of [{}, { authorization: null }])
    expect((await ask('/api/v1/pool/jobs', nodeJobsSchema, headers)).value).toEqual({ node_id: null, jobs: [], next_cursor: null });
});
