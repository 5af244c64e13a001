// A text that the program sends in both languages, in the language of the screen.
import type { Localized } from '../../shared/language';
import type { Labels } from '../i18n/use-labels';

export const localized = ({ language }: Pick<Labels, 'language'>, text: Localized): string => text[language === 'zh-CN' ? 'zh' : 'en'];
