// The measured cases of owner-load-pool.test.ts with third-party nodes: raw nodes that report totals only (docs/dispatch.md, The owner's
// load). Each is a computer whose jobs take its GPU from 4 % to 78 %.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sendRequest } from '../support/http-api';
import { accept, beat, jobOf, submitted, succeed } from '../support/job-pool';
import { LoadPool, using } from '../support/load-pool';
import type { TestNode } from '../support/test-node';
import { until } from '../support/until';

const SLOTS = 4;
const IDLE = { cpu_percent: 6, gpu_percent: 4 };
const WORKS = { cpu_percent: 66, gpu_percent: 78 };

const pool = new LoadPool();
let desk: TestNode;
let other: TestNode;
let accepted = 0;
const running: Parameters<typeof succeed>[1][] = [];

beforeEach(async () => {
  running.length = 0;
  accepted = 0;
  await pool.start();
  other = await pool.joinOther();
  desk = await pool.join('desk', IDLE, { max_concurrent_jobs: SLOTS });
});
afterEach(() => pool.stop());

const beatAsUsed = () => beat(desk, 1, using({ ...(running.length > 0 ? WORKS : IDLE), running_jobs: running.length }));

/** Both nodes send a heartbeat each 15 s, as a node does that knows no better time. */
async function pass(seconds: number, fromSecond = 0): Promise<void> {
  for (let second = fromSecond + 1; second <= fromSecond + seconds; second++) {
    pool.scheduler.clock.advance(1000);
    if (second % 15 !== 0) continue;
    await beatAsUsed();
    await beat(other);
  }
}

/** The next job is assigned, and accepted. `settled` takes messages, so assignments are counted here. */
async function takes(): Promise<string> {
  const assignment = await until('an assignment', () => desk.received.filter((message) => message.type === 'job_assign')[accepted]);
  accepted++;
  accept(desk, assignment);
  running.push(assignment);
  await desk.settled();
  return assignment.job_id;
}

async function endFirst(): Promise<void> {
  const ended = running.shift();
  if (ended === undefined) throw new Error('no job runs');
  succeed(desk, ended);
  await desk.settled();
}

it('totals: one job takes the GPU to 78 % -> the next jobs run at once, up to the slots', async () => {
  for (let slot = 1; slot <= SLOTS; slot++) {
    const jobId = await submitted(pool.scheduler.port);
    expect(await takes()).toBe(jobId);
    await pass(15);
    expect(await pool.stateOf('desk')).toBe(slot < SLOTS ? 'available' : 'full');
  }
});

it('totals: burst of 16 jobs -> every slot is used all the time, and no job waits for load', async () => {
  for (let sent = 0; sent < 16; sent++) await submitted(pool.scheduler.port);
  for (let slot = 0; slot < SLOTS; slot++) await takes();
  for (let done = 1; done <= 16; done++) {
    await pass(15);
    await endFirst();
    if (done <= 16 - SLOTS) await takes();
  }
  expect(pool.scheduler.log.of('node_availability_changed').filter(({ to }) => to === 'busy')).toEqual([]);
});

it('totals: one job of 8 s every 3 s, twelve jobs -> none waits', async () => {
  for (let second = 0; second < 3 * 12; second++) {
    if (second >= 8 && (second - 8) % 3 === 0) await endFirst();
    if (second % 3 === 0) {
      const jobId = await submitted(pool.scheduler.port);
      expect(await takes()).toBe(jobId);
      const job = await jobOf(pool.scheduler.port, jobId);
      expect(job.attempts.map(({ assigned_at }) => assigned_at - job.created_at)).toEqual([0]);
    }
    await pass(1, second);
  }
});

it('totals: fifty nodes with an ordinary spread of load -> those below 25 % CPU and GPU are available; memory excludes none', async () => {
  const loads = Array.from({ length: 50 }, (_, i) => ({
    cpu_percent: 5 + ((i * 7) % 60),
    mem_percent: 10 + ((i * 11) % 70),
    gpu_percent: (i * 13) % 100,
  }));
  const nodes = await Promise.all(loads.map((usage, i) => pool.join(`node-${String(i)}`, usage)));
  const isIdle = ({ cpu_percent, gpu_percent }: (typeof loads)[number]): boolean => cpu_percent < 25 && gpu_percent < 25;
  const states = async () => Promise.all(nodes.map(({ nodeId }) => pool.stateOf(nodeId)));
  expect(await states()).toEqual(loads.map((usage) => (isIdle(usage) ? 'available' : 'busy')));
  const explained = (
    await sendRequest(pool.scheduler.port, { path: '/api/v1/dispatch/explain', method: 'POST', body: { required_models: ['llm-a'] } })
  ).json() as {
    readonly reasons: Record<string, { readonly count: number }>;
    readonly nodes: readonly { readonly excluded: readonly { readonly found: Record<string, number> }[] }[];
  };
  expect(explained.reasons['resource_threshold_exceeded']?.count).toBe(loads.filter((usage) => !isIdle(usage)).length);
  expect(explained.nodes.flatMap(({ excluded }) => excluded.flatMap(({ found }) => Object.keys(found)))).not.toContain('mem_percent');
  // One of these nodes had work under the old rule, and none kept it while it worked.
  const available = loads.flatMap((usage, i) => (isIdle(usage) ? [nodes[i] as (typeof nodes)[number]] : []));
  expect(available.length).toBeGreaterThan(2);
  for (const node of available) await beat(node, 1, using({ ...WORKS, running_jobs: 1 }));
  expect(await Promise.all(available.map(({ nodeId }) => pool.stateOf(nodeId)))).toEqual(available.map(() => 'available'));
});
