// Jobs at a restart of the scheduler and in an eviction pause, with whole schedulers in memory.
import { describe, expect, it, vi } from 'vitest';
import { JobRestart, type JobRestartOptions } from '../../../../src/main/scheduler/jobs/job-restart';
import { JobWorld } from '../../../support/job-world';
import { accepted, assigned, HEARTBEAT_TIMEOUT_MS, nodeOf, viewsOf } from '../../../support/job-world-acts';
import { ManualClock } from '../../../support/manual-clock';
import { TurnCounts } from '../../../support/turn-counts';
import { played } from './job-records';

const DAY_MS = 24 * 3_600_000;
const MANY = 1000;
const MOST_IN_ONE_TURN = 100;

describe('scheduler: restart', () => {
  it.each([
    ['written', 100, { status: 'cancelled', error: { message: 'client_gone' }, attempts: [{ outcome: 'cancelled' }] }],
    ['not written yet', 0, null],
  ])('client waited on a connection, job %s -> no job goes on, stopped on the node that names the job', async (_state, afterMs, left) => {
    const { world, node, jobId } = await assigned({ interactive: true });
    expect(node.running.size).toBe(1);
    await world.advance(afterMs);
    await world.crash();
    await world.settle();
    const view = await world.view(jobId);
    if (left === null) expect(view).toBeNull();
    else expect(view).toMatchObject(left);
    await node.connect();
    node.receive();
    expect(node.running.size).toBe(0);
  });

  it('many clients waited on connections -> their jobs end in turns of the event loop', async () => {
    const turns = new TurnCounts();
    const records = Array.from({ length: MANY }, (_, n) => played([], { jobId: `job-${String(n)}`, interactive: n % 2 === 0 }));
    const ended: string[] = [];
    const table = { nodes: () => [], records: () => records, apply: (jobId: string) => (turns.count(), ended.push(jobId)) };
    new JobRestart({ table, clock: new ManualClock() } as unknown as JobRestartOptions).start();
    await vi.waitFor(() => {
      expect(ended).toEqual(records.filter(({ facts }) => facts.interactive).map(({ facts }) => facts.jobId));
    });
    turns.stop();
    expect(turns.most).toBeLessThan(MOST_IN_ONE_TURN);
  });

  it('many clients waited for a slot, and a node connects at once -> it gets none of their jobs, which are cancelled', async () => {
    const world = new JobWorld();
    for (let i = 0; i < 300; i++) await world.submit({ interactive: true });
    await world.advance(100);
    await world.crash();
    const node = nodeOf(world, 'node-a');
    await node.connect();
    node.receive();
    expect(node.running.size).toBe(0);
    await vi.waitFor(async () => {
      await world.settle();
      expect((await viewsOf(world)).map((view) => view?.status)).toEqual(Array(300).fill('cancelled'));
    });
    expect(world.jobs.counts).toEqual({ queued: 0, assigned: 0, running: 0 });
  });

  it('result after the attempt timeout -> accepted', async () => {
    const { world, node, jobId } = await assigned({ maxAttempts: 1, timeoutSeconds: 2 });
    node.deliver();
    await world.settle();
    await world.crash(60_000);
    node.finishOne('success');
    await node.connect();
    node.deliver();
    await world.settle();
    expect(await world.view(jobId)).toMatchObject({ status: 'succeeded', attempts: [{ attempt: 1 }] });
  });

  it('eviction pause -> the nodes have one more heartbeat timeout', async () => {
    const world = new JobWorld();
    for (const node of world.nodes.values()) await node.connect();
    const jobId = await accepted(world, { nodeId: 'node-a', maxAttempts: 1 });
    nodeOf(world, 'node-a').receive();
    await world.advance(HEARTBEAT_TIMEOUT_MS + 1000);
    await world.settle();
    await world.crash();
    await world.settle();
    expect(await world.view(jobId)).toMatchObject({ status: 'assigned', attempt: 1 });
    await world.advance(HEARTBEAT_TIMEOUT_MS - 5000);
    await nodeOf(world, 'node-a').connect();
    await world.settle();
    expect(await world.view(jobId)).toMatchObject({ status: 'running', attempt: 1 });
  });

  it('node silent before the restart -> its jobs are requeued after one heartbeat timeout', async () => {
    const world = new JobWorld();
    for (const node of world.nodes.values()) await node.connect();
    const jobId = await accepted(world, { nodeId: 'node-a' });
    await world.advance(HEARTBEAT_TIMEOUT_MS + 1000);
    await world.settle();
    await world.crash();
    await world.settle();
    expect(await world.view(jobId)).toMatchObject({ status: 'assigned' });
    await world.advance(HEARTBEAT_TIMEOUT_MS);
    await world.settle();
    expect(await world.view(jobId)).toMatchObject({ status: 'queued', attempts: [{ outcome: 'node_lost' }] });
  });

  it('clock ten years ahead -> nothing expires, nothing is stopped', async () => {
    const world = new JobWorld();
    const node = nodeOf(world, 'node-a');
    await node.connect();
    const running = await accepted(world, { maxAttempts: 1 });
    const waiting = await accepted(world, { model: 'llm-z' });
    node.receive();
    await world.advance(61_000);
    node.beat();
    await world.crash(10 * 365 * DAY_MS);
    await node.connect();
    await world.advance(1000);
    expect([(await world.view(running))?.status, (await world.view(waiting))?.status]).toEqual(['running', 'queued']);
    await world.advance(7 * DAY_MS);
    await world.settle();
    expect((await world.view(waiting))?.status).toBe('expired');
  });

  it('node does not return -> requeued to another node after one heartbeat timeout', async () => {
    const world = new JobWorld();
    await nodeOf(world, 'node-a').connect();
    const jobId = await accepted(world);
    await world.crash();
    await nodeOf(world, 'node-b').connect();
    for (let passed = 0; passed < HEARTBEAT_TIMEOUT_MS - 5000; passed += 5000) {
      await world.advance(5000);
      nodeOf(world, 'node-b').beat();
    }
    expect(await world.view(jobId)).toMatchObject({ status: 'assigned', node_id: 'node-a' });
    await world.advance(6000);
    await world.settle();
    expect(await world.view(jobId)).toMatchObject({ status: 'assigned', node_id: 'node-b', attempt: 2 });
  });
});

