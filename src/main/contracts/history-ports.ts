// What the scheduler counts of its pool over time.
import type { MissingModels } from '../../shared/api/missing-models';
import type { NodeHistory, NodeRange } from '../../shared/api/node-history';
import type { PoolHistory, PoolRange, PoolTotals } from '../../shared/api/pool-history';
import type { Usage, UsageQuery } from '../../shared/api/usage';

export interface PoolHistoryPort {
  totals(): Promise<PoolTotals>;
  history(range: PoolRange): PoolHistory;
  /** Null: the node is not known. */
  nodeHistory(nodeId: string, range: NodeRange): NodeHistory | null;
  /** `hasModel`: a node has the model by now. */
  missingModels(hasModel: (modelId: string) => boolean): Promise<MissingModels>;
}

export interface UsagePort {
  /** Null: too many other queries wait. */
  usage(query: UsageQuery): Promise<Usage | null>;
}
