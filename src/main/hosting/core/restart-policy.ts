// Decides whether and when a crashed program is restarted. Pure.
import { type BackoffPolicy, backoffMs } from '../../../shared/backoff';

export interface RestartPolicy {
  readonly backoff: BackoffPolicy;
  /** With this many crashes within the window the program is not restarted. */
  readonly maxCrashes: number;
  readonly windowMs: number;
}

export const RESTART_POLICY: RestartPolicy = { backoff: { firstMs: 1000, maxMs: 30_000 }, maxCrashes: 5, windowMs: 5 * 60_000 };

export type RestartDecision =
  | { readonly action: 'restart'; readonly delayMs: number; readonly crashesMonotonicMs: readonly number[] }
  | { readonly action: 'give_up'; readonly crashesMonotonicMs: readonly number[] };

/** Decides after a crash at `nowMonotonicMs`. `crashesMonotonicMs`: the times returned by the previous call. */
export function afterCrash(
  crashesMonotonicMs: readonly number[],
  nowMonotonicMs: number,
  policy: RestartPolicy = RESTART_POLICY,
): RestartDecision {
  const recent = [...crashesMonotonicMs.filter((atMonotonicMs) => nowMonotonicMs - atMonotonicMs < policy.windowMs), nowMonotonicMs];
  if (recent.length >= policy.maxCrashes) return { action: 'give_up', crashesMonotonicMs: recent };
  return { action: 'restart', delayMs: backoffMs(policy.backoff, recent.length), crashesMonotonicMs: recent };
}
