// 简体中文：图表、占用条、步进控件、通知、命令面板。
import type { parts as en } from '../en/parts';

export const parts: typeof en = {
  chart: {
    show_table: '显示为表格',
    show_chart: '显示为图表',
    column_time: '时间',
    span: '{{from}} 至 {{to}}',
    time: '{{span}}。',
    values: '{{name}}：最新 {{last}}，最低 {{low}}，最高 {{high}}。',
    no_values: '{{name}}：未报告。',
    limit: '{{limit}}。',
    gaps: '未报告：{{gaps}}。',
    events: '事件：{{events}}。',
    times: '{{count}} 次',
    all_zero: '无',
  },
  legend: {
    pool: '算力池',
    owner: { own: '你', node: '所有者', pool: '所有者' },
    used: '未区分',
    free: '空闲',
    limit: '上限',
  },
  stepper: { less: '减少：{{label}}', more: '增加：{{label}}' },
  toast: { label: '消息', undo: '撤销' },
  palette: {
    title: '搜索与命令',
    placeholder: '页面、节点、模型、任务 ID 或操作',
    list: '结果',
    group: { recent: '最近使用', actions: '操作', nodes: '节点', models: '模型', jobs: '任务', pages: '页面' },
    model_here: '本机',
    model_nodes_one: '{{shown}} 个节点',
    model_nodes_other: '{{shown}} 个节点',
    open_job: '打开任务 {{id}}',
    none: '没有匹配的结果。',
    move: '移动',
    run: '打开',
    results_one: '{{count}} 个结果',
    results_other: '{{count}} 个结果',
  },
};
