// The top bar of the pool: its name and size, the range of the charts, and the button that invites.
import { Button } from '@mantine/core';
import { POOL_RANGE_NAMES, type PoolRange } from '../../../../shared/api/pool-history';
import { Segmented } from '../../../components/Segmented';
import { useMay } from '../../../components/RightNote';
import { useLabels } from '../../../i18n/use-labels';
import { poolNameOf } from '../../../labels/pool-name';
import { INVITE_HREF } from '../../../routes';
import { useApp } from '../../../store/Screen';
import classes from './PoolActions.module.css';
import { useMayInvite } from './use-rights';

export interface PoolActionsProps {
  readonly range: PoolRange;
  readonly onRange: (range: PoolRange) => void;
}

export function PoolActions({ range, onRange }: PoolActionsProps) {
  const { t } = useLabels();
  const [mayView, mayInvite] = [useMay('view'), useMayInvite()];
  const choices = POOL_RANGE_NAMES.map((value) => ({ value, label: t(`pool_overview.ranges.${value}`) }));
  return (
    <>
      {mayView && <Segmented label={t('pool_overview.range')} choices={choices} value={range} onChange={onRange} />}
      {mayInvite && (
        <Button component="a" href={INVITE_HREF}>
          {t('pool_overview.invite')}
        </Button>
      )}
    </>
  );
}

export function PoolSubtitle() {
  const { t, format } = useLabels();
  const name = useApp(poolNameOf);
  const count = useApp(({ nodes }) => nodes.size);
  return <span className={classes['subtitle']}>{t('pool_overview.subtitle', { count, name, formatted: format.number(count) })}</span>;
}
