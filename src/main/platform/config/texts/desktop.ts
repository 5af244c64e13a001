// Texts of the settings of the desktop app (`../desktop-keys.ts`).
import { settingText as row } from './setting-text';

export const DESKTOP_TEXTS = {
  'desktop.on_close': row(
    ['When the window is closed', '关闭窗口时'],
    [
      'With the choice “Keep running”, Muster goes on sharing without its window. Only in the desktop app.',
      '选择“继续运行”后，Muster 在没有窗口时继续运行和共享。仅适用于桌面应用。',
    ],
  ),
  'desktop.start_at_login': row(
    ['Start Muster when I log in', '登录时启动 Muster'],
    ['Muster starts in the tray, without a window.', 'Muster 启动后位于托盘，不打开窗口。'],
  ),
  'desktop.check_for_updates': row(
    ['Check for updates once a day', '每天检查一次更新'],
    [
      'Muster only asks for the newest version. It downloads and installs nothing without your click.',
      '仅查询最新版本，未经你点击不会下载或安装。',
    ],
  ),
  'desktop.notify_joined': row(
    ['Notify when a computer joins', '有电脑加入时通知'],
    ['Another computer joined the pool that this computer hosts.', '其他电脑加入了本机托管的算力池。'],
  ),
  'desktop.notify_join_request': row(
    ['Notify when a computer asks to join', '有电脑请求加入时通知'],
    ['You compare six digits before it joins.', '核对六位数字后，该电脑才会加入。'],
  ),
  'desktop.notify_job_failed': row(
    ['Notify when a job fails here', '本机任务失败时通知'],
    ['A job of the pool failed on this computer.', '算力池的任务在本机失败。'],
  ),
  'desktop.notify_node_lost': row(
    ['Notify when a node is lost', '节点失联时通知'],
    ['A node of the hosted pool does not answer, or a pool refuses this computer.', '托管的算力池中有节点失联，或算力池拒绝了本机。'],
  ),
  'desktop.notify_pool_full': row(
    ['Notify when the pool stays full', '算力池持续满载时通知'],
    [
      'Jobs of the hosted pool wait for 5 minutes, because all nodes are full or busy.',
      '托管的算力池中，所有节点都已满或繁忙，任务已等待 5 分钟。',
    ],
  ),
  'desktop.notify_paused': row(
    ['Notify when a rule pauses sharing', '规则暂停共享时通知'],
    ['For example a full-screen program. Not when you pause by hand.', '例如有全屏程序时。手动暂停时不通知。'],
  ),
  'desktop.notify_update': row(
    ['Notify when a new version is available', '有新版本时通知'],
    ['Muster installs nothing without your click.', '未经你点击，Muster 不会安装任何更新。'],
  ),
};
