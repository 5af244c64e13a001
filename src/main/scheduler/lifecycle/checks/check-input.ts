// What the health checks look at: what is known of a node at the moment a heartbeat arrives.
import type { HeartbeatGpu, ResourceUsage } from '../../../../shared/protocol/node-messages';
import type { FailedCheck } from '../../../../shared/protocol/scheduler-messages';
import type { NodeStatus } from '../../../../shared/protocol/status';
import type { NodeProfile } from '../node-record';
import type { LifecyclePolicy } from '../policy';

export interface CheckInput {
  readonly profile: NodeProfile;
  readonly status: NodeStatus;
  readonly usage: ResourceUsage;
  readonly gpus: readonly HeartbeatGpu[] | null;
  /** Since the node was last seen; 0 while a grace period holds. */
  readonly gapMs: number;
  readonly policy: LifecyclePolicy;
}

/** One check of lifecycle §2: null when it passes. Messages are `<zh> / <en>`; a UI makes its own from code and details. */
export type HealthCheck = (input: CheckInput) => FailedCheck | null;
