// Retries of jobs, with whole schedulers in memory.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { RetryLimits } from '../../../../src/main/scheduler/jobs/jobs-port';
import { JobWorld } from '../../../support/job-world';
import { assigned } from '../../../support/job-world-acts';
import { until } from '../../../support/until';

describe('retry', () => {
  const NO_LIMITS: RetryLimits = { maxQueued: null, count: () => null };
  const cancelledJob = async (world: JobWorld, jobId: string) => {
    const cancelled = world.jobs.cancel(jobId, 'requested');
    await world.settle();
    expect(await cancelled).toMatchObject({ ok: true });
  };
  const retried = async (world: JobWorld, jobId: string) => {
    const pending = world.jobs.retry(jobId, NO_LIMITS);
    await world.settle();
    return pending;
  };

  it('cancelled job -> a new job with its task, requirements and submitter, linked to it; survives a restart', async () => {
    const { world, jobId } = await assigned();
    await cancelledJob(world, jobId);
    const retry = await retried(world, jobId);
    if (!retry.ok) throw new Error(retry.error.code);
    const [before, after] = [await world.view(jobId), await world.view(retry.value.jobId)];
    expect(after).toMatchObject({ retry_of: jobId, task: before?.task, requirements: before?.requirements, submitter: null });
    expect((await world.store.task(2))?.text).toBe((await world.store.task(1))?.text);
    expect(await retried(world, retry.value.jobId)).toEqual({ ok: false, error: { code: 'INVALID_STATE', reason: 'not_ended' } });
  });

  it('second retry while the first is written, or has not ended -> the same job; after it was cancelled -> a new one', async () => {
    const { world, jobId } = await assigned();
    await cancelledJob(world, jobId);
    const both = [world.jobs.retry(jobId, NO_LIMITS), world.jobs.retry(jobId, NO_LIMITS)];
    await world.settle();
    const [first, second] = await Promise.all(both);
    if (first?.ok !== true) throw new Error('not retried');
    const again = { ok: true, value: { jobId: first.value.jobId, created: false } };
    expect(second).toMatchObject(again);
    expect(await retried(world, jobId)).toMatchObject(again);
    await cancelledJob(world, first.value.jobId);
    const third = await retried(world, jobId);
    expect(third.ok && third.value.jobId).not.toBe(first.value.jobId);
    expect(third).toMatchObject({ ok: true, value: { created: true } });
  });

  it('large task -> read and written in two turns of the event loop', async () => {
    const world = new JobWorld();
    await world.submit({ content: 'x'.repeat(300_000) });
    await until('the job to be written', async () => {
      await world.settle();
      return world.accepted.length === 1;
    });
    const [jobId = ''] = world.accepted;
    await cancelledJob(world, jobId);
    const pending = world.jobs.retry(jobId, NO_LIMITS);
    await world.settle();
    expect(world.rows.lastSeq()).toBe(1);
    await nextTurn();
    await world.settle();
    expect(await pending).toMatchObject({ ok: true });
    expect((await world.store.task(2))?.text).toBe((await world.store.task(1))?.text);
  });

  it('job that succeeded, unknown job -> refused; the payload of a success is not kept', async () => {
    const { world, node, jobId } = await assigned();
    node.receive();
    node.finishOne('success');
    node.deliver();
    node.deliver();
    await world.settle();
    expect((await world.view(jobId))?.status).toBe('succeeded');
    expect(await world.store.task(1)).toBeNull();
    expect(await retried(world, jobId)).toEqual({ ok: false, error: { code: 'INVALID_STATE', reason: 'succeeded' } });
    expect(await retried(world, 'job-unknown')).toEqual({ ok: false, error: { code: 'NOT_FOUND' } });
  });
});
