// Did the heartbeat arrive within the timeout of the last one?
import type { HealthCheck } from './check-input';

export const heartbeatCheck: HealthCheck = ({ gapMs, policy: { heartbeatTimeoutMs } }) => {
  if (gapMs <= heartbeatTimeoutMs) return null;
  const lateMs = Math.round(gapMs - heartbeatTimeoutMs);
  return {
    check: 'heartbeat',
    code: 'heartbeat_late',
    message: `心跳迟到 ${String(lateMs)} 毫秒 / heartbeat ${String(lateMs)} ms late`,
    details: { late_ms: lateMs, timeout_ms: heartbeatTimeoutMs },
  };
};
