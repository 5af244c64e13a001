// The load of owners and its limits over real sockets: the cases that made ordinary machines useless, with their new outcome
// (docs/dispatch.md, The owner's load).
import path from 'node:path';
import OpenAI, { APIError } from 'openai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sendRequest } from '../support/http-api';
import { accept, beat, jobOf, nodeOf, submitted, succeed } from '../support/job-pool';
import { LoadPool, using } from '../support/load-pool';
import { CHAT } from '../support/openai-bench';
import { heartbeat } from '../support/test-node';
import { temporaryDir } from '../support/test-scheduler';
import { until } from '../support/until';
import { WAIT_LIMIT_MS } from '../support/within';

const pool = new LoadPool();

beforeEach(() => pool.start());
afterEach(() => pool.stop());

/** The default settings of OpenAI's client, its repetitions included. */
const client = (): OpenAI => new OpenAI({ baseURL: `${pool.scheduler.url}/v1`, apiKey: 'any', timeout: WAIT_LIMIT_MS });

async function refusalOf(request: Promise<unknown>): Promise<APIError> {
  const error = await request.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof APIError)) throw new Error('the request was not refused');
  return error;
}

const jobCount = async (): Promise<number> =>
  ((await sendRequest(pool.scheduler.port, { path: '/api/v1/jobs' })).json() as { readonly jobs: readonly unknown[] }).jobs.length;
const aJobWaits = (): Promise<unknown> =>
  until('a job waits', async () => {
    const { jobs } = (await sendRequest(pool.scheduler.port, { path: '/api/v1/jobs?status=queued' })).json() as {
      readonly jobs: readonly unknown[];
    };
    return jobs.length > 0;
  });

describe('ordinary machines', () => {
  it('memory 49 %, GPU 4 %, no job -> the request is answered', async () => {
    await pool.joinOther();
    const node = await pool.join('desk', { mem_percent: 49 });
    const request = client().chat.completions.create(CHAT);
    const assignment = await node.until('job_assign');
    succeed(node, assignment, { status: 200, body: { choices: [{ index: 0, message: { role: 'assistant', content: 'hi' } }] } });
    expect((await request).choices[0]?.message.content).toBe('hi');
  });

  it('one job takes the GPU to 78 % -> the node is not busy and takes more jobs, up to its slots', async () => {
    await pool.joinOther();
    const node = await pool.join('desk', { gpu_percent: 4 });
    for (let running = 1; running <= 4; running++) {
      await submitted(pool.scheduler.port);
      accept(node, await node.until('job_assign'));
      await beat(node, 1, using({ gpu_percent: 78, cpu_percent: 66, running_jobs: running }));
      expect(await pool.stateOf('desk')).toBe(running < 4 ? 'available' : 'full');
    }
  });

  it('node that measures: the pool uses the whole machine -> available; its owner uses the GPU -> busy, with the numbers', async () => {
    await pool.joinOther();
    const node = await pool.join('desk', {
      cpu_percent: 97,
      gpu_percent: 100,
      running_jobs: 1,
      owner_cpu_percent: 8,
      owner_gpu_percent: 2,
    });
    expect(await pool.stateOf('desk')).toBe('available');
    await beat(node, 1, using({ cpu_percent: 97, gpu_percent: 100, running_jobs: 1, owner_cpu_percent: 8, owner_gpu_percent: 71 }));
    expect(await pool.availabilityOf('desk')).toMatchObject({
      state: 'busy',
      reasons: [
        {
          code: 'resource_threshold_exceeded',
          wanted: { gpu_percent_below: 25, set_by: { gpu: 'default' } },
          found: { gpu_percent: 71 },
        },
      ],
    });
  });

  it('fifty nodes with an ordinary spread of load -> as many are available as explain says, and memory excludes none', async () => {
    const spread = (i: number, from: number, to: number, step: number): number => from + ((i * step) % (to - from + 1));
    const joined = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        pool.join(`node-${String(i)}`, {
          cpu_percent: spread(i, 5, 64, 7),
          mem_percent: spread(i, 10, 79, 11),
          gpu_percent: 90,
          owner_cpu_percent: spread(i, 5, 64, 7),
          owner_gpu_percent: spread(i, 0, 99, 13),
        }),
      ),
    );
    const states = await Promise.all(joined.map(({ nodeId }) => pool.stateOf(nodeId)));
    const available = states.filter((state) => state === 'available').length;
    expect(states.filter((state) => state === 'busy')).toHaveLength(50 - available);
    const explained = (
      await sendRequest(pool.scheduler.port, { path: '/api/v1/dispatch/explain', method: 'POST', body: { required_models: ['llm-a'] } })
    ).json() as {
      readonly reasons: Record<string, { readonly count: number }>;
      readonly nodes: readonly { readonly excluded: readonly { readonly found: Record<string, number> }[] }[];
    };
    expect(explained.reasons['resource_threshold_exceeded']?.count).toBe(50 - available);
    expect(explained.nodes.flatMap(({ excluded }) => excluded.flatMap(({ found }) => Object.keys(found)))).not.toContain('mem_percent');
    // One of these nodes had work under the old rule.
    expect(available).toBeGreaterThanOrEqual(10);
  });
});

