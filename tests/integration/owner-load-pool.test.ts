// The measured cases that made ordinary machines useless (docs/adr/0016), with their new outcome: a real agent and a real scheduler over
// real sockets. Only the hardware and the model server are fakes. The same cases with nodes that report totals: owner-load.test.ts.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Agent } from '../../src/main/agent/agent';
import type { PoolUse } from '../../src/main/hardware/parse/pool-sample';
import { known, NOTHING_REPORTED } from '../../src/main/hardware/parse/reading';
import type { LoadReport } from '../../src/main/hardware/parse/types';
import type { RunOutcome } from '../../src/main/runtimes/runtime';
import type { Task } from '../../src/shared/protocol/tasks';
import { linkIs, useAgentBench } from '../support/agent-bench';
import { FakeHardware, gpu } from '../support/fake-hardware';
import { FakeRuntime } from '../support/fake-runtime';
import { sendRequest } from '../support/http-api';
import { chatOutput, jobOf, nodeOf, submitted } from '../support/job-pool';
import { LoadPool } from '../support/load-pool';
import { CHAT } from '../support/openai-bench';
import { heartbeat, type TestNode } from '../support/test-node';
import { until } from '../support/until';

const SLOTS = 4;
const POOL_GPU_PERCENT = 74;
const POOL_CPU_PERCENT = 60;

/** A model server whose runs end one by one, the oldest first. */
class SlowServer extends FakeRuntime {
  override place = { port: 11_434, processNames: ['ollama'] };
  override models = { 'llm-a': 'ready' } as const;
  readonly #ends: (() => void)[] = [];

  override async run(task: Task): Promise<RunOutcome> {
    this.runs.push(task);
    await new Promise<void>((resolve) => this.#ends.push(resolve));
    return { success: true, output: chatOutput('hi') };
  }

  get running(): number {
    return this.#ends.length;
  }

  endFirst(): void {
    this.#ends.shift()?.();
  }

  endAll(): void {
    while (this.running > 0) this.endFirst();
  }
}

/** A computer whose model server uses the GPU while it runs. The use counts as the owner's, unless the agent declares the server. */
class Desk extends FakeHardware {
  ownerGpuPercent = 4;
  readonly #server: SlowServer;

  constructor(server: SlowServer) {
    super();
    this.#server = server;
  }

