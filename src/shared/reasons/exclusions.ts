// Texts of the exclusion codes (lifecycle §3): why a node is not a candidate for a job, without the values of one exclusion.
import type { ExclusionReason } from '../protocol/status';
import type { ReasonText } from './reason-text';

export const EXCLUSION_TEXTS: Readonly<Record<ExclusionReason, ReasonText>> = {
  not_requested_node: { zh: '任务指定了其他节点', en: 'the job is for another node' },
  status_not_ready: { zh: '未就绪', en: 'not ready' },
  not_online: { zh: '未连接', en: 'not connected' },
  quarantined: { zh: '已被隔离', en: 'quarantined' },
  not_in_public_pool: { zh: '只接受私有任务', en: 'accepts private jobs only' },
  gpu_unavailable: { zh: '没有合适的显卡', en: 'no suitable GPU' },
  model_not_available: { zh: '模型不可用', en: 'model not available' },
  model_failing: { zh: '模型在此节点上连续失败', en: 'the model keeps failing there' },
  vram_insufficient: { zh: '显存不足', en: 'not enough free GPU memory' },
  capacity_exceeded: { zh: '没有空闲的任务槽位', en: 'no free job slot' },
  resource_threshold_exceeded: { zh: '使用率达到上限', en: 'load at its limit' },
};
