// 简体中文：在表格中搜索。
import type { table as en } from '../en/table';

export const table: typeof en = {
  table: {
    search_nodes: '搜索节点',
    search_models: '搜索模型',
    search_jobs: '搜索此列表，或输入任务 ID',
    search_members: '名称、密钥、模型',
    all: '全部',
    sort_by: '排序方式',
    found: '{{found}} / {{total}}',
    none_found: '没有匹配的结果。',
  },
};
