// The top bar of the pool: its name and size, and the button that invites.
import { Button } from '@mantine/core';
import { joinLinkOf } from '../../../../shared/api/opened-link';
import { useIsPoolEmpty } from '../../../components/NoComputerYet';
import { useLabels } from '../../../i18n/use-labels';
import { poolNameOf } from '../../../labels/pool-name';
import { INVITE_HREF } from '../../../routes';
import { useApp } from '../../../store/Screen';
import { useMayInvite } from '../../../queries/use-may-invite';

export function PoolActions() {
  const { t } = useLabels();
  // To join the pool of an opened link is then the primary action of the page.
  const isPrimary = useApp((app) => joinLinkOf(app.opened_link) === null);
  const mayInvite = useMayInvite();
  // The first steps have this button in an empty pool.
  const isEmpty = useIsPoolEmpty();
  if (!mayInvite || isEmpty) return null;
  return (
    <Button component="a" variant={isPrimary ? 'filled' : 'default'} href={INVITE_HREF}>
      {t('pool_overview.invite')}
    </Button>
  );
}

export function PoolSubtitle() {
  const { t, format } = useLabels();
  const name = useApp(poolNameOf);
  const count = useApp(({ nodes }) => nodes.size);
  const scope = useApp(({ host }) => (host?.state === 'running' ? host.scope : null));
  const size = t('pool_overview.subtitle', { count, name, formatted: format.number(count) });
  return scope === null ? size : `${size} · ${t(`pool.scope.${scope}`)}`;
}
