// 简体中文：图表、占用条、步进控件。
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
};
