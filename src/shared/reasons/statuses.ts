// Texts of the reasons of a status (lifecycle §1, which specifies them).
import type { ReasonText } from './reason-text';

export const STATUS_REASON_TEXTS = {
  registered: { zh: '已注册，正在预热', en: 'registered, warming up' },
  health_check_passed: { zh: '健康检查全部通过', en: 'all health checks passed' },
  warmup_timeout: { zh: '未在预热时间内通过健康检查', en: 'health checks not passed within the warm-up time' },
  health_check_failed: { zh: '健康检查失败', en: 'health checks failed' },
  health_recovered: { zh: '健康检查恢复正常', en: 'health checks pass again' },
  drain_requested: { zh: '已请求排空', en: 'drain requested' },
  drain_complete: { zh: '已排空，全部任务已完成', en: 'drained, all jobs finished' },
  drain_timeout: { zh: '已到排空截止时间，剩余任务重新排队', en: 'drain deadline reached, remaining jobs requeued' },
  resumed: { zh: '已恢复，正在预热', en: 'resumed, warming up' },
  asleep: { zh: '电脑已睡眠', en: 'its computer went to sleep' },
  heartbeat_timeout: { zh: '心跳超时', en: 'heartbeat timeout' },
} as const satisfies Readonly<Record<string, ReasonText>>;
