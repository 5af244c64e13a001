// Texts and figures in the language of the screen. A newer program may send codes that have no text: they are shown as they are.
import type { TFunction } from 'i18next';
import { createContext, useContext, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Catalogue } from './en/index';
import { createFormat, type Format, type Language } from './format';
import { hasText } from './texts';

type Flat<Group> = { [Name in keyof Group]: Group[Name] extends Record<string, string> ? Name : never }[keyof Group];
/** Groups of the catalogue with one text for each code. */
export type CodeGroup = Flat<Catalogue>;

export interface Labels {
  readonly t: TFunction;
  readonly format: Format;
  readonly language: Language;
  /** The text of a code; an unknown code is shown as it is. */
  readonly code: (group: CodeGroup, code: string, values?: Record<string, unknown>) => string;
  /** Between two sentences: empty in Chinese. */
  readonly gap: string;
  /** `just now`, then in steps of 5 s, so that a page of ages is not drawn each second. Clocks of two machines may differ: never negative. */
  readonly ago: (wallMs: number, nowWallMs: number) => string;
}

const AGE_STEP_MS = 5000;

export function createLabels(t: TFunction, language: Language): Labels {
  const format = createFormat(language);
  return {
    t,
    format,
    language,
    code: (group, code, values = {}) => (isCode(group, code) ? t(`${group}.${code}` as 'status.ready', values) : code),
    gap: language === 'zh-CN' ? '' : ' ',
    ago: (wallMs, nowWallMs) => {
      const ageMs = Math.floor((nowWallMs - wallMs) / AGE_STEP_MS) * AGE_STEP_MS;
      return ageMs <= 0 ? t('age.now') : t('age.ago', { age: format.duration(ageMs) });
    },
  };
}

/** Whether the catalogues have a text for the code. */
export const isCode = (group: CodeGroup, code: string): boolean => hasText(group, code);

/** One object for all components: a table has hundreds of cells, and the formats of Intl are expensive to build. */
const LabelsContext = createContext<Labels | null>(null);
export const LabelsProvider = LabelsContext.Provider;

export function useLabels(): Labels {
  const labels = useContext(LabelsContext);
  if (labels === null) throw new Error('no LabelsProvider');
  return labels;
}

/** The value for the provider: it changes with the language. */
export function useTranslatedLabels(): Labels {
  const { t, i18n } = useTranslation();
  const language = i18n.language as Language;
  return useMemo(() => createLabels(t, language), [t, language]);
}
