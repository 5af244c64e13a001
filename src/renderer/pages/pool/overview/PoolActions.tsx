// The top bar of the pool: its name and size, and the button that invites.
import { Button } from '@mantine/core';
import { useLabels } from '../../../i18n/use-labels';
import { poolNameOf } from '../../../labels/pool-name';
import { INVITE_HREF } from '../../../routes';
import { useApp } from '../../../store/Screen';
import classes from './PoolActions.module.css';
import { useMayInvite } from './use-rights';

export function PoolActions() {
  const { t } = useLabels();
  if (!useMayInvite()) return null;
  return (
    <Button component="a" href={INVITE_HREF}>
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
  return <span className={classes['subtitle']}>{scope === null ? size : `${size} · ${t(`pool.scope.${scope}`)}`}</span>;
}
