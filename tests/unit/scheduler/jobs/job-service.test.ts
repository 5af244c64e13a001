// Jobs through whole schedulers in memory: restarts, full disks, mass loss, and who is told what when.
import { describe, expect, it } from 'vitest';
import { jobSubmissionSchema, type JobEvent } from '../../../../src/shared/api/job';
import { chatTask } from '../../../support/job-pool';
import type { NODE_IDS } from '../../../support/job-world';
import { JobWorld } from '../../../support/job-world';
import type { ScriptedNode } from '../../../support/scripted-node';

const HEARTBEAT_TIMEOUT_MS = 45_000;

function nodeOf(world: JobWorld, nodeId: (typeof NODE_IDS)[number]): ScriptedNode {
  const node = world.nodes.get(nodeId);
  if (node === undefined) throw new Error(nodeId);
  return node;
}

async function accepted(world: JobWorld, change: Parameters<JobWorld['submit']>[0] = {}): Promise<string> {
  const before = world.accepted.length;
  await world.submit(change);
  await world.settle();
  const jobId = world.accepted[before];
  if (jobId === undefined) throw new Error('not accepted');
  return jobId;
}

describe('a restart of the scheduler', () => {
  it('cancels jobs whose submitter held a connection, and the node is told when it names one', async () => {
    const world = new JobWorld();
    await nodeOf(world, 'node-a').connect();
    const submission = jobSubmissionSchema.parse({ task: chatTask() });
    const pending = world.jobs.submit(submission, { idempotencyKey: null, interactive: true, traceId: null });
    await world.settle();
    const outcome = await pending;
    const jobId = outcome.ok ? outcome.value.jobId : '';
    nodeOf(world, 'node-a').hear();
    world.crash();
    await world.settle();
    expect(world.view(jobId)).toMatchObject({ status: 'cancelled', error: { message: 'client_gone' } });
    await nodeOf(world, 'node-a').connect();
    nodeOf(world, 'node-a').hear();
    expect(nodeOf(world, 'node-a').running.size).toBe(0);
  });

  it('gives a node one heartbeat timeout to come back, then its job goes to another', async () => {
    const world = new JobWorld();
    await nodeOf(world, 'node-a').connect();
    const jobId = await accepted(world);
    world.crash();
    await nodeOf(world, 'node-b').connect();
    for (let passed = 0; passed < HEARTBEAT_TIMEOUT_MS - 5000; passed += 5000) {
      world.advance(5000);
      nodeOf(world, 'node-b').beat();
    }
    expect(world.view(jobId)).toMatchObject({ status: 'assigned', node_id: 'node-a' });
    world.advance(6000);
    await world.settle();
    expect(world.view(jobId)).toMatchObject({ status: 'assigned', node_id: 'node-b', attempt: 2 });
  });
});

describe('a job that failed on a node and may be tried again', () => {
  async function failedOnce(world: JobWorld): Promise<string> {
    await nodeOf(world, 'node-a').connect();
    const jobId = await accepted(world);
    nodeOf(world, 'node-a').hear();
    nodeOf(world, 'node-a').finishOne('retryable');
    nodeOf(world, 'node-a').speak();
    nodeOf(world, 'node-a').speak();
    await world.settle();
    world.advance(1000);
    await world.settle();
    return jobId;
  }

  it('goes to another node, though that one has more to do', async () => {
    const world = new JobWorld();
    await nodeOf(world, 'node-b').connect();
    await accepted(world);
    expect(world.view(await failedOnce(world))).toMatchObject({ status: 'assigned', attempt: 2, node_id: 'node-b' });
  });

  it('goes to the same node when there is no other', async () => {
    const world = new JobWorld();
    expect(world.view(await failedOnce(world))).toMatchObject({ status: 'assigned', attempt: 2, node_id: 'node-a' });
  });
});

