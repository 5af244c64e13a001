// The texts in the language of the screen. The texts of another language are loaded when the user chooses it: until then the screen keeps
// its language.
import { createInstance, type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Preferences } from '../store/preferences';
import type { Language } from './format';
import { loadTexts, onTexts, textsIn } from './texts';

const NAMESPACE = 'translation';

/** The first texts of the language must be loaded. Texts that are loaded later are added. */
export function createI18n(language: Language): i18n {
  const instance = createInstance();
  void instance.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: { [language]: { [NAMESPACE]: textsIn(language) ?? {} } },
    initAsync: false,
    returnNull: false,
    interpolation: { escapeValue: false },
  });
  onTexts((loadedLanguage, texts) => {
    instance.addResourceBundle(loadedLanguage, NAMESPACE, texts);
  });
  return instance;
}

/** `isWanted`: false when the user has chosen another language in the meantime. */
export async function changeLanguage(instance: i18n, language: Language, isWanted: () => boolean): Promise<void> {
  if (textsIn(language) === undefined) await loadTexts(language);
  if (!isWanted()) return;
  instance.addResourceBundle(language, NAMESPACE, textsIn(language));
  await instance.changeLanguage(language);
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
