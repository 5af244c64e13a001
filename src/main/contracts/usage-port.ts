// What the scheduler counts of the use of its pool.
import type { Usage, UsageQuery } from '../../shared/api/usage';

export interface UsagePort {
  usage(query: UsageQuery): Promise<Usage>;
}
