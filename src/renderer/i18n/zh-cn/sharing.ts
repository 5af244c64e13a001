// 简体中文：本机是否共享，以及节点的暂停（ADR 0026）。
import { PAUSE_TEXTS } from '../../../shared/reasons/pauses';
import type { sharing as en } from '../en/sharing';
import { reasonPhrases } from '../reason-labels';

export const sharing: typeof en = {
  sharing: {
    label: '共享',
    share: '共享',
    stop: '完成当前任务后停止',
    pause: '暂停',
    menu: '暂停多久',
    hour: '1 小时',
    tomorrow: '到明天 {{time}}',
    resumed: '直到我恢复',
    running_jobs: '正在运行的任务',
    jobs_stay: '在本机完成',
    jobs_move: '转到其他电脑',
    this_computer: '共享本机',
    off: {
      idle: '本机不在任何算力池中，因此不共享。',
      no_gpu: '本机没有可用的显卡，因此不共享。',
      no_role: '本机没有“节点”角色，因此不共享。',
      refused: '算力池拒绝了本机，因此不共享。',
      host_starting: '你的算力池正在启动，启动完成前本机不共享。',
      host_failed: '你的算力池已停止，因此本机不共享。',
      host_restarting: '你的算力池正在重启，恢复运行前本机不共享。',
    },
    command_resume: '恢复本机的共享',
    command_stop: '当前任务完成后暂停共享',
    command_hour: '暂停共享 1 小时',
    shares: '本机已恢复共享',
    pauses: '本机不再接收新任务',
  },
  pause_cause: reasonPhrases(PAUSE_TEXTS, 'zh'),
  pause: {
    own: {
      open: '已暂停，直到你恢复',
      until: '已暂停到 {{time}}',
      rule: '已暂停：{{cause}}',
      rule_until: '已暂停：{{cause}}，{{time}} 恢复共享',
    },
    own_short: { open: '直到你恢复', until: '到 {{time}}', rule: '{{cause}}', rule_until: '{{cause}}，{{time}} 恢复共享' },
    own_next: {
      open: '之后暂停，直到你恢复。',
      until: '之后暂停到 {{time}}。',
      rule: '之后暂停：{{cause}}。',
      rule_until: '之后暂停：{{cause}}，{{time}} 恢复共享。',
    },
    stops_after_zero: '没有剩余任务，即将停止',
    stops_after_one: '完成 {{count}} 个任务后停止',
    stops_after_other: '完成 {{count}} 个任务后停止',
    stops_within: '{{jobs}}，{{left}}后截止',
    stopping: '{{stops}}\u00a0· {{pause}}',
    node_short: { open: '由所有者暂停', until: '由所有者暂停到 {{time}}', rule: '{{cause}}', rule_until: '{{cause}}，{{time}} 恢复共享' },
    node_cell: { open: '由所有者暂停', until: '到 {{time}}，由所有者暂停', rule: '{{cause}}', rule_until: '到 {{time}}，{{cause}}' },
    node: {
      open: '由所有者暂停',
      until: '由所有者暂停到 {{time}}',
      rule: '由所有者暂停：{{cause}}',
      rule_until: '由所有者暂停：{{cause}}，{{time}} 恢复共享',
    },
    cause: '{{cause}}（{{detail}}）',
    since: '{{since}} 起。只有所有者能恢复此节点。',
    next: '暂停结束或你选择“共享”后，本机才接收任务。',
    draining: '{{pause}}\u00a0· {{jobs}}',
    moves: '正在运行的任务转到其他电脑。',
  },
};
