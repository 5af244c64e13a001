// Jobs with a full disk, deadlines and subscribers, with whole schedulers in memory.
import { describe, expect, it } from 'vitest';
import { jobSubmissionSchema, type JobEvent } from '../../../../src/shared/api/job';
import { chatTask } from '../../../support/job-pool';
import { JobWorld } from '../../../support/job-world';
import { accepted, assigned, nodeOf, viewsOf } from '../../../support/job-world-acts';
import { keyOf } from '../../../support/node-streams';

describe('disk full', () => {
  it('all writes fail -> jobs refused, results not acknowledged, nothing assigned; recovers by itself', async () => {
    const { world, node, jobId } = await assigned();
    world.setFull('everything');
    const submission = jobSubmissionSchema.parse({ task: chatTask() });
    const refused = world.jobs.submit(submission, { idempotencyKey: null, interactive: false, traceId: null });
    await world.settle();
    expect(await refused).toEqual({ ok: false, error: { code: 'STORAGE_FULL', details: { reason: 'disk', error: 'disk full' } } });
    node.finishOne('success');
    node.deliver();
    node.deliver();
    await world.settle();
    node.receive();
    expect([node.unacknowledged.size, (await world.view(jobId))?.status]).toEqual([1, 'assigned']);
    world.setFull('nothing');
    await world.advance(1000);
    node.receive();
    expect([node.unacknowledged.size, (await world.view(jobId))?.status]).toEqual([0, 'succeeded']);
    const waiting = await accepted(world);
    expect(await world.view(waiting)).toMatchObject({ status: 'assigned' });
  });
});

describe('disk full: several new jobs', () => {
  it('the slot of a refused job goes to another one that is refused -> no trace of both', async () => {
    const world = new JobWorld();
    await nodeOf(world, 'node-a').connect();
    world.setFull('everything');
    for (let i = 0; i < 3; i++) await world.submit({});
    expect(world.jobs.counts).toEqual({ queued: 1, assigned: 2, running: 0 });
    await world.settle();
    expect([world.accepted, world.jobs.counts]).toEqual([[], { queued: 0, assigned: 0, running: 0 }]);
    world.setFull('nothing');
    await world.advance(1000);
    await world.settle();
    expect([world.rows.all(), world.rows.strays()]).toEqual([[], []]);
    await world.invariants.check();
  });
});

describe('disk full for one result', () => {
  it('other results are acknowledged, jobs accepted, assigned and cancelled; the result is written later', async () => {
    const world = new JobWorld();
    const node = nodeOf(world, 'node-a');
    await node.connect();
    const large = await accepted(world);
    node.receive();
    world.setFull('results');
    node.finishOne('success');
    node.deliver();
    node.deliver();
    await world.settle();
    node.receive();
    expect([node.unacknowledged.size, (await world.view(large))?.status]).toEqual([1, 'assigned']);
    const next = await accepted(world);
    node.receive();
    expect([...node.running.keys()]).toEqual([next]);
    const cancelled = world.jobs.cancel(next, 'requested');
    await world.settle();
    node.receive();
    expect([(await cancelled).ok, node.running.size, (await world.view(next))?.status]).toEqual([true, 0, 'cancelled']);
    world.setFull('nothing');
    await world.advance(1000);
    node.receive();
    expect([node.unacknowledged.has(keyOf(large, 1)), (await world.view(large))?.status]).toEqual([false, 'succeeded']);
  });
});

describe('disk full: waiting job', () => {
  it('blocked_by -> storage_full', async () => {
    const world = new JobWorld();
    const waiting = await accepted(world);
    const other = await accepted(world, { model: 'llm-z' });
    expect((await world.view(waiting))?.waiting).toMatchObject({ blocked_by: null });
    world.setFull('everything');
    void world.jobs.cancel(other, 'requested');
    await world.settle();
    await nodeOf(world, 'node-a').connect();
    expect(await world.view(waiting)).toMatchObject({ status: 'queued', waiting: { blocked_by: 'storage_full', reasons: {} } });
  });
});

describe('disk full: cancellation', () => {
  it('write fails -> refused, the job continues', async () => {
    const world = new JobWorld();
    const node = nodeOf(world, 'node-a');
    await node.connect();
    const jobId = await accepted(world);
    const waiting = await accepted(world, { model: 'llm-z' });
    node.receive();
    world.setFull('everything');
    // The first cancellation finds the disk full. The scheduler writes this cancellation later, when there is space.
    const first = world.jobs.cancel(waiting, 'requested');
    await world.settle();
    expect(await first).toEqual({ ok: false, error: 'storage_full' });
    expect(await world.jobs.cancel(waiting, 'requested')).toEqual({ ok: false, error: 'storage_full' });
    expect(await world.jobs.cancel(jobId, 'requested')).toEqual({ ok: false, error: 'storage_full' });
    expect([(await world.view(waiting))?.status, (await world.view(jobId))?.status, node.running.size]).toEqual(['queued', 'assigned', 1]);
    world.setFull('nothing');
    await world.advance(1000);
    expect([(await world.view(waiting))?.status, (await world.view(jobId))?.status]).toEqual(['cancelled', 'assigned']);
    const again = world.jobs.cancel(jobId, 'requested');
    await world.settle();
    expect((await again).ok).toBe(true);
  });
});

