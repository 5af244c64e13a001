// Decides whether and when a crashed program is restarted. Pure; time is monotonic ms.

export interface RestartPolicy {
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
  /** With this many crashes within the window the program is not restarted. */
  readonly maxCrashes: number;
  readonly windowMs: number;
}

export const RESTART_POLICY: RestartPolicy = { firstDelayMs: 1000, maxDelayMs: 30_000, maxCrashes: 5, windowMs: 5 * 60_000 };

export type RestartDecision =
  | { readonly action: 'restart'; readonly delayMs: number; readonly crashes: readonly number[] }
  | { readonly action: 'give_up'; readonly crashes: readonly number[] };

/** Decides after a crash at `nowMs`. `crashes`: the times returned by the previous call. */
export function afterCrash(crashes: readonly number[], nowMs: number, policy: RestartPolicy = RESTART_POLICY): RestartDecision {
  const recent = [...crashes.filter((atMs) => nowMs - atMs < policy.windowMs), nowMs];
  if (recent.length >= policy.maxCrashes) return { action: 'give_up', crashes: recent };
  const delayMs = Math.min(policy.firstDelayMs * 2 ** (recent.length - 1), policy.maxDelayMs);
  return { action: 'restart', delayMs, crashes: recent };
}
