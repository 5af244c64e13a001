import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { BoundedWork } from '../../../../src/main/scheduler/usage/bounded-work';

/** Works that end when the test says so. */
function works() {
  const work = new BoundedWork<string>({ maxAtOnce: 2, maxWaiting: 2 });
  const started: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  const run = (key: string) =>
    work.run(key, () => {
      started.push(key);
      return new Promise((resolve, reject) => {
        ends.set(key, (error) => {
          if (error === undefined) resolve(key);
          else reject(error);
        });
      });
    });
  const end = async (key: string, error?: Error) => {
    ends.get(key)?.(error);
    await nextTurn();
  };
  return { run, end, started };
}

test('two run at once, two wait, further ones are refused; each end starts the next one', async () => {
  const { run, end, started } = works();
  const results = ['a', 'b', 'c', 'd'].map((key) => run(key) ?? Promise.reject(new Error(`refused: ${key}`)));
  expect([run('e'), started]).toEqual([null, ['a', 'b']]);
  await end('b');
  expect(started).toEqual(['a', 'b', 'c']);
  expect(run('e')).not.toBeNull();
  for (const key of ['a', 'c', 'd', 'e']) await end(key);
  expect(await Promise.all(results)).toEqual(['a', 'b', 'c', 'd']);
  expect(started).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test('equal works are one until its end, also when too many wait', async () => {
  const { run, end, started } = works();
  const [first, waiting] = ['a', 'b', 'c', 'd'].map(run).filter((_result, i) => i === 0 || i === 2);
  expect([run('a') === first, run('c') === waiting, started]).toEqual([true, true, ['a', 'b']]);
  await end('a');
  expect(run('a'), 'begins again').not.toBe(first);
  for (const key of ['b', 'c', 'd', 'a']) await end(key);
  expect(started).toEqual(['a', 'b', 'c', 'd', 'a']);
});

test('a failed work -> its callers get the error, and its place is free', async () => {
  const { run, end, started } = works();
  const failed = expect(run('a')).rejects.toThrow('disk');
  for (const key of ['b', 'c']) void run(key);
  await end('a', new Error('disk'));
  await failed;
  expect(started).toEqual(['a', 'b', 'c']);
});
