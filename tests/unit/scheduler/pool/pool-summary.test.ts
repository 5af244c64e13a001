// What the scheduler says of the pool beside its nodes, and what is made of one that says less.
import { expect, test } from 'vitest';
import { type PoolEvent, poolSummarySchema } from '../../../../src/shared/api/node-view';
import { JobWorld } from '../../../support/job-world';
import { accepted, nodeOf } from '../../../support/job-world-acts';
import { memoryScheduler } from '../../../support/memory-scheduler';

test('the pool tells the thresholds that jobs are judged by, so that nobody has to ask for a decision to know them', () => {
  expect(memoryScheduler().scheduler.views.summary().resource_thresholds).toEqual({ cpu_percent: 25, gpu_percent: 25, mem_percent: 25 });
});

test('the pool tells how many jobs wait, are given out and run, to who follows it as well', async () => {
  const world = new JobWorld();
  const told: PoolEvent[] = [];
  const stop = world.scheduler.subscribe(({ event }) => told.push(event), null);
  const countsTold = () => {
    world.advance(500);
    return told.flatMap((event) => (event.type === 'pool_changed' ? [event.pool.open_jobs] : [])).at(-1);
  };
  expect(world.scheduler.views.summary().open_jobs).toEqual({ queued: 0, assigned: 0, running: 0 });
  await accepted(world);
  expect(countsTold()).toEqual({ queued: 1, assigned: 0, running: 0 });
  const node = nodeOf(world, 'node-a');
  await node.connect();
  await world.settle();
  expect(countsTold()).toEqual({ queued: 0, assigned: 1, running: 0 });
  node.hear();
  node.speak();
  expect(countsTold()).toEqual({ queued: 0, assigned: 0, running: 1 });
  node.finishOne('success');
  node.speak();
  await world.settle();
  expect(countsTold()).toEqual({ queued: 0, assigned: 0, running: 0 });
  stop();
});

test('a scheduler without jobs counts none of them: unknown is not zero', () => {
  expect(memoryScheduler().scheduler.views.summary().open_jobs).toBeUndefined();
});

test('the summary of an older scheduler, which tells neither, is understood', () => {
  const { resource_thresholds: _untold, open_jobs: _uncounted, ...older } = memoryScheduler().scheduler.views.summary();
  expect(poolSummarySchema.parse(older)).toEqual(older);
});
