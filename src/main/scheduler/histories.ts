// What the scheduler keeps of its pool over time.
import type { PoolHistory } from './history/pool-history';
import type { UsageHistory } from './usage/usage-history';

export interface Histories {
  readonly history: PoolHistory;
  readonly usage: UsageHistory;
}
