// 简体中文：命令面板的搜索词。
import type { Catalogue } from '../en/index';

export const palette: Pick<Catalogue, 'palette_search'> = {
  palette_search: {
    page: {
      computer: '首页 状态 概览 共享 暂停 恢复 停止 离开 home share pause resume stop',
      gpus: '显卡 显存 温度 驱动 限制 nvidia amd vram driver',
      pool: '概览 托管 共享 停止 启动 加入 离开 邀请 链接 地址 网址 浏览器 管理页面 host share stop join invite dashboard url',
      nodes: '电脑 机器 服务器 排空 恢复 停止 computers drain',
      models: '大模型 下载 安装 加载 卸载 llm download ollama',
      jobs: '请求 队列 等待 历史 错误 requests queue',
      members: '用户 密钥 令牌 密码 角色 邀请 撤销 权限 审计 keys api token invite',
      usage: '令牌 统计 费用 上限 tokens statistics',
      cluster: '领导者 故障转移 调度器 高可用 leader failover',
      try: '聊天 提问 提示词 测试 chat ask prompt',
      connect: '接口 密钥 令牌 地址 编辑器 客户端 代码 api key url openai curl',
      setup: '首次使用 开始 加入 共享 托管 自己的模型 start join share',
      logs: '错误 问题 诊断 报告 调试 errors diagnostics',
      settings: '选项 偏好 语言 主题 深色 时间表 上限 更新 版本 关于 language theme update version',
    },
    act: {
      resume_sharing: '共享 继续 开启 启动 share resume start',
      pause_sharing: '停止 关闭 结束 共享 stop pause off',
      invite: '添加 成员 节点 共享 加入 链接 invite share',
      new_key: '新建 生成 令牌 密码 接口 api key token',
    },
  },
};
