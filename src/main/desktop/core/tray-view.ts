// The icon, the tooltip and the menu of the tray, from the state of the app. Pure.
import type { AppState } from '../../../shared/api/app-state';
import { tomorrowWallMs } from '../../../shared/api/pause-times';
import { runningJobsOf, sharingChoiceOf, type SharingOff, sharingOffOf } from '../../../shared/api/sharing-choice';
import type { Language, Localized } from '../../../shared/language';
import { clockText, type OwnShape, type OwnState, ownStateOf } from './own-state';

export type TrayAction = 'share' | 'stop' | 'pause_hour' | 'pause_tomorrow' | 'pause_open' | 'open' | 'settings' | 'quit';

export type TrayItem =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'separator' }
  | { readonly type: 'action'; readonly action: TrayAction; readonly text: string; readonly enabled: boolean }
  | { readonly type: 'menu'; readonly text: string; readonly enabled: boolean; readonly items: readonly TrayItem[] };

export interface TrayView {
  readonly icon: OwnShape;
  readonly tooltip: string;
  readonly menu: readonly TrayItem[];
}

const TEXTS = {
  share: { en: 'Share', zh: '共享' },
  stop: { en: 'Stop after current jobs', zh: '完成当前任务后停止' },
  pause: { en: 'Pause', zh: '暂停' },
  pause_hour: { en: 'For 1 hour', zh: '1 小时' },
  pause_open: { en: 'Until I resume', zh: '直到我恢复' },
  open: { en: 'Open Muster', zh: '打开 Muster' },
  settings: { en: 'Settings', zh: '设置' },
  quit: { en: 'Quit', zh: '退出' },
} as const satisfies Readonly<Record<string, Localized>>;

/** Why the entries about sharing are disabled. */
const OFF_TEXTS: Readonly<Record<SharingOff, Localized>> = {
  idle: { en: 'This computer is in no pool, so it shares nothing.', zh: '本机不在任何算力池中，因此不共享。' },
  no_gpu: { en: 'This computer has no usable GPU, so it shares nothing.', zh: '本机没有可用的显卡，因此不共享。' },
  no_role: { en: 'This computer does not have the role Node, so it shares nothing.', zh: '本机没有“节点”角色，因此不共享。' },
  refused: { en: 'The pool refuses this computer, so it shares nothing.', zh: '算力池拒绝了本机，因此不共享。' },
  host_starting: {
    en: 'Your pool is starting. Until it runs, this computer shares nothing.',
    zh: '你的算力池正在启动，启动完成前本机不共享。',
  },
  host_failed: { en: 'Your pool stopped, so this computer shares nothing.', zh: '你的算力池已停止，因此本机不共享。' },
  host_restarting: {
    en: 'Your pool restarts. Until it runs, this computer shares nothing.',
    zh: '你的算力池正在重启，恢复运行前本机不共享。',
  },
};

/** `state` null: the program opens. */
export function trayView(state: Pick<AppState, 'agent' | 'host'> | null, nowWallMs: number, language: Language): TrayView {
  const { agent, host } = state ?? { agent: null, host: null };
  const own = ownStateOf({ agent, host }, nowWallMs);
  const off = sharingOffOf({ agent, host });
  const canShare = agent !== null && off === null;
  const choice = agent === null ? 'share' : sharingChoiceOf(agent.pause ?? null, runningJobsOf(agent));
  const action = (name: Exclude<TrayAction, 'pause_tomorrow'>, enabled = true): TrayItem => ({
    type: 'action',
    action: name,
    text: TEXTS[name][language],
    enabled,
  });
  return {
    icon: own.shape,
    tooltip: tooltipOf(own, language),
    menu: [
      { type: 'text', text: lineOf(own, language) },
      ...(off === null ? [] : [{ type: 'text', text: OFF_TEXTS[off][language] } as const]),
      { type: 'separator' },
      action('share', canShare && choice !== 'share'),
      action('stop', canShare && choice === 'share'),
      {
        type: 'menu',
        text: TEXTS.pause[language],
        enabled: canShare,
        items: [
          action('pause_hour'),
          { type: 'action', action: 'pause_tomorrow', text: tomorrowText(nowWallMs, language), enabled: true },
          action('pause_open'),
        ],
      },
      { type: 'separator' },
      action('open'),
      action('settings'),
      { type: 'separator' },
      action('quit'),
    ],
  };
}

function tomorrowText(nowWallMs: number, language: Language): string {
  const atWallMs = tomorrowWallMs(nowWallMs);
  const time = clockText(atWallMs, atWallMs, language);
  return language === 'zh' ? `到明天 ${time}` : `Until tomorrow, ${time}`;
}

/** `Muster: available, 1 of 2 slots in use` */
function tooltipOf({ word, reason }: OwnState, language: Language): string {
  const parts = [word[language], ...(reason === null ? [] : [reason[language]])];
  return language === 'zh' ? `Muster：${parts.join('，')}` : `Muster: ${parts.join(', ')}`;
}

/** `Available · 1 of 2 slots in use` */
function lineOf({ word, reason }: OwnState, language: Language): string {
  const first = word[language].slice(0, 1).toUpperCase() + word[language].slice(1);
  return reason === null ? first : `${first} · ${reason[language]}`;
}
