// The periodic work for jobs that no node can take now: fresh readings of busy nodes, models that are loaded, and nodes that are woken.
import type { WakeSender } from '../nodes/wake-sender';
import { LoadRequests, type LoadRequestsOptions } from './load-requests';
import { ModelLoads, type ModelLoadsOptions } from './model-loads';
import { wakeRounds, type WakeRoundsOptions } from './wake-rounds';

export interface Rounds {
  start(): void;
  stop(): void;
}

type WaitingRoundsOptions = LoadRequestsOptions &
  ModelLoadsOptions &
  Omit<WakeRoundsOptions, 'wake'> & {
    /** Null: this pool wakes no node. */
    readonly wake: WakeSender | null;
  };

export const waitingRounds = ({ wake, ...options }: WaitingRoundsOptions): readonly Rounds[] => [
  new LoadRequests(options),
  new ModelLoads(options),
  ...(wake === null ? [] : [wakeRounds({ ...options, wake })]),
];
