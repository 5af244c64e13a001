// Both languages are bundled: no text is fetched, so no text is late.
import { createInstance, type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Preferences } from '../store/preferences';
import { en } from './en/index';
import type { Language } from './format';
import { zhCn } from './zh-cn/index';

export function createI18n(language: Language): i18n {
  const instance = createInstance();
  void instance.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: { en: { translation: en }, 'zh-CN': { translation: zhCn } },
    initAsync: false,
    returnNull: false,
    interpolation: { escapeValue: false },
  });
  return instance;
}

/** The chosen language, or the first of the system's languages that has a catalogue. */
export function resolveLanguage(preferred: Preferences['language'], systemLanguages: readonly string[]): Language {
  if (preferred !== 'system') return preferred;
  for (const tag of systemLanguages) {
    if (/^zh\b/i.test(tag)) return 'zh-CN';
    if (/^en\b/i.test(tag)) return 'en';
  }
  return 'en';
}
