// Texts of the reasons for which an owner pauses a node (ADR 0026).
import type { PauseCode } from '../protocol/pauses';
import type { ReasonText } from './reason-text';

export const PAUSE_TEXTS: Readonly<Record<PauseCode, ReasonText>> = {
  owner: { zh: '由所有者暂停', en: 'paused by its owner' },
  schedule: { zh: '不在共享时段', en: 'outside its schedule' },
  full_screen: { zh: '有全屏程序', en: 'full-screen program' },
  process: { zh: '指定程序正在使用显卡', en: 'a chosen program uses a GPU' },
  battery: { zh: '正在使用电池', en: 'on battery' },
  temperature: { zh: 'GPU 温度过高', en: 'GPU too hot' },
};
