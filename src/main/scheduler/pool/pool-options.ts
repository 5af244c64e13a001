// The settings of a pool, and the services that a pool uses.
import type { Clock } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import type { DispatchPolicy } from '../dispatch/policy';
import type { LifecyclePolicy } from '../lifecycle/policy';
import type { NodeStore } from '../nodes/node-store';
import type { SchedulerStats } from '../nodes/scheduler-stats';
import type { RegistrationLimits } from './registration-limits';

export interface PoolOptions {
  readonly policy: LifecyclePolicy;
  readonly dispatchPolicy: DispatchPolicy;
  readonly statusPushIntervalMs: number;
  /** Largest frame that a registered node may send. */
  readonly maxMessageBytes: number;
  readonly store: NodeStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly stats: SchedulerStats;
  readonly version: string;
  readonly limits: RegistrationLimits;
  /** The addresses of all schedulers of this pool, for its nodes (`isPoolAddress`). Default: none. */
  readonly addresses?: (() => readonly string[]) | undefined;
  /** Of the leader of a cluster, for its nodes. Default: this scheduler is alone. */
  readonly leaderEpoch?: number | undefined;
  /** Default: this scheduler is alone. */
  readonly isInCluster?: boolean;
}
