// What the scheduler says of the pool beside its nodes, and what is made of one that says less.
import { expect, test } from 'vitest';
import { poolSummarySchema } from '../../../src/shared/api/node-view';
import { memoryScheduler } from '../../support/memory-scheduler';

test('the pool tells the thresholds that jobs are judged by, so that nobody has to ask for a decision to know them', () => {
  expect(memoryScheduler().scheduler.summary().resource_thresholds).toEqual({ cpu_percent: 25, gpu_percent: 25, mem_percent: 25 });
});

test('the summary of an older scheduler, which does not tell them, is understood', () => {
  const { resource_thresholds: _untold, ...older } = memoryScheduler().scheduler.summary();
  expect(poolSummarySchema.parse(older)).toEqual(older);
});
