// Words outside of a component, for pure functions that take them.
import type { Language } from '../../../../src/renderer/i18n/format';
import { createI18n } from '../../../../src/renderer/i18n/i18n';
import { createWords, type Words } from '../../../../src/renderer/i18n/use-words';

export const wordsIn = (language: Language): Words => createWords(createI18n(language).t, language);
