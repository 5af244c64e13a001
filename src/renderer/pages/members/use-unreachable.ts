// Why a new invitation is of no use to other computers. Null: they reach the pool.
import { useLabels } from '../../i18n/use-labels';
import { useIsHeadlessShared } from '../../store/is-shared';
import { useApp } from '../../store/Screen';

export function useUnreachable(): string | null {
  const { t } = useLabels();
  const isHeadlessShared = useIsHeadlessShared();
  const reach = useApp(({ host }) => {
    if (host === null) return 'headless';
    if (host.scope === 'this_computer') return 'only_here';
    return host.state === 'running' && host.lan_urls.length === 0 ? 'no_lan' : null;
  });
  switch (reach) {
    case null:
      return null;
    case 'headless':
      return isHeadlessShared ? null : t('invite.headless');
    case 'only_here':
      return t('invite.only_here');
    case 'no_lan':
      return t('nodes.join_by.no_lan');
  }
}
