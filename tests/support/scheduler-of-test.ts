// A scheduler for one test.
import { onTestFinished } from 'vitest';
import { startTestScheduler, type TestScheduler, type TestSchedulerOptions } from './test-scheduler';

/** Starts a scheduler. It stops when the test ends, unless the test has stopped it. */
export async function schedulerOfTest(options: TestSchedulerOptions = {}): Promise<TestScheduler> {
  const scheduler = await startTestScheduler(options);
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= scheduler.stop());
  onTestFinished(stop);
  return { ...scheduler, stop };
}
