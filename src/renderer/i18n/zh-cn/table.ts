// 简体中文：表格与快捷键。
import type { table as en } from '../en/table';

export const table: typeof en = {
  table: {
    search_models: '搜索模型',
    search_members: '名称、密钥、模型',
    all: '全部',
    sort_by: '排序方式',
    found: '{{found}} / {{total}}',
    none_found: '没有匹配的结果。',
    select_all: '全选',
    select_row: '选择 {{name}}',
    bulk: '已选的行',
    selected_one: '已选 {{shown}} 项',
    selected_other: '已选 {{shown}} 项',
    clear: '清除',
    filter: '筛选',
    add_filter: '添加筛选条件',
    remove_filter: '移除筛选条件 {{name}}',
    group: '分组',
    no_group: '无',
    columns: '列',
    columns_reset: '恢复默认',
  },
  shortcut: {
    title: '快捷键',
    next_row: '下一行',
    previous_row: '上一行',
    open_row: '打开该行',
    select_row: '选择该行',
    select_range: '选择到该行',
    clear_selection: '清除选择',
    search: '搜索表格',
    palette: '搜索页面、节点、模型和操作',
    list: '显示快捷键',
    undo: '撤销上一个操作',
  },
};
