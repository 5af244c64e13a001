// 简体中文：本机提供的工作量、槽位与模型。
import type { computer as en } from '../en/computer';

export const computer: typeof en = {
  contribution: {
    title: '提供给 {{pool}} 的算力',
    times: '今天与最近 7 天',
    jobs: '任务',
    tokens: '词元',
    time: '任务运行时间',
    energy: '耗电（估算）',
    week: '近 7 天：{{value}}',
    per_hour: '今天每小时的任务数',
  },
  running: {
    title: '运行中',
    here: '本机正在运行',
    all: '全部任务',
    other_one: '{{count}} 个算力池任务',
    other_other: '{{count}} 个算力池任务',
    closed: { paused: '暂停期间不接收任务', registering: '检查通过后开始接收任务', now: '当前不接收新任务' },
    free: '空闲槽位',
    free_count_one: '{{count}} 个空闲槽位',
    free_count_other: '{{count}} 个空闲槽位',
  },
  models_here: {
    required: '算力池要求此模型',
    title: '本机模型',
    all: '全部模型',
    more_one: '另有 {{count}} 个',
    more_other: '另有 {{count}} 个',
    folder: '模型文件夹',
  },
};
