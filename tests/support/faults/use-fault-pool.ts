// One pool for the scenarios of a file. After each of them all jobs must end and the invariants hold; the next begins with
// everything whole, and a scheduler that was started again.
import { afterAll, afterEach, beforeAll } from 'vitest';
import { FaultPool, type FaultPoolOptions } from './fault-pool';

export function useFaultPool(options: FaultPoolOptions = {}): () => FaultPool {
  let pool: FaultPool | null = null;
  const opened = (): FaultPool => {
    if (pool === null) throw new Error('the pool is not open');
    return pool;
  };
  beforeAll(async () => {
    pool = await FaultPool.open(options);
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') process.stderr.write(`${task.name}\n${await opened().report()}\n`);
    // The next scenario does not fail because this one did.
    await opened().mend();
    await opened().verify();
    await opened().startScheduler();
    await opened().ready();
  });
  afterAll(() => pool?.close());
  return opened;
}
