// The longest turn of the event loop while something runs, in CPU time of this thread: a loaded machine does not lengthen it much.
import { setImmediate as nextTurn } from 'node:timers/promises';

export interface Turns<Value> {
  readonly value: Value;
  readonly longestMs: number;
}

export async function withTurns<Value>(work: () => Promise<Value>): Promise<Turns<Value>> {
  let isDone = false;
  let longestMs = 0;
  const watch = async (): Promise<void> => {
    while (!isDone) {
      const before = process.threadCpuUsage();
      await nextTurn();
      const { user, system } = process.threadCpuUsage(before);
      longestMs = Math.max(longestMs, (user + system) / 1000);
    }
  };
  const watching = watch();
  let value: Value;
  try {
    value = await work();
  } finally {
    isDone = true;
    await watching;
  }
  return { value, longestMs };
}

/** The CPU time of a call, the least of three: garbage collection may fall into any of them. */
export function cpuMsOf(call: () => unknown): number {
  const once = (): number => {
    const before = process.threadCpuUsage();
    call();
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / 1000;
  };
  return Math.min(once(), once(), once());
}
