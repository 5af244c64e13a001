// Jobs through whole schedulers in memory: full disks, deadlines, and who is told what when.
import { describe, expect, it } from 'vitest';
import { jobSubmissionSchema, type JobEvent } from '../../../../src/shared/api/job';
import { chatTask } from '../../../support/job-pool';
import { JobWorld } from '../../../support/job-world';
import { accepted, assigned, nodeOf } from '../../../support/job-world-acts';

describe('a full disk', () => {
  it('refuses new jobs, holds results without acknowledging them, gives out nothing, and recovers by itself', async () => {
    const { world, node, jobId } = await assigned();
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

describe('a job that waits while the disk takes nothing', () => {
  it('says that this is what it waits for', async () => {
    const world = new JobWorld();
    const waiting = await accepted(world);
    const other = await accepted(world, { model: 'llm-z' });
    expect(world.view(waiting)?.waiting).toMatchObject({ blocked_by: null });
    world.setFull('everything');
    void world.jobs.cancel(other, 'requested');
    await world.settle();
    await nodeOf(world, 'node-a').connect();
    expect(world.view(waiting)).toMatchObject({ status: 'queued', waiting: { blocked_by: 'storage_full', reasons: {} } });
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
    const { world, node, jobId } = await assigned();
    void world.jobs.cancel(jobId, 'requested');
    node.hear();
    expect([node.running.size, world.view(jobId)?.status]).toEqual([1, 'assigned']);
    world.jobs.flush();
    node.hear();
    expect([node.running.size, world.view(jobId)?.status]).toEqual([0, 'cancelled']);
  });
});

describe('deadlines', () => {
  it('of an attempt wait until nodes were heard, when the scheduler itself had stood still', async () => {
    const { world, node, jobId } = await assigned({ maxAttempts: 1, timeoutSeconds: 1 });
    node.speak();
    node.finishOne('success');
    world.clock.stall(1600);
    world.advance(0);
    node.speak();
    await world.settle();
    expect(world.view(jobId)).toMatchObject({ status: 'succeeded' });
  });

  it('of an attempt come all the same, a second after a short standstill', async () => {
    const { world, node, jobId } = await assigned({ maxAttempts: 1, timeoutSeconds: 1 });
    node.speak();
    world.clock.stall(1600);
    world.advance(999);
    expect(world.view(jobId)).toMatchObject({ status: 'running' });
    world.advance(1);
    await world.settle();
    expect(world.view(jobId)).toMatchObject({ status: 'failed', error: { code: 'attempt_timeout' } });
  });

  it('of a whole job end it wherever it is, stop its node and free the place there', async () => {
    const { world, node, jobId } = await assigned({ totalTimeoutSeconds: 10 });
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