describe('default limits', () => {
  it.each([
    ['cpu_percent', 25],
    ['gpu_percent', 25],
    ['mem_percent', 90],
  ])('%s at its limit -> the job waits; below it -> assigned', async (use, limit) => {
    await pool.joinOther();
    const node = await pool.join('desk', { [use]: limit });
    const jobId = await submitted(pool.scheduler.port);
    const reasons = { resource_threshold_exceeded: { count: 1, examples: ['desk'] } };
    expect(await jobOf(pool.scheduler.port, jobId)).toMatchObject({ status: 'queued', waiting: { reasons } });
    node.send(heartbeat('desk', using({ [use]: limit - 0.5 })));
    expect(await node.until('job_assign')).toMatchObject({ job_id: jobId });
  });
});

describe('refusal for load', () => {
  it('owner uses the only capable node -> 429 pool_busy after 8 s, with the numbers and the setting, once', async () => {
    await pool.joinOther();
    await pool.join('desk', { cpu_percent: 71 });
    const request = refusalOf(client().chat.completions.create(CHAT));
    await aJobWaits();
    pool.scheduler.clock.advance(7900);
    expect(await jobCount()).toBe(1);
    pool.scheduler.clock.advance(200);
    const { status, code, message, headers, error } = await request;
    expect({ status, code }).toEqual({ status: 429, code: 'pool_busy' });
    expect(headers?.get('x-should-retry')).toBe('false');
    expect(message).toContain('desk: its owner uses 71 % of the CPU, limit 25 % (default; its owner can set agent.limits.cpu_percent');
    expect(error).toMatchObject({
      muster: {
        reasons: { resource_threshold_exceeded: { count: 1 } },
        nodes: [{ node_id: 'desk', over: [{ use: 'cpu', percent: 71, limit_percent: 25, set_by: 'default' }] }],
      },
    });
    // The library would have sent two more.
    expect(await jobCount()).toBe(1);
  });

  it('too little memory available -> 429 pool_busy with the setting and who can change it', async () => {
    await pool.joinOther();
    await pool.join('desk', { mem_percent: 89 }, { hardware: { cpu_cores: 8, memory_gb: 10, gpus: [{ name: 'GPU', memory_gb: 24 }] } });
    const request = refusalOf(client().chat.completions.create(CHAT));
    await aJobWaits();
    pool.scheduler.clock.advance(8000);
    const { code, message, error } = await request;
    expect(code).toBe('pool_busy');
    expect(message).toContain(
      'desk: 1.1 GB of memory available, 2 GB needed (default; its owner can set agent.limits.mem_percent, an operator scheduler.load_balancer.memory_threshold)',
    );
    const settings = ['agent.limits.mem_percent', 'scheduler.load_balancer.memory_threshold'];
    expect(error).toMatchObject({ muster: { nodes: [{ over: [{ use: 'available_memory', set_by: 'default', settings }] }] } });
  });

  it('one capable node is full, one is busy -> waits for the queue timeout, then 429 pool_full, once', async () => {
    const busy = await pool.join('busy', { cpu_percent: 71 });
    const full = await pool.join('full', {}, { max_concurrent_jobs: 1 });
    await submitted(pool.scheduler.port);
    const request = refusalOf(client().chat.completions.create(CHAT));
    await aJobWaits();
    for (let seconds = 0; seconds < 55; seconds += 5) {
      pool.scheduler.clock.advance(5000);
      await beat(busy, 1, using({ cpu_percent: 71 }));
      await beat(full, 1, using({ running_jobs: 1 }));
    }
    expect(await jobCount()).toBe(2);
    pool.scheduler.clock.advance(5000);
    const { status, code, headers } = await request;
    expect({ status, code, retry: headers?.get('x-should-retry') }).toEqual({ status: 429, code: 'pool_full', retry: 'false' });
    expect(await jobCount()).toBe(2);
  });

  it('the full node becomes busy while the request waits -> 429 pool_busy then', async () => {
    const node = await pool.join('desk', {}, { max_concurrent_jobs: 1 });
    await pool.joinOther();
    await submitted(pool.scheduler.port);
    const assignment = await node.until('job_assign');
    const request = refusalOf(client().chat.completions.create(CHAT));
    await aJobWaits();
    for (let second = 0; second < 20; second++) pool.scheduler.clock.advance(1000);
    await beat(node, 1, using({ owner_cpu_percent: 90, owner_gpu_percent: 0, running_jobs: 1 }));
    succeed(node, assignment);
    await node.settled();
    await beat(node, 1, using({ owner_cpu_percent: 90, owner_gpu_percent: 0 }));
    pool.scheduler.clock.advance(1000);
    expect(await request).toMatchObject({ status: 429, code: 'pool_busy' });
  });
});

