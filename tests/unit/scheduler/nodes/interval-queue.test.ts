import { expect, it } from 'vitest';
import { IntervalQueue } from '../../../../src/main/scheduler/nodes/interval-queue';

it('names the keys whose interval has passed, oldest first, until they are started again or stopped', () => {
  const rotation = new IntervalQueue<string>(10);
  rotation.start('a', 0);
  rotation.start('b', 1);
  rotation.start('c', 5);
  expect(rotation.due(9)).toEqual([]);
  expect(rotation.due(11)).toEqual(['a', 'b']);
  rotation.start('a', 11);
  rotation.stop('b');
  expect(rotation.due(11)).toEqual([]);
  expect([rotation.due(21), rotation.size]).toEqual([['c', 'a'], 2]);
});
