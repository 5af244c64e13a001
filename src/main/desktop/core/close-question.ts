// The question when the window is closed for the first time: stay in the tray, or quit. Pure.
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
    en: '"Keep sharing" leaves Muster in the tray. Start Muster again to show the window. You can change this in Settings.',
    zh: '选择“继续共享”后，Muster 会留在托盘。再次启动 Muster 即可显示窗口。此选择可在“设置”中更改。',
  },
  stay_running: {
    en: 'In the tray, Muster keeps running. Start Muster again to show the window. You can change this in Settings.',
    zh: '留在托盘时，Muster 会继续运行。再次启动 Muster 即可显示窗口。此选择可在“设置”中更改。',
  },
  start: { en: 'Start Muster when I log in', zh: '登录时启动 Muster' },
  keep_sharing: { en: 'Keep sharing', zh: '继续共享' },
  keep_running: { en: 'Stay in the tray', zh: '留在托盘' },
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
