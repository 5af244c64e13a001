// The codes of the lifecycle and of dispatch (lifecycle §1-3), with the texts of `reason`.

export const NODE_STATUSES = ['registering', 'ready', 'degraded', 'draining', 'offline'] as const;
export type NodeStatus = (typeof NODE_STATUSES)[number];

/** Why a status began (lifecycle §1). `reason` on the wire is `<zh> / <en>`. The UI translates the code itself. */
export const STATUS_REASONS = {
  registered: { zh: '已注册，正在预热', en: 'registered, warming up' },
  health_check_passed: { zh: '健康检查通过', en: 'health checks passed' },
  warmup_timeout: { zh: '预热超时', en: 'not healthy within the warm-up time' },
  health_check_failed: { zh: '健康检查失败', en: 'health checks failed' },
  health_recovered: { zh: '健康检查恢复', en: 'healthy again' },
  drain_requested: { zh: '已请求排空', en: 'drain requested' },
  drain_complete: { zh: '排空完成', en: 'drain complete' },
  drain_timeout: { zh: '排空超时', en: 'drain deadline passed' },
  resumed: { zh: '已恢复，正在预热', en: 'resumed, warming up' },
  heartbeat_timeout: { zh: '心跳超时', en: 'no heartbeat in time' },
} as const;
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
  'not_in_public_pool',
  'gpu_unavailable',
  'model_not_available',
  'capacity_exceeded',
  'resource_threshold_exceeded',
] as const;
export type ExclusionReason = (typeof EXCLUSION_REASONS)[number];

/** The text of a status reason on the wire. */
export const reasonOf = (code: StatusReasonCode): string => `${STATUS_REASONS[code].zh} / ${STATUS_REASONS[code].en}`;
