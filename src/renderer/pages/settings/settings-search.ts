// The search over the Settings page. Pure. A search finds what has every word, in the titles and sentences of both languages, in the names of
// sections and choices as shown, or in other usual words for them.
import type { SettingView } from '../../../shared/api/settings';
import type { Localized } from '../../../shared/language';
import type { Labels } from '../../i18n/use-labels';
import { OWN_SECTIONS } from './setting-sections';

/** Further words for a setting whose texts have the first one. */
const ALIASES: readonly (readonly [string, string])[] = [
  ['limit', 'maximum max'],
  ['maximum', 'limit max most'],
  ['上限', '限制 最大'],
  ['log in', 'autostart startup boot 自启动 开机启动'],
  ['gpu', '显卡 graphics card'],
  ['vram', '显存 video memory'],
  ['pause', 'stop 停止'],
  ['notify', 'notification alert 通知 提醒'],
  ['announce', 'mdns bonjour discovery 发现'],
  ['certificate', 'tls ssl https 证书'],
  ['schedule', 'hours night 夜间'],
];

/** These have no configuration keys. A window has the texts of one language only. */
const OWN_WORDS: Readonly<Record<(typeof OWN_SECTIONS)[number], string>> = {
  appearance: 'appearance language theme dark light contrast english chinese 外观 语言 主题 深色 浅色 高对比度 中文',
  about: 'about version licence license shortcut guide problem report 关于 版本 许可证 快捷键 指南 问题',
};

/** The words of a search. Empty: everything is found. */
export const wordsOf = (search: string): readonly string[] => search.toLowerCase().split(/\s+/).filter(Boolean);

export function searchSettings(labels: Labels, settings: readonly SettingView[], search: string): readonly SettingView[] {
  const words = wordsOf(search);
  return settings.filter((setting) => hasAll(textOf(labels, setting), words));
}

/** The sections without configuration keys that a search finds. */
export const searchOwnSections = ({ t }: Pick<Labels, 't'>, search: string) =>
  OWN_SECTIONS.filter((name) => hasAll(`${t(`setting_section.${name}`)} ${OWN_WORDS[name]}`.toLowerCase(), wordsOf(search)));

function textOf(labels: Labels, { title, help, key, section, choices, env }: SettingView): string {
  const text = [
    ...[title, help].flatMap(both),
    labels.t(`setting_section.${section}`),
    ...[key, env, ...choices],
    ...choices.map((choice) => labels.code('setting_choice', choice)),
  ]
    .join('\n')
    .toLowerCase();
  return [text, ...ALIASES.flatMap(([word, others]) => (text.includes(word) ? [others] : []))].join('\n');
}

const both = ({ en, zh }: Localized): readonly string[] => [en, zh];
const hasAll = (text: string, words: readonly string[]): boolean => words.every((word) => text.includes(word));

/** The text in parts, of which each second one matches a word. */
export function markedParts(text: string, words: readonly string[]): readonly string[] {
  if (words.length === 0) return [text];
  const pattern = new RegExp(`(${words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})`, 'gi');
  return text.split(pattern);
}
