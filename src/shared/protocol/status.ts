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
  'vram_insufficient',
  'capacity_exceeded',
  'resource_threshold_exceeded',
] as const;
export type ExclusionReason = (typeof EXCLUSION_REASONS)[number];

/**
 * What a node can do now (docs/dispatch.md, Availability). `asleep`: its computer sleeps. `paused`: drained or quarantined, and
 * connected. The scheduler derives it from status, connection, slots and load.
 */
export const AVAILABILITY_STATES = [
  'available',
  'full',
  'busy',
  'paused',
  'draining',
  'registering',
  'degraded',
  'asleep',
  'disconnected',
  'offline',
] as const;
export type AvailabilityState = (typeof AVAILABILITY_STATES)[number];

/** Who set a limit of the load. `own_pool`: a scheduler on loopback with one node has none. */
export const LIMIT_SOURCES = ['owner', 'scheduler', 'own_pool', 'default'] as const;
export type LimitSource = (typeof LIMIT_SOURCES)[number];

/** The text of a status reason on the wire. */
export const reasonOf = (code: StatusReasonCode): string => bilingual(STATUS_REASON_TEXTS[code]);
