// Texts of how the node of a job was chosen, and of why a job waits for a full node (ADR 0024). The codes are in src/shared/api/prediction.ts
// and prediction-remark.ts.
import type { ReasonText } from './reason-text';

export const ROUTE_TEXTS = {
  predicted: { zh: '预计最先完成', en: 'should finish first' },
  affinity: { zh: '该节点的缓存中可能已有此提示词，预计最先完成', en: 'should finish first, because the prompt is probably in its cache' },
  only: { zh: '只有该节点可用于此任务', en: 'the only node for this job' },
  fallback: { zh: '未预测时间，按节点的排序选择', en: 'the first node in rank order, because no times were predicted' },
} as const satisfies Readonly<Record<string, ReasonText>>;

export const HOLD_TEXTS = {
  held_for_node: { zh: '等待任务槽位已满、但预计更早完成的节点', en: 'waits for a full node that should finish the job earlier' },
} as const satisfies Readonly<Record<string, ReasonText>>;

export const REMARK_TEXTS = {
  trial: {
    zh: '该节点尚未运行过此模型，因此先获得一个任务，以测出其速度',
    en: 'the chosen node has not run the model yet, so it gets one job that shows its speed',
  },
  one_at_a_time: {
    zh: '尚未运行过此模型的节点已有一个任务，因此其他节点优先',
    en: 'a node that has not run the model yet has a job already, so other nodes come first',
  },
  failed_before: { zh: '此任务在更快的节点上失败过', en: 'the job failed on the faster node before' },
} as const satisfies Readonly<Record<string, ReasonText>>;
