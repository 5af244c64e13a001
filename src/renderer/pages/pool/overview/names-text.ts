// The first names of some nodes, and how many more there are.
import type { Labels } from '../../../i18n/use-labels';

export function namesText({ t, format }: Labels, { count, names }: { readonly count: number; readonly names: readonly string[] }): string {
  const list = names.join(t('punctuation.list'));
  return count > names.length ? t('pool_overview.item.names_more', { names: list, more: format.number(count - names.length) }) : list;
}