describe('a full disk', () => {
  it('refuses new jobs, holds results without acknowledging them, gives out nothing, and recovers by itself', async () => {
    const world = new JobWorld();
    const node = nodeOf(world, 'node-a');
    await node.connect();
    const jobId = await accepted(world);
    node.hear();
    world.setFull('everything');
    const submission = jobSubmissionSchema.parse({ task: chatTask() });
    const refused = world.jobs.submit(submission, { idempotencyKey: null, interactive: false, traceId: null });
    await world.settle();
    expect(await refused).toEqual({ ok: false, error: { code: 'STORAGE_FULL', details: { reason: 'disk', error: 'disk full' } } });
    node.finishOne('success');
    node.speak();
    node.speak();
    await world.settle();
    node.hear();
    expect([node.unacknowledged.size, world.view(jobId)?.status]).toEqual([1, 'assigned']);
    world.setFull('nothing');
    world.advance(1000);
    node.hear();
    expect([node.unacknowledged.size, world.view(jobId)?.status]).toEqual([0, 'succeeded']);
    const waiting = await accepted(world);
    expect(world.view(waiting)).toMatchObject({ status: 'assigned' });
  });
});

describe('a disk with no room for one result', () => {
  it('keeps nothing else: other results are acknowledged, jobs are taken, given out and cancelled, and it is told when there is room', async () => {
    const world = new JobWorld();
    const node = nodeOf(world, 'node-a');
    await node.connect();
    const large = await accepted(world);
    node.hear();
    world.setFull('results');
    node.finishOne('success');
    node.speak();
    node.speak();
    await world.settle();
    node.hear();
    expect([node.unacknowledged.size, world.view(large)?.status]).toEqual([1, 'assigned']);
    const next = await accepted(world);
    node.hear();
    expect([...node.running.keys()]).toEqual([next]);
    const cancelled = world.jobs.cancel(next, 'requested');
    await world.settle();
    node.hear();
    expect([(await cancelled).ok, node.running.size, world.view(next)?.status]).toEqual([true, 0, 'cancelled']);
    world.setFull('nothing');
    world.advance(1000);
    node.hear();
    expect([node.unacknowledged.has(large), world.view(large)?.status]).toEqual([false, 'succeeded']);
  });
});

describe('a cancellation', () => {
  it('that the disk does not take is refused, and the job goes on', async () => {
    const world = new JobWorld();
    const node = nodeOf(world, 'node-a');
    await node.connect();
    const jobId = await accepted(world);
    const waiting = await accepted(world, { model: 'llm-z' });
    node.hear();
    world.setFull('everything');
    // The first finds out that the disk is full, and is done when there is room.
    const first = world.jobs.cancel(waiting, 'requested');
    await world.settle();
    expect(await first).toEqual({ ok: false, error: 'storage_full' });
    expect(await world.jobs.cancel(waiting, 'requested')).toEqual({ ok: false, error: 'storage_full' });
    expect(await world.jobs.cancel(jobId, 'requested')).toEqual({ ok: false, error: 'storage_full' });
    expect([world.view(waiting)?.status, world.view(jobId)?.status, node.running.size]).toEqual(['queued', 'assigned', 1]);
    world.setFull('nothing');
    world.advance(1000);
    expect([world.view(waiting)?.status, world.view(jobId)?.status]).toEqual(['cancelled', 'assigned']);
    const again = world.jobs.cancel(jobId, 'requested');
    await world.settle();
    expect((await again).ok).toBe(true);
  });
});

