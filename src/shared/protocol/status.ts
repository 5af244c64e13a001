// The codes of the lifecycle and of dispatch (lifecycle §1-3), with the texts of `reason`.
import { bilingual } from '../reasons/reason-text';
import { STATUS_REASON_TEXTS } from '../reasons/statuses';

export const NODE_STATUSES = ['registering', 'ready', 'degraded', 'draining', 'offline'] as const;
export type NodeStatus = (typeof NODE_STATUSES)[number];

/** Why a status began (lifecycle §1). `reason` on the wire is `<zh> / <en>`. The UI translates the code itself. */
export const STATUS_REASONS = STATUS_REASON_TEXTS;
export type StatusReasonCode = keyof typeof STATUS_REASONS;

/** Why a node was removed from the pool (lifecycle §1, last row). */
export const REMOVAL_REASONS = ['node_left', 'removed', 'expired'] as const;
export type RemovalReasonCode = (typeof REMOVAL_REASONS)[number];

export const HEALTH_CHECKS = ['heartbeat', 'gpu', 'models'] as const;
export type HealthCheckName = (typeof HEALTH_CHECKS)[number];
export const HEALTH_CODES = ['heartbeat_late', 'gpu_unavailable', 'model_not_ready'] as const;
export type HealthCode = (typeof HEALTH_CODES)[number];

/** Why a node is not a candidate for a job, in the order of the filters (lifecycle §3). */
export const EXCLUSION_REASONS = [
  'not_requested_node',
  'status_not_ready',
  'not_online',
  'quarantined',
  'not_in_public_pool',
  'gpu_unavailable',
  'model_not_available',
  'model_failing',
  'capacity_exceeded',
  'resource_threshold_exceeded',
] as const;
export type ExclusionReason = (typeof EXCLUSION_REASONS)[number];

/** The text of a status reason on the wire. */
export const reasonOf = (code: StatusReasonCode): string => bilingual(STATUS_REASON_TEXTS[code]);
