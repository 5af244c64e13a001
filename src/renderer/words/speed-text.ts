// A measured speed in words, wherever a model is shown.
import type { Words } from '../i18n/use-words';

/** With as many decimals as tell anything: 3.25, 52.4, 180. */
export const speedText = (perSecond: number, { t, format }: Words): string =>
  t('measurement.tokens_per_second', { value: format.number(perSecond, perSecond < 10 ? 2 : perSecond < 100 ? 1 : 0) });
