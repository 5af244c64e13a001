import { expect, it } from 'vitest';
import { IntervalQueue } from '../../../../src/main/scheduler/nodes/interval-queue';

it('interval queue: interval passed -> due, oldest first, until started again or stopped', () => {
  const queue = new IntervalQueue<string>(10);
  queue.start('a', 0);
  queue.start('b', 1);
  queue.start('c', 5);
  expect(queue.due(9)).toEqual([]);
  expect(queue.due(11)).toEqual(['a', 'b']);
  queue.start('a', 11);
  queue.stop('b');
  expect(queue.due(11)).toEqual([]);
  expect([queue.due(21), queue.size]).toEqual([['c', 'a'], 2]);
});
