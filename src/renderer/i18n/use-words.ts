// Words and figures in the language of the screen, and words for codes that a newer program may have added to.
import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { en, type Catalogue } from './en/index';
import { createFormat, type Format, type Language } from './format';

type Flat<Group> = { [Name in keyof Group]: Group[Name] extends Record<string, string> ? Name : never }[keyof Group];
/** Groups of the catalogue that hold words by code. */
export type CodeGroup = Flat<Catalogue>;

export interface Words {
  readonly t: TFunction;
  readonly format: Format;
  readonly language: Language;
  /** Words of a code; an unknown code is shown as it is. */
  readonly code: (group: CodeGroup, code: string, values?: Record<string, unknown>) => string;
  /** Between two sentences: Chinese puts no space there. */
  readonly gap: string;
  /** `3 s ago`; below a second `just now`. Clocks of two machines may differ: never negative. */
  readonly ago: (timeMs: number, nowMs: number) => string;
}

export function createWords(t: TFunction, language: Language): Words {
  const format = createFormat(language);
  return {
    t,
    format,
    language,
    code: (group, code, values = {}) => (isCode(group, code) ? t(`${group}.${code}` as 'status.ready', values) : code),
    gap: language === 'zh-CN' ? '' : ' ',
    ago: (timeMs, nowMs) => (nowMs - timeMs < 1000 ? t('age.now') : t('age.ago', { age: format.duration(nowMs - timeMs) })),
  };
}

/** True when there are words for the code; both catalogues have the same keys. */
export const isCode = (group: CodeGroup, code: string): boolean => Object.hasOwn(en[group], code);

export function useWords(): Words {
  const { t, i18n } = useTranslation();
  const language = i18n.language as Language;
  return useMemo(() => createWords(t, language), [t, language]);
}
