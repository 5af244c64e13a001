// Waits for what another thread, process or socket brings about: polls until it is so, and fails by name when it never is.

import { WaitExpired } from './within';

/** The first result that is neither undefined, null nor false. */
export async function until<Value>(
  what: string,
  look: () => Value | undefined | null | false | Promise<Value | undefined | null | false>,
  deadlineMs = 5000,
): Promise<Value> {
  const endMs = performance.now() + deadlineMs;
  for (;;) {
    const value = await look();
    if (value !== undefined && value !== null && value !== false) return value;
    if (performance.now() > endMs) throw new WaitExpired(what, deadlineMs);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
