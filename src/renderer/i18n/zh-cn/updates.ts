// 简体中文：设置中的应用更新。
import type { updates as en } from '../en/updates';

export const updates: typeof en = {
  update: {
    current: '当前版本：Muster {{version}}',
    current_help: '启动后尚未检查更新。',
    up_to_date: 'Muster {{version}} 已是最新版本',
    checked: '检查时间：{{time}}。',
    checking: '正在检查…',
    available: '有新版本 Muster {{version}}',
    available_help: '{{size}}，下载期间继续共享。',
    downloading: '正在下载 Muster {{version}}',
    have: '当前版本：{{version}}。',
    waiting: '正在等待服务器响应…',
    downloading_help: '已下载 {{received}}，共 {{size}}',
    ready: 'Muster {{version}} 可以安装',
    ready_help: 'Muster 会断开连接、安装更新并重新启动。5 秒后仍在运行的任务会重新排队。系统可能要求输入密码。',
    installing: '此窗口关闭后安装 Muster {{version}}',
    check: '检查更新',
    download: '下载',
    cancel: '取消',
    reason: '原因：{{reason}}',
    install: '重启并安装',
    again: '重试',
  },
  update_failed: { check: '检查失败', download: '下载失败', install: '更新未安装' },
  update_fault: {
    unreachable: '服务器没有正常响应，请稍后重试。',
    unsigned: '更新服务器的响应没有有效签名，未下载任何内容。',
    invalid: '服务器的响应不是有效的版本信息，未下载任何内容。',
    no_package: '新版本没有适用于此安装方式的安装包。',
    corrupt: '下载的文件与发布的文件不一致，已删除。',
    not_saved: '无法保存文件，请检查磁盘剩余空间。',
    not_installed: '安装程序已结束，但新版本未安装，旧版本仍在运行。',
  },
  update_obstacle: {
    no_feed: '此构建没有更新来源，请手动安装新版本。',
    unpacked: 'Muster 正从源代码运行，请更新源代码。',
    package_manager: '由此系统的软件包管理器更新 Muster。',
    archive: '此副本由压缩包解压而来，请用新版本覆盖。',
    macos: 'Muster 在 macOS 上不会自动更新，请手动安装新版本。',
  },
};