describe('a mass loss', () => {
  it('leaves the jobs where they are until a second timeout has passed', async () => {
    const world = new JobWorld();
    for (const node of world.nodes.values()) await node.connect();
    const jobId = await accepted(world, { nodeId: 'node-a' });
    world.advance(HEARTBEAT_TIMEOUT_MS + 1000);
    expect(world.view(jobId)).toMatchObject({ status: 'assigned', attempt: 1 });
    world.advance(HEARTBEAT_TIMEOUT_MS + 1000);
    expect(world.view(jobId)).toMatchObject({ status: 'queued', attempts: [{ outcome: 'node_lost' }] });
  });

  it('that was a cut of the scheduler itself costs no job anything', async () => {
    const world = new JobWorld();
    const node = nodeOf(world, 'node-a');
    for (const each of world.nodes.values()) await each.connect();
    const jobId = await accepted(world, { nodeId: 'node-a' });
    node.hear();
    world.advance(HEARTBEAT_TIMEOUT_MS + 1000);
    await node.connect();
    world.advance(HEARTBEAT_TIMEOUT_MS - 5000);
    expect(world.view(jobId)).toMatchObject({ status: 'running', attempt: 1 });
  });
});

describe('who follows a job', () => {
  it('is told its end only when it is on the disk, and nothing after', async () => {
    const world = new JobWorld();
    const node = nodeOf(world, 'node-a');
    await node.connect();
    const jobId = await accepted(world);
    const told: string[] = [];
    world.jobs.follow(jobId, (event: JobEvent) => told.push(event.type === 'job' ? event.job.status : `chunk ${String(event.seq)}`));
    node.hear();
    node.speak();
    node.finishOne('success');
    node.speak();
    expect(told).toEqual(['assigned', 'running']);
    await world.settle();
    node.repeat(0);
    await world.settle();
    expect(told).toEqual(['assigned', 'running', 'succeeded']);
    expect(world.jobs.follow('unknown', () => undefined)).toBeNull();
  });

  it('of a job that is over is told so once', async () => {
    const world = new JobWorld();
    const jobId = await accepted(world);
    void world.jobs.cancel(jobId, 'requested');
    await world.settle();
    const told: string[] = [];
    world.jobs.follow(jobId, (event) => told.push(event.type));
    expect(told).toEqual(['job']);
  });
});

describe('a node', () => {
  it('is told to stop only when that is on the disk: after a crash before it the job would still be its own', async () => {
    const world = new JobWorld();
    const node = nodeOf(world, 'node-a');
    await node.connect();
    const jobId = await accepted(world);
    node.hear();
    void world.jobs.cancel(jobId, 'requested');
    node.hear();
    expect([node.running.size, world.view(jobId)?.status]).toEqual([1, 'assigned']);
    world.jobs.flush();
    node.hear();
    expect([node.running.size, world.view(jobId)?.status]).toEqual([0, 'cancelled']);
  });
});

describe('deadlines', () => {
  it('of a whole job end it wherever it is, stop its node and free the place there', async () => {
    const world = new JobWorld();
    const node = nodeOf(world, 'node-a');
    await node.connect();
    const jobId = await accepted(world, { totalTimeoutSeconds: 10 });
    node.hear();
    node.speak();
    world.advance(9999);
    expect(world.view(jobId)).toMatchObject({ status: 'running', total_deadline_at: expect.any(Number) as number });
    world.advance(1);
    await world.settle();
    node.hear();
    expect([node.running.size, world.jobs.liveOn('node-a')]).toEqual([0, 0]);
    expect(world.view(jobId)).toMatchObject({ status: 'expired', error: { code: 'total_timeout' }, attempts: [{ outcome: 'cancelled' }] });
  });

  it('expire a job that nobody took, and no other', async () => {
    const world = new JobWorld();
    const submission = jobSubmissionSchema.parse({ task: chatTask(), queue_timeout_seconds: 10 });
    const pending = world.jobs.submit(submission, { idempotencyKey: null, interactive: false, traceId: null });
    await world.settle();
    const outcome = await pending;
    const other = await accepted(world);
    world.advance(9999);
    expect(world.view(outcome.ok ? outcome.value.jobId : '')).toMatchObject({ status: 'queued' });
    world.advance(1);
    await world.settle();
    expect(world.view(outcome.ok ? outcome.value.jobId : '')).toMatchObject({ status: 'expired' });
    expect(world.view(other)).toMatchObject({ status: 'queued' });
  });
});
