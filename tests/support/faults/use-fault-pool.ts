// One pool for the scenarios of a file. After each scenario all jobs must end and the invariants hold. The next one begins with a
// repaired pool and a new scheduler process.
import { afterAll, afterEach, beforeAll } from 'vitest';
import { FaultPool, type FaultPoolOptions } from './fault-pool';

const REPORT_CHARS = 6000;

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
    if (task.result?.state === 'fail') process.stderr.write(`${task.name}\n${await reportOf(opened())}\n`);
    // A failed scenario must not make the next one fail.
    await opened().mend();
    await opened().verify();
    await opened().startScheduler();
    await opened().ready();
  });
  afterAll(() => pool?.close());
  return opened;
}

/** For a failed scenario: the views of the nodes, and the last log lines of each process. */
async function reportOf(pool: FaultPool): Promise<string> {
  const views = (await pool.nodeViews()).map(({ name, status, online, capability_state: models }) =>
    JSON.stringify({ name, status, online, models }),
  );
  const logs = [pool.scheduler, ...pool.nodes.map(({ agent }) => agent)].map(({ output }) => output.slice(-REPORT_CHARS));
  return [...views, ...logs].join('\n\n');
}
