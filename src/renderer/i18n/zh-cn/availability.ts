// 简体中文：节点的可用状态与原因，以及节点的使用率与上限。所有显示节点的页面共用。
import { AVAILABILITY_TEXTS, LIMIT_SOURCE_TEXTS } from '../../../shared/reasons/availability';
import type { availability as en } from '../en/availability';
import { reasonLabels, reasonPhrases } from '../reason-labels';

export const availability: typeof en = {
  availability: reasonLabels(AVAILABILITY_TEXTS, 'zh'),
  /** Inside a sentence. */
  availability_phrase: reasonPhrases(AVAILABILITY_TEXTS, 'zh'),
  availability_reason: {
    slots: '任务槽位已用 {{used}}/{{total}}',
    slots_later_one: '任务成功后再开放 {{count}} 个',
    slots_later_other: '任务成功后再开放 {{count}} 个',
    next: '约 {{left}}后空出',
    next_slot: '约 {{left}}后空出槽位',
    load: '{{use}} {{percent}}，上限 {{limit}}',
    memory: '可用内存 {{available}}，需要 {{required}}',
    memory_short: '可用 {{available}}，需 {{required}}',
    more_limits_one: '{{label}}，另有 {{count}} 项',
    more_limits_other: '{{label}}，另有 {{count}} 项',
    load_unknown: '尚未报告使用率',
    quarantined: '被管理员隔离',
    drained_by: { operator: '由管理员排空', node: '由节点所有者停止' },
    drained_short: { operator: '管理员', node: '所有者' },
    note: '{{reason}}：{{note}}',
    at_most: '最多 {{left}}',
    jobs_left_zero: '没有剩余任务',
    jobs_left_one: '剩余 {{count}} 个任务',
    jobs_left_other: '剩余 {{count}} 个任务',
    deadline: '{{jobs}}，最多 {{left}}',
    checks: '已通过 {{passed}}/{{required}} 次检查',
    silent: '已 {{age}}没有心跳',
    never: '尚无心跳',
    asleep: '已 {{age}}',
    waking: '唤醒中，已 {{age}}',
    waking_short: '唤醒中 {{age}}，约需 {{usual}}',
    waking_usual: '唤醒中，已 {{age}}，通常需要 {{usual}}',
  },
  wake: {
    /** Of a waiting job. */
    node: '正在唤醒 <b>{{node}}</b>。',
    node_about: '正在唤醒 <b>{{node}}</b>，约需 {{time}}。',
    /** Of a sleeping node. */
    allowed: '没有其他节点能执行的任务会唤醒此节点。',
    allowed_about: '没有其他节点能执行的任务会唤醒此节点，通常 {{time}}后就绪。',
    not_allowed: '任务不会唤醒此节点。',
  },
  use_name: { cpu: 'CPU', gpu: 'GPU', mem: '内存' },
  limit_source: reasonPhrases(LIMIT_SOURCE_TEXTS, 'zh'),
  own_limit_source: {
    owner: '由你设置',
    scheduler: '由算力池的管理员设置',
    own_pool: '此算力池只有一个节点',
    default: '默认值',
  },
  load: {
    title: '接收任务的条件',
    node_title: '使用率与上限',
    own_note: 'CPU 和 GPU 只计你自己的使用，不计算力池任务的使用。',
    owner: { own: '你', node: '所有者' },
    pool: '算力池',
    in_use: '已用',
    share: '{{name}}\u00a0{{percent}}',
    limit_value: '上限 {{limit}}',
    limit_by: '{{limit}}，{{source}}',
    no_limit: '无上限',
    limit_unknown: '上限未报告',
    below: '低于上限',
    above: '已达上限',
    size: { cpu_one: '{{count}} 核', cpu_other: '{{count}} 核' },
    change_own: '上限在“设置”的“共享”中设置。',
    change_limit: '更改上限',
    change_node: '节点所有者和管理员都可设置上限，所有者的设置优先。两者都在“设置”中更改：所有者在“共享”，管理员在“调度”。',
  },
  node_counts: {
    simulated: '{{formatted}} 个模拟节点',
    filter: '按状态筛选节点',
  },
};
