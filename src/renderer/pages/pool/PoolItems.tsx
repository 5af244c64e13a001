// The known pools as items of the pool switcher. Asked for while the list is open.
import { Menu } from '@mantine/core';
import type { RememberedPoolView } from '../../../shared/api/remembered-pools';
import { NameAndNote } from '../../components/NameAndNote';
import { useLabels } from '../../i18n/use-labels';
import type { PoolChange } from '../../queries/pool-change';
import { useRememberedPools } from '../../queries/pools';
import { goTo } from '../../store/use-route';
import classes from './PoolItems.module.css';
import { changeTo, usePoolTitle } from './pool-title';

export function PoolItems({ onSwitch }: { readonly onSwitch: (change: PoolChange) => void }) {
  const pools = useRememberedPools() ?? [];
  return pools.map((pool) => <PoolItem key={pool.pool_id} pool={pool} onSwitch={onSwitch} />);
}

function PoolItem({ pool, onSwitch }: { readonly pool: RememberedPoolView; readonly onSwitch: (change: PoolChange) => void }) {
  const { t } = useLabels();
  const name = usePoolTitle()(pool);
  return (
    <Menu.Item
      leftSection={<span className={classes['mark']}>{pool.is_current ? '✓' : ''}</span>}
      aria-current={pool.is_current}
      onClick={() => (pool.is_current ? goTo({ page: 'pool' }) : onSwitch(changeTo(pool, name)))}
    >
      <NameAndNote
        name={name}
        note={`${pool.is_current ? `${t('pools.current')} · ` : ''}${pool.address ?? pool.name ?? t(pool.is_current ? 'pools.own_note' : 'pools.own_stopped')}`}
      />
    </Menu.Item>
  );
}
