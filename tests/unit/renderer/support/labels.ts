// Labels outside of a component, for tests of pure functions.
import type { Language } from '../../../../src/renderer/i18n/format';
import { createI18n } from '../../../../src/renderer/i18n/i18n';
import { createLabels, type Labels } from '../../../../src/renderer/i18n/use-labels';

export const labelsIn = (language: Language): Labels => createLabels(createI18n(language).t, language);