describe('error that another node must confirm', () => {
  it.each([
    ['its owner uses the other node', false],
    ['the owners use both nodes meanwhile', true],
  ])('%s -> after the busy timeout the client gets the first error', async (_title, isFirstBusy) => {
    const first = await pool.join('first');
    await pool.join('second', { cpu_percent: 71 });
    const request = refusalOf(client().chat.completions.create(CHAT));
    const { job_id, attempt, trace_id } = await first.until('job_assign');
    const error = { code: 'nope', message: 'cannot do it' };
    first.send({
      type: 'job_result',
      job_id,
      attempt,
      node_id: 'first',
      success: false,
      error,
      processing_time_ms: 1,
      trace_id,
    });
    await aJobWaits();
    pool.scheduler.clock.advance(5000);
    await beat(first, 1, using({ cpu_percent: isFirstBusy ? 71 : 5 }));
    expect(await jobOf(pool.scheduler.port, job_id)).toMatchObject({ status: 'queued' });
    pool.scheduler.clock.advance(3000);
    const { status, code, message } = await request;
    expect({ status, code }).toEqual({ status: 502, code: 'job_failed' });
    expect(message).toContain('cannot do it');
    expect(await jobOf(pool.scheduler.port, job_id)).toMatchObject({ status: 'failed', error: { code: 'nope' } });
  });
});

describe('limits', () => {
  const used = { cpu_percent: 99, mem_percent: 97, gpu_percent: 99 };

  it('loopback and one node -> no limit; a second node -> the default; it leaves -> none again', async () => {
    const node = await pool.join('desk', used);
    expect(await pool.stateOf('desk')).toBe('available');
    expect(node.received.findLast((message) => message.type === 'node_register_ack')?.limits).toEqual({
      cpu_percent: null,
      gpu_percent: null,
      mem_percent: null,
      set_by: { cpu: 'own_pool', gpu: 'own_pool', mem: 'own_pool' },
    });
    const other = await pool.joinOther();
    const ack = other.received.findLast((message) => message.type === 'node_register_ack');
    expect(ack?.limits).toMatchObject({ cpu_percent: 60, gpu_percent: 25, mem_percent: 90, set_by: { cpu: 'default' } });
    expect(await pool.stateOf('desk')).toBe('busy');
    await until('the node to get its new limits', () => Promise.resolve(node.status?.limits?.cpu_percent === 25));
    const jobId = await submitted(pool.scheduler.port);
    expect(await jobOf(pool.scheduler.port, jobId)).toMatchObject({ status: 'queued' });
    other.send({ type: 'node_unregister', node_id: 'other' });
    expect(await node.until('job_assign')).toMatchObject({ job_id: jobId });
  });

  it('owner sets none -> available at any load, against the setting of the host', async () => {
    const limits = { cpuThreshold: 25, gpuThreshold: 25, memoryThreshold: 25 };
    const loadBalancer = { strategy: 'predicted', holdJobs: true, ...limits } as const;
    await pool.start({ scheduler: { loadBalancer } });
    const always = { cpu_percent: null, gpu_percent: null, mem_percent: null };
    await pool.join('always', used, { limits: always });
    await pool.join('seed', { mem_percent: 30 });
    expect(await pool.stateOf('always')).toBe('available');
    expect(await pool.availabilityOf('seed')).toMatchObject({ state: 'busy', reasons: [{ found: { mem_percent: 30 } }] });
    expect((await nodeOf(pool.scheduler.port, 'always')).limits).toEqual({
      ...always,
      set_by: { cpu: 'owner', gpu: 'owner', mem: 'owner' },
    });
  });

  it('owner changes the limits in a heartbeat -> they hold at once, and survive a restart', async () => {
    const folder = temporaryDir();
    const databaseFile = path.join(folder.dir, 'scheduler.db');
    await pool.start({ databaseFile });
    await pool.joinOther();
    const node = await pool.join('desk', { cpu_percent: 71 });
    expect(await pool.stateOf('desk')).toBe('busy');
    await beat(node, 1, { ...using({ cpu_percent: 71 }), limits: { cpu_percent: 80 } });
    expect(await pool.stateOf('desk')).toBe('available');
    await pool.start({ databaseFile });
    expect((await nodeOf(pool.scheduler.port, 'desk')).limits).toMatchObject({ cpu_percent: 80, set_by: { cpu: 'owner' } });
    folder.remove();
  });

  it.each([
    ['resource_usage.owner_cpu_percent', (nodeId: string) => heartbeat(nodeId, using({ owner_cpu_percent: 101 }))],
    ['resource_usage.owner_gpu_percent', (nodeId: string) => heartbeat(nodeId, using({ owner_gpu_percent: -1 }))],
    ['limits.gpu_percent', (nodeId: string) => heartbeat(nodeId, { limits: { gpu_percent: 1000 } })],
  ])('%s out of range -> refused with its name, nothing changes', async (field, messageOf) => {
    const node = await pool.join('desk');
    const before = await nodeOf(pool.scheduler.port, 'desk');
    node.send(messageOf('desk'));
    expect(await node.until('node_error')).toMatchObject({ code: 'INVALID_MESSAGE', details: { field } });
    expect(await nodeOf(pool.scheduler.port, 'desk')).toEqual(before);
  });
});
