// The real scheduler is killed with SIGKILL at each step of a job and restarted with the same data. Every accepted job
// is there, nothing runs twice, and the job ends once.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobView } from '../../src/shared/api/job';
import type { JobAssign } from '../../src/shared/protocol/scheduler-messages';
import { sendRequest } from '../support/http-api';
import { accept, chatOutput, jobOf, readyNode, submit, succeed } from '../support/job-pool';
import { MusterLab, type MusterProcess } from '../support/muster-process';
import { TestNode } from '../support/test-node';
import { until } from '../support/until';

const CONFIG = '[server]\nport = 0\n[scheduler.node_health]\nheartbeat_interval_seconds = 1\nheartbeat_timeout_seconds = 3\n';
const KEY = { 'idempotency-key': 'only-once' };

let lab: MusterLab;
let folder: string;
let scheduler: MusterProcess;
let url: string;

beforeEach(async () => {
  lab = new MusterLab();
  folder = lab.dataDir('scheduler', CONFIG);
  await start();
});
afterEach(async () => {
  await lab.close();
});

async function start(): Promise<void> {
  scheduler = lab.start(['scheduler', '--data-dir', folder, '--log-format', 'json']);
  url = await scheduler.url();
}

async function killAndStart(): Promise<void> {
  await scheduler.end('SIGKILL');
  await start();
}

const port = (): number => Number(new URL(url).port);

type Node = Awaited<ReturnType<typeof readyNode>>;

const assignmentsOf = (node: TestNode): readonly JobAssign[] =>
  node.received.filter((message): message is JobAssign => message.type === 'job_assign');

/** The acts of a node until the scheduler is killed. Returns the state of the job on the node at that moment. */
const STEPS: readonly (readonly [name: string, act: (node: Node) => Promise<{ readonly running: boolean; readonly finished: boolean }>])[] =
  [
    ['job answered 202, assignment perhaps sent', () => Promise.resolve({ running: false, finished: false })],
    [
      'assignment received',
      async (node) => {
        await node.until('job_assign');
        return { running: true, finished: false };
      },
    ],
    [
      'job accepted by the node',
      async (node) => {
        accept(node, await node.until('job_assign'));
        await node.settled();
        return { running: true, finished: false };
      },
    ],
    [
      'chunks received',
      async (node) => {
        const assign = await node.until('job_assign');
        accept(node, assign);
        node.send({ type: 'job_chunk', job_id: assign.job_id, attempt: 1, seq: 0, data: {} });
        await node.settled();
        return { running: true, finished: false };
      },
    ],
    [
      'result sent, perhaps not received',
      async (node) => {
        const assign = await node.until('job_assign');
        accept(node, assign);
        succeed(node, assign, chatOutput('first'));
        return { running: false, finished: true };
      },
    ],
    [
      'result acknowledged',
      async (node) => {
        const assign = await node.until('job_assign');
        accept(node, assign);
        succeed(node, assign, chatOutput('first'));
        await node.until('job_result_ack');
        return { running: false, finished: false };
      },
    ],
  ];

describe('scheduler killed', () => {
  it.each(STEPS)('%s -> job ends once, not run twice', async (_name, act) => {
    const node = await readyNode(url, { node_id: 'mine' });
    const answer = await submit(port(), {}, KEY);
    expect(answer.status).toBe(202);
    const { job_id: jobId } = answer.json() as { job_id: string };
    const had = await act(node);
    await killAndStart();
    const assigned = assignmentsOf(node)[0] ?? { job_id: jobId, attempt: 1, trace_id: 't' };
    const active = had.running || had.finished ? [{ job_id: jobId, attempt: 1 }] : [];
    const back = await readyNode(url, { node_id: 'mine', node_token: node.ack.node_token, active_jobs: active });
    if (had.running || had.finished) succeed(back, assigned, chatOutput('first'));
    const ended = await until('the job ends', async (): Promise<JobView | null> => {
      const again = assignmentsOf(back)[0];
      if (again !== undefined) succeed(back, again, chatOutput('second'));
      const job = await jobOf(port(), jobId);
      return job.finished_at === null ? null : job;
    });
    expect(ended).toMatchObject({
      status: 'succeeded',
      result: { attempt: ended.attempt, output: chatOutput(ended.attempt === 1 ? 'first' : 'second') },
    });
    // A job that the node still had, or whose result was recorded, does not run again.
    if (active.length > 0) expect(ended.attempt).toBe(1);
    expect((await submit(port(), {}, KEY)).json()).toMatchObject({ job_id: jobId, status: 'succeeded' });
  });

  it('burst of submissions -> every answered job on the disk', async () => {
    const accepted: string[] = [];
    for (const delayMs of [1, 4, 9]) {
      const submissions = Array.from({ length: 60 }, async () => {
        const answer = await submit(port()).catch(() => null);
        if (answer?.status === 202) accepted.push((answer.json() as { job_id: string }).job_id);
      });
      await until('the first answers', () => accepted.length >= delayMs);
      await scheduler.end('SIGKILL');
      await Promise.all(submissions);
      await start();
      const statuses = await Promise.all(accepted.map(async (jobId) => (await jobOf(port(), jobId)).status));
      expect(statuses).toEqual(accepted.map(() => 'queued'));
    }
    expect(accepted.length).toBeGreaterThan(0);
  });

  it('drain -> still draining, no jobs for the node', async () => {
    const node = await readyNode(url, { node_id: 'mine' });
    const { job_id: jobId } = (await submit(port())).json() as { job_id: string };
    accept(node, await node.until('job_assign'));
    await sendRequest(port(), { method: 'POST', path: '/api/v1/nodes/mine/drain', body: {} });
    await killAndStart();
    const back = await TestNode.registered(url, {
      node_id: 'mine',
      node_token: node.ack.node_token,
      active_jobs: [{ job_id: jobId, attempt: 1 }],
    });
    await back.until('node_status', (message) => message.status === 'draining');
    await submit(port());
    succeed(back, { job_id: jobId, attempt: 1, trace_id: 't' });
    await back.until('node_status', (message) => message.status === 'offline');
    expect(await jobOf(port(), jobId)).toMatchObject({ status: 'succeeded', attempt: 1 });
    expect(assignmentsOf(back)).toEqual([]);
  });
});

it('node does not come back -> job requeued after the heartbeat timeout', async () => {
  const lost = await readyNode(url, { node_id: 'lost' });
  const { job_id: jobId } = (await submit(port())).json() as { job_id: string };
  accept(lost, await lost.until('job_assign'));
  await lost.settled();
  await killAndStart();
  const other = await readyNode(url, { node_id: 'other' });
  const beating = setInterval(() => {
    other.send({
      type: 'node_heartbeat',
      node_id: 'other',
      timestamp: 1,
      resource_usage: { cpu_percent: 1, mem_percent: 1, running_jobs: 0 },
    });
  }, 500);
  try {
    expect(await other.until('job_assign')).toMatchObject({ job_id: jobId, attempt: 2 });
  } finally {
    clearInterval(beating);
  }
});
