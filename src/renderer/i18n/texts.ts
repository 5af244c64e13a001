// The texts of the screens. A window loads the texts of its language only: those of two languages are a fifth of the code of the first page.
import type { Catalogue } from './en/index';
import type { Language } from './format';

const LOADS: Readonly<Record<Language, () => Promise<Catalogue>>> = {
  en: async () => (await import('./en/index')).en,
  'zh-CN': async () => (await import('./zh-cn/index')).zhCn,
};

const loaded = new Map<Language, Catalogue>();

export async function loadTexts(language: Language): Promise<Catalogue> {
  const texts = loaded.get(language) ?? (await LOADS[language]());
  loaded.set(language, texts);
  return texts;
}

/** Undefined: not loaded. */
export const textsIn = (language: Language): Catalogue | undefined => loaded.get(language);

type TextGroup = { [Name in keyof Catalogue]: Catalogue[Name] extends object ? Name : never }[keyof Catalogue];

/** Whether a group has a text. All languages have the same keys, so any loaded one has the answer. */
export function hasText(group: TextGroup, name: string): boolean {
  for (const texts of loaded.values()) return Object.hasOwn(texts[group], name);
  return false;
}
