// 简体中文：为何选择该节点，以及任务为何等待已满的节点。
import { HOLD_TEXTS, REMARK_TEXTS, ROUTE_TEXTS } from '../../../shared/reasons/routes';
import type { whyNode as en } from '../en/why-node';
import { reasonLabels } from '../reason-labels';

export const whyNode: typeof en = {
  route: reasonLabels(ROUTE_TEXTS, 'zh'),
  route_remark: reasonLabels(REMARK_TEXTS, 'zh'),
  hold: reasonLabels(HOLD_TEXTS, 'zh'),
  why_node: {
    title: '为何选择此节点',
    sentence: '{{reason}}。',
    table: '各节点的预测秒数',
    node: '节点',
    total: '合计（秒）',
    term: {
      slot: '等待任务槽位',
      wait: '其他提示词',
      load: '加载模型',
      input: '提示词',
      output: '回答',
    },
    unit: '到回答结束为止的预测秒数。速度根据以往任务得出。',
    chosen: '已选中',
    cached_one: '已缓存 {{tokens}} 个输入词元',
    cached_other: '已缓存 {{tokens}} 个输入词元',
    estimated: '按同类节点估算',
    displaced: '缓存淘汰：+{{seconds}} 秒',
    displaced_note: '缓存淘汰：此提示词会使其他提示词从缓存中被淘汰。重新处理它们的时间只用于比较节点，不计入合计。',
    nothing_known: '任一节点完成过此模型的请求后，其速度已知，之后便会预测时间。前提是调度策略为“{{predicted}}”。',
    predicted: '预测 {{seconds}} 秒',
    held: '预计在 <b>{{node}}</b> 上约 {{there}} 秒完成，在最快的空闲节点 <b>{{free}}</b> 上约 {{here}} 秒完成。',
    held_until: '任务最迟于 {{at}} 分配给空闲节点。',
    held_at_most: '任务最多等待 {{seconds}} 秒，之后分配给最快的空闲节点。未计入正在等待该节点的其他任务。',
    would_hold: '任务会先等待 <b>{{name}}</b>。',
    waits_for: '任务在等待此节点',
    best_free: '最快的空闲节点',
    input_tokens: '输入词元数',
    output_tokens: '输出词元数',
    as_expected: '由调度器估计',
    tokens_invalid: '请输入 0 到 1,000,000,000 之间的整数。',
  },
};
