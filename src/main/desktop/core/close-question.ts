// The question when the window is closed for the first time: stay in the background, or quit. Not every desktop shows a tray, so no button
// promises one. Pure.
import type { AppState } from '../../../shared/api/app-state';
import { noSharingOf, runningJobsOf } from '../../../shared/api/sharing-choice';
import type { Language, Localized } from '../../../shared/language';

export interface CloseQuestion {
  readonly message: string;
  readonly detail: string;
  readonly startAtLogin: string;
  /** In the order of the buttons of the dialog. */
  readonly buttons: { readonly stay: string; readonly quit: string; readonly cancel: string };
}

const TEXTS = {
  sharing: { en: 'Keep sharing in the background?', zh: '在后台继续共享吗？' },
  running: { en: 'Keep Muster running in the background?', zh: '让 Muster 在后台继续运行吗？' },
  stay_sharing: {
    en: '"Keep sharing" closes the window only. Start Muster again, or use its icon in the tray, to show the window. You can change this in Settings.',
    zh: '选择“继续共享”后，只关闭窗口。再次启动 Muster 或点击托盘图标即可显示窗口。此选择可在“设置”中更改。',
  },
  stay_running: {
    en: '"Keep running" closes the window only. Start Muster again, or use its icon in the tray, to show the window. You can change this in Settings.',
    zh: '选择“继续运行”后，只关闭窗口。再次启动 Muster 或点击托盘图标即可显示窗口。此选择可在“设置”中更改。',
  },
  start: { en: 'Start Muster when I log in', zh: '登录时启动 Muster' },
  keep_sharing: { en: 'Keep sharing', zh: '继续共享' },
  keep_running: { en: 'Keep running', zh: '继续运行' },
  stop_sharing: { en: 'Quit, stop sharing', zh: '退出并停止共享' },
  quit: { en: 'Quit', zh: '退出' },
  cancel: { en: 'Cancel', zh: '取消' },
} as const satisfies Readonly<Record<string, Localized>>;

export function closeQuestion({ agent, host }: Pick<AppState, 'agent' | 'host'>, language: Language): CloseQuestion {
  const isHosting = host !== null && host.state !== 'stopped';
  // A pool with scope `this_computer` serves this computer alone.
  const isSharing = isHosting ? host.scope === 'lan' : agent !== null && noSharingOf(agent) === null;
  const jobs = agent === null ? 0 : runningJobsOf(agent);
  const text = (key: keyof typeof TEXTS): string => TEXTS[key][language];
  return {
    message: text(isSharing ? 'sharing' : 'running'),
    detail: `${text(isSharing ? 'stay_sharing' : 'stay_running')}${jobsText(jobs, language)}`,
    startAtLogin: text('start'),
    buttons: {
      stay: text(isSharing ? 'keep_sharing' : 'keep_running'),
      quit: text(isSharing ? 'stop_sharing' : 'quit'),
      cancel: text('cancel'),
    },
  };
}

function jobsText(jobs: number, language: Language): string {
  if (jobs === 0) return '';
  if (language === 'zh') return ` 本机正在运行 ${String(jobs)} 个任务。`;
  return jobs === 1 ? ' 1 job runs here.' : ` ${String(jobs)} jobs run here.`;
}
