// Queries about the pool in totals: now, over time, its failures, and the models that it lacks. And whether the user is an owner.
import type { MissingModels } from '../../shared/api/missing-models';
import type { AppFailures } from '../../shared/api/pool-failures';
import type { PoolHistory, PoolRange, PoolTotals } from '../../shared/api/pool-history';
import { type Answer, useAnswer } from './use-answer';

const TOTALS_EVERY_MS = 5000;
const FAILURES_EVERY_MS = 10_000;
const MISSING_EVERY_MS = 30_000;
/** As often as each range gets a point, and at least each minute. */
const HISTORY_EVERY_MS: Readonly<Record<PoolRange, number>> = { '1h': 15_000, '24h': 60_000, '7d': 60_000 };
const MOST_FAILURES = 8;

export const usePoolTotals = (): Answer<PoolTotals> => useAnswer('pool.totals', {}, { everyMs: () => TOTALS_EVERY_MS });

/** The last range is shown until another one has loaded. */
export const usePoolHistory = (range: PoolRange): Answer<PoolHistory> =>
  useAnswer('pool.history', { range }, { everyMs: () => HISTORY_EVERY_MS[range], keepsLast: true });

export const usePoolFailures = (): Answer<AppFailures> =>
  useAnswer('pool.failures', { limit: MOST_FAILURES }, { everyMs: () => FAILURES_EVERY_MS });

export const useMissingModels = (isEnabled = true): Answer<MissingModels> =>
  useAnswer('pool.missing_models', {}, { isEnabled, everyMs: () => MISSING_EVERY_MS });

/** Whether the scheduler lets the user read invitations: only owners may. A dashboard in a browser has the rights of its own key. */
export function useOwnerCheck(isEnabled: boolean): boolean {
  // The known answer may be that of a pool that this computer has left.
  return useAnswer('invites.list', {}, { isEnabled }).value !== null && isEnabled;
}