  override load(use?: PoolUse): Promise<LoadReport> {
    const works = this.#server.running > 0;
    const isDeclared = use?.servers.some(({ id, usedAtMonotonicMs }) => id === this.#server.id && usedAtMonotonicMs !== null) ?? false;
    const ofServer = (percent: number): number => (works ? percent : 0);
    const asOwner = (percent: number): number => (isDeclared ? 0 : ofServer(percent));
    this.cpuPercent = 6 + ofServer(POOL_CPU_PERCENT);
    this.owner = { cpuPercent: 6 + asOwner(POOL_CPU_PERCENT), gpuPercent: this.ownerGpuPercent + asOwner(POOL_GPU_PERCENT) };
    const utilizationPercent = known(this.ownerGpuPercent + ofServer(POOL_GPU_PERCENT));
    this.adapters = [gpu({ live: { ...NOTHING_REPORTED, utilizationPercent, memoryUsedGb: known(1), memoryTotalGb: known(24) } })];
    return super.load(use);
  }
}

const bench = useAgentBench();
const pool = new LoadPool();
let server: SlowServer;
let desk: Desk;
let agent: Agent;
let other: TestNode;
let nodeId = '';

beforeEach(async () => {
  await pool.start();
  other = await pool.joinOther();
  server = new SlowServer('ollama');
  desk = new Desk(server);
});
// The runs end before the bench stops the agent, which waits for them.
afterEach(async () => {
  server.endAll();
  await pool.stop();
});

const port = (): number => pool.scheduler.port;

/** The agent, ready. Its owner sets no limit, so the defaults hold. */
async function joined(): Promise<void> {
  agent = await bench().open({ hardware: desk, runtimes: [server], maxConcurrentJobs: SLOTS });
  agent.connectTo({ url: pool.scheduler.url.replace(/^http/, 'ws'), joinToken: null });
  await agent.start();
  await linkIs(agent, 'connected');
  nodeId = agent.view().node_id ?? '';
  await until('the node to be ready', () => {
    bench().clock.advance(500);
    return agent.view().node_status?.message.status === 'ready';
  });
}

/** Time passes for both programs. Their messages are handled between the steps. */
async function pass(ms: number): Promise<void> {
  for (let passedMs = 0; passedMs < ms; passedMs += 500) {
    bench().clock.advance(500);
    pool.scheduler.clock.advance(500);
    other.send(heartbeat('other'));
    await nodeOf(port(), nodeId);
  }
}

/** The node's last heartbeat has these figures. */
const reported = (usage: Readonly<Record<string, number>>) =>
  until(`a heartbeat with ${JSON.stringify(usage)}`, async () => {
    const { resource_usage: last } = await nodeOf(port(), nodeId);
    return Object.entries(usage).every(([name, percent]) => last?.[name as keyof typeof last] === percent);
  });

/** No clock moves: the job runs without another heartbeat. */
async function runsAtOnce(jobId: string): Promise<void> {
  const job = await until(`${jobId} to run`, async () => {
    const view = await jobOf(port(), jobId);
    return view.status === 'running' ? view : null;
  });
  expect(job.attempts.map(({ node_id, assigned_at }) => ({ node_id, waitedMs: assigned_at - job.created_at }))).toEqual([
    { node_id: nodeId, waitedMs: 0 },
  ]);
}

test('agent: memory 49 %, GPU 4 %, no job -> the chat is answered', async () => {
  desk.memPercent = 49;
  await joined();
  expect(await pool.stateOf(nodeId)).toBe('available');
  await reported({ mem_percent: 49, gpu_percent: 4, owner_gpu_percent: 4 });
  const answer = sendRequest(port(), { path: '/v1/chat/completions', method: 'POST', body: CHAT });
  await until('the model server to run', () => server.running === 1);
  server.endFirst();
  expect((await answer).status).toBe(200);
});

test('agent: one pool job takes the GPU to 78 % -> the next jobs run at once, up to the slots', async () => {
  await joined();
  for (let running = 1; running <= SLOTS; running++) {
    await runsAtOnce(await submitted(port()));
    await pass(17_500);
    await reported({ gpu_percent: 78, cpu_percent: 66, owner_gpu_percent: 4, owner_cpu_percent: 6, running_jobs: running });
    expect(await pool.stateOf(nodeId)).toBe(running < SLOTS ? 'available' : 'full');
  }
});

test('agent: its owner uses the GPU while a pool job runs -> busy at once, the next job waits until the owner stops', async () => {
  await joined();
  await runsAtOnce(await submitted(port()));
  desk.ownerGpuPercent = 26;
  await pass(2500);
  await reported({ gpu_percent: 100, owner_gpu_percent: 26 });
  expect(await pool.availabilityOf(nodeId)).toMatchObject({ state: 'busy', reasons: [{ found: { gpu_percent: 26 } }] });
  const jobId = await submitted(port());
  expect(await jobOf(port(), jobId)).toMatchObject({
    status: 'queued',
    waiting: { reasons: { resource_threshold_exceeded: { count: 1 } } },
  });
  desk.ownerGpuPercent = 4;
  await pass(2500);
  await until('the job to run', async () => (await jobOf(port(), jobId)).status === 'running');
});

test('agent: burst of 16 jobs -> every slot is used all the time, and no job waits for load', async () => {
  await joined();
  const jobs = await Promise.all(Array.from({ length: 16 }, () => submitted(port())));
  for (let done = 0; done < jobs.length; done++) {
    const expected = Math.min(SLOTS, jobs.length - done);
    await until(`${String(expected)} runs after ${String(done)}`, () => server.running === expected);
    await pass(1000);
    expect(['available', 'full']).toContain(await pool.stateOf(nodeId));
    server.endFirst();
  }
  await until('the last job', async () =>
    (await Promise.all(jobs.map((id) => jobOf(port(), id)))).every((job) => job.status === 'succeeded'),
  );
  expect(pool.scheduler.log.of('node_availability_changed').filter(({ to }) => to === 'busy')).toEqual([]);
});

test('agent: one job of 8 s every 3 s, twelve jobs -> none waits', async () => {
  await joined();
  for (let second = 0; second < 3 * 12; second++) {
    if (second >= 8 && (second - 8) % 3 === 0) server.endFirst();
    if (second % 3 === 0) {
      await until('at most two jobs to run', async () => (await nodeOf(port(), nodeId)).in_flight_jobs <= 2);
      await runsAtOnce(await submitted(port()));
    }
    await pass(1000);
  }
  expect(server.runs).toHaveLength(12);
  await reported({ gpu_percent: 78, owner_gpu_percent: 4 });
});
