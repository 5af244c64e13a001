// A scheduler that is new for each test. A test can stop it and start it again with its database.
import path from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { startTestScheduler, temporaryDir, type TestScheduler } from './test-scheduler';

export function useKeptScheduler(server: NonNullable<Parameters<typeof startTestScheduler>[0]>['server'] = {}) {
  let scheduler: TestScheduler;
  let folder: ReturnType<typeof temporaryDir>;
  const databaseFile = (): string => path.join(folder.dir, 'scheduler.db');
  const start = async (port = 0): Promise<void> => {
    scheduler = await startTestScheduler({ server: { ...server, port }, databaseFile: databaseFile() });
  };
  beforeEach(async () => {
    folder = temporaryDir();
    await start();
  });
  afterEach(async () => {
    await scheduler.stop();
    folder.remove();
  });
  return {
    get scheduler() {
      return scheduler;
    },
    databaseFile,
    start,
  };
}
