// The periodic work for jobs that no node can take now: fresh readings of busy nodes, models that are loaded, and nodes that are woken.
import { LoadRequests, type LoadRequestsOptions } from './load-requests';
import { ModelLoads, type ModelLoadsOptions } from './model-loads';
import { WakeRounds, type WakeRoundsOptions } from './wake-rounds';

export interface Rounds {
  start(): void;
  stop(): void;
}

export const waitingRounds = (options: LoadRequestsOptions & ModelLoadsOptions & WakeRoundsOptions): readonly Rounds[] => [
  new LoadRequests(options),
  new ModelLoads(options),
  new WakeRounds(options),
];
