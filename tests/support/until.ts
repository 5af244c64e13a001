// Waits for the effect of another thread, process or socket: polls until the condition holds, and fails with its name when it
// never does.
import { WaitExpired } from './within';

/** Polls often at first, for conditions that hold soon, then less often: many waits are for another process, which needs the CPU. */
const FIRST_PAUSE_MS = 2;
const LAST_PAUSE_MS = 40;

/** The first result that is neither undefined, null nor false. */
export async function until<Value>(
  what: string,
  condition: () => Value | undefined | null | false | Promise<Value | undefined | null | false>,
  timeoutMs = 15_000,
): Promise<Value> {
  const endMonotonicMs = performance.now() + timeoutMs;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LAST_PAUSE_MS, pauseMs * 1.5)) {
    const value = await condition();
    if (value !== undefined && value !== null && value !== false) return value;
    if (performance.now() > endMonotonicMs) throw new WaitExpired(what, timeoutMs);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
