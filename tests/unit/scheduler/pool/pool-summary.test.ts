// The summary of the pool, and summaries of older schedulers.
import { expect, test } from 'vitest';
import { type PoolEvent, poolSummarySchema } from '../../../../src/shared/api/node-view';
import { JobWorld } from '../../../support/job-world';
import { accepted, nodeOf } from '../../../support/job-world-acts';
import { memoryScheduler } from '../../../support/memory-scheduler';

test('pool summary: job counts -> in the summary and in events', async () => {
  const world = new JobWorld();
  const sent: PoolEvent[] = [];
  const stop = world.scheduler.subscribe(({ event }) => sent.push(event), null);
  const lastCounts = async () => {
    await world.advance(500);
    return sent.flatMap((event) => (event.type === 'pool_changed' ? [event.pool.open_jobs] : [])).at(-1);
  };
  expect(world.scheduler.views.summary().open_jobs).toEqual({ queued: 0, assigned: 0, running: 0 });
  await accepted(world);
  expect(await lastCounts()).toEqual({ queued: 1, assigned: 0, running: 0 });
  const node = nodeOf(world, 'node-a');
  await node.connect();
  await world.settle();
  expect(await lastCounts()).toEqual({ queued: 0, assigned: 1, running: 0 });
  node.receive();
  node.deliver();
  expect(await lastCounts()).toEqual({ queued: 0, assigned: 0, running: 1 });
  node.finishOne('success');
  node.deliver();
  await world.settle();
  expect(await lastCounts()).toEqual({ queued: 0, assigned: 0, running: 0 });
  stop();
});

test('pool summary: pool without jobs -> no counts, unknown is not zero', () => {
  expect(memoryScheduler().scheduler.views.summary().open_jobs).toBeUndefined();
});

test('pool summary: summary of an older scheduler -> accepted without the new fields', () => {
  const { open_jobs: _counts, ...older } = memoryScheduler().scheduler.views.summary();
  expect(poolSummarySchema.parse(older)).toEqual(older);
});
