// The outcome of a choice.
import type { Route } from '../../../shared/api/prediction';
import type { NodeRecord } from '../lifecycle/node-record';
import type { ForecastNode } from './prediction/forecast';

export interface Choice {
  /** Null: no node can run this job now. */
  readonly node: NodeRecord | null;
  /** Number of candidates that were checked. */
  readonly candidates: number;
  /** Null: no node. */
  readonly route: Route | null;
  /** The predicted times, the chosen node first. Empty: nothing is known. */
  readonly forecasts: readonly ForecastNode[];
}