describe('job subscriber', () => {
  it('job ends -> event when durable, none after', async () => {
    const world = new JobWorld();
    const node = nodeOf(world, 'node-a');
    await node.connect();
    const jobId = await accepted(world);
    const events: string[] = [];
    world.jobs.follow(jobId, (event: JobEvent) => events.push(event.type === 'job' ? event.job.status : `chunk ${String(event.seq)}`));
    node.receive();
    node.deliver();
    node.finishOne('success');
    node.deliver();
    expect(events).toEqual(['assigned', 'running']);
    await world.settle();
    node.repeat(0);
    await world.settle();
    expect(events).toEqual(['assigned', 'running', 'succeeded']);
    expect(world.jobs.follow('unknown', () => undefined)).toBeNull();
  });

  it('job had ended and is stored -> null, and its view shows the end', async () => {
    const world = new JobWorld();
    const jobId = await accepted(world);
    void world.jobs.cancel(jobId, 'requested');
    await world.settle();
    const events: string[] = [];
    expect(world.jobs.follow(jobId, (event) => events.push(event.type))).toBeNull();
    expect([events, (await world.view(jobId))?.status]).toEqual([[], 'cancelled']);
  });
});

describe('cancellation', () => {
  it('on a node -> stopped only when durable', async () => {
    const { world, node, jobId } = await assigned();
    void world.jobs.cancel(jobId, 'requested');
    node.receive();
    expect([node.running.size, (await world.view(jobId))?.status]).toEqual([1, 'assigned']);
    await world.jobs.flush();
    node.receive();
    expect([node.running.size, (await world.view(jobId))?.status]).toEqual([0, 'cancelled']);
  });
});

describe('job deadlines', () => {
  it('event loop stalled -> the attempt does not time out before the messages of nodes are read', async () => {
    const { world, node, jobId } = await assigned({ maxAttempts: 1, timeoutSeconds: 1 });
    node.deliver();
    node.finishOne('success');
    world.clock.stall(1600);
    await world.advance(0);
    node.deliver();
    await world.settle();
    expect(await world.view(jobId)).toMatchObject({ status: 'succeeded' });
  });

  it('event loop stalled, no result arrives -> the attempt times out a second later', async () => {
    const { world, node, jobId } = await assigned({ maxAttempts: 1, timeoutSeconds: 1 });
    node.deliver();
    world.clock.stall(1600);
    await world.advance(999);
    expect(await world.view(jobId)).toMatchObject({ status: 'running' });
    await world.advance(1);
    await world.settle();
    expect(await world.view(jobId)).toMatchObject({ status: 'failed', error: { code: 'attempt_timeout' } });
  });

  it('total timeout -> expired in any stage, stopped on the node, slot freed', async () => {
    const { world, node, jobId } = await assigned({ totalTimeoutSeconds: 10 });
    node.deliver();
    await world.advance(9999);
    expect(await world.view(jobId)).toMatchObject({ status: 'running', total_deadline_at: expect.any(Number) as number });
    await world.advance(1);
    await world.settle();
    node.receive();
    expect([node.running.size, world.jobs.liveOn('node-a')]).toEqual([0, 0]);
    expect(await world.view(jobId)).toMatchObject({
      status: 'expired',
      error: { code: 'total_timeout' },
      attempts: [{ outcome: 'cancelled' }],
    });
  });

  it('queue timeout -> only the job without a node expires', async () => {
    const world = new JobWorld();
    const submission = jobSubmissionSchema.parse({ task: chatTask(), queue_timeout_seconds: 10 });
    const pending = world.jobs.submit(submission, { idempotencyKey: null, interactive: false, traceId: null });
    await world.settle();
    const outcome = await pending;
    const other = await accepted(world);
    await world.advance(9999);
    expect(await world.view(outcome.ok ? outcome.value.jobId : '')).toMatchObject({ status: 'queued' });
    await world.advance(1);
    await world.settle();
    expect(await world.view(outcome.ok ? outcome.value.jobId : '')).toMatchObject({ status: 'expired' });
    expect(await world.view(other)).toMatchObject({ status: 'queued' });
  });
});

describe('timeout below the default of the scheduler', () => {
  it('three jobs with 10 s and one attempt time out on a slow node -> the model is not excluded', async () => {
    const world = new JobWorld();
    const node = nodeOf(world, 'node-a');
    await node.connect();
    for (let i = 0; i < 3; i++) {
      await world.submit({ timeoutSeconds: 10, maxAttempts: 1 });
      await world.settle();
      node.receive();
      await world.advance(10_001);
      await world.settle();
    }
    expect((await viewsOf(world)).map((view) => view?.error?.code)).toEqual(Array(3).fill('attempt_timeout'));
    const entries = [...(world.scheduler.record('node-a')?.failures.byModel.values() ?? [])];
    expect(entries).toMatchObject([{ phase: 'lowered', failures: 0 }]);
  });
});
