// The index of connections by credential.
import { expect, test } from 'vitest';
import { ConnectionHolders } from '../../../../src/main/scheduler/node-socket/connection-holders';

test('holder known later, changed, two connections of one holder, closed', () => {
  const holders = new ConnectionHolders<{ holder: string | null }>();
  const [first, second] = [{ holder: null as string | null }, { holder: 'mem-a' }];
  holders.update(first);
  holders.update(second);
  expect([holders.has('mem-a'), holders.of('mem-a')]).toEqual([true, [second]]);
  first.holder = 'mem-a';
  holders.update(first);
  expect(holders.of('mem-a')).toEqual([second, first]);
  second.holder = 'mem-b';
  holders.update(second);
  expect([holders.of('mem-a'), holders.of('mem-b')]).toEqual([[first], [second]]);
  holders.delete(first);
  holders.delete(second);
  expect([holders.has('mem-a'), holders.has('mem-b'), holders.of('mem-a')]).toEqual([false, false, []]);
});
