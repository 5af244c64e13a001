// Texts of the reasons of a status (lifecycle §1, which specifies them).
import type { ReasonText } from './reason-text';

export const STATUS_REASON_TEXTS = {
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
} as const satisfies Readonly<Record<string, ReasonText>>;