describe('job: failed on a node, retry allowed', () => {
  async function failedOnce(world: JobWorld): Promise<string> {
    await nodeOf(world, 'node-a').connect();
    const jobId = await accepted(world);
    nodeOf(world, 'node-a').receive();
    nodeOf(world, 'node-a').finishOne('retryable');
    nodeOf(world, 'node-a').deliver();
    nodeOf(world, 'node-a').deliver();
    await world.settle();
    await world.advance(1000);
    await world.settle();
    return jobId;
  }

  it('another node -> retried there, even with more jobs in flight', async () => {
    const world = new JobWorld();
    await nodeOf(world, 'node-b').connect();
    await accepted(world);
    expect(await world.view(await failedOnce(world))).toMatchObject({ status: 'assigned', attempt: 2, node_id: 'node-b' });
  });

  it('no other node -> retried on the same node', async () => {
    const world = new JobWorld();
    expect(await world.view(await failedOnce(world))).toMatchObject({ status: 'assigned', attempt: 2, node_id: 'node-a' });
  });
});

describe('eviction pause', () => {
  it('evictions paused -> jobs stay until a second timeout', async () => {
    const world = new JobWorld();
    for (const node of world.nodes.values()) await node.connect();
    const jobId = await accepted(world, { nodeId: 'node-a' });
    await world.advance(HEARTBEAT_TIMEOUT_MS + 1000);
    expect(await world.view(jobId)).toMatchObject({ status: 'assigned', attempt: 1 });
    await world.advance(HEARTBEAT_TIMEOUT_MS + 1000);
    expect(await world.view(jobId)).toMatchObject({ status: 'queued', attempts: [{ outcome: 'node_lost' }] });
  });

  it('the scheduler had lost its network -> no attempt is lost', async () => {
    const world = new JobWorld();
    const node = nodeOf(world, 'node-a');
    for (const each of world.nodes.values()) await each.connect();
    const jobId = await accepted(world, { nodeId: 'node-a' });
    node.receive();
    await world.advance(HEARTBEAT_TIMEOUT_MS + 1000);
    await node.connect();
    await world.advance(HEARTBEAT_TIMEOUT_MS - 5000);
    expect(await world.view(jobId)).toMatchObject({ status: 'running', attempt: 1 });
  });
});
