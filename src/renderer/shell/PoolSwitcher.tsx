// At the top of the rail: the pool of this computer and the role in it. Where this computer can join pools, it opens the list of the known
// pools: a choice tests the connection and asks. Else it leads to the overview of the pool.
import { Menu } from '@mantine/core';
import { useState } from 'react';
import type { AppState } from '../../shared/api/app-state';
import type { RememberedPoolView } from '../../shared/api/remembered-pools';
import { useLabels } from '../i18n/use-labels';
import { poolNameOf } from '../labels/pool-name';
import { ChangePoolDialog } from '../pages/pool/ChangePoolDialog';
import type { PoolChange } from '../pages/pool/pool-change';
import { changeTo, usePoolTitle } from '../pages/pool/RememberedPoolsCard';
import { useRememberedPools } from '../queries/pools';
import { hrefOf } from '../routes';
import { useApp } from '../store/Screen';
import { goTo } from '../store/use-route';
import { FrameIcon } from './icons';
import classes from './PoolSwitcher.module.css';

export function PoolSwitcher() {
  const canJoin = useApp(({ app, agent }) => app.can_join && agent !== null);
  return canJoin ? <PoolMenu /> : <PoolLink />;
}

function PoolLink() {
  const { t } = useLabels();
  const name = useApp(poolNameOf);
  return (
    <a className={classes['switcher']} href={hrefOf({ page: 'pool' })} title={name ?? t('rail.role.none')}>
      <Current />
    </a>
  );
}

/** The menu of the known pools. */
function PoolMenu() {
  const { t } = useLabels();
  const name = useApp(poolNameOf);
  const [isOpen, setIsOpen] = useState(false);
  const pools = useRememberedPools(isOpen) ?? [];
  const [change, setChange] = useState<PoolChange | null>(null);
  return (
    <>
      <Menu opened={isOpen} onChange={setIsOpen} position="bottom-start" width={264} shadow="float" withinPortal>
        <Menu.Target>
          <button type="button" className={classes['switcher']} aria-label={t('pools.switcher', { name: name ?? t('rail.role.none') })}>
            <Current />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {pools.map((pool) => (
            <PoolItem key={pool.pool_id} pool={pool} onSwitch={setChange} />
          ))}
          <Menu.Divider />
          <Menu.Item component="a" href={hrefOf({ page: 'pool' })}>
            {t('pools.join')}
          </Menu.Item>
          <Menu.Item component="a" href={hrefOf({ page: 'pool' })}>
            {t('pools.manage')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ChangePoolDialog change={change} onClose={() => setChange(null)} />
    </>
  );
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
      <span className={classes['name']}>{name}</span>
      <span className={classes['role']}>
        {pool.is_current ? `${t('pools.current')} · ` : ''}
        {pool.address ?? pool.name ?? t('pools.own_note')}
      </span>
    </Menu.Item>
  );
}

function Current() {
  const { t } = useLabels();
  const role = useApp(roleOf);
  const name = useApp(poolNameOf);
  return (
    <>
      <span className={classes['text']}>
        <span className={classes['name']}>{name ?? t('rail.role.none')}</span>
        <span className={classes['role']}>{name === null ? t('rail.choose_pool') : t(`rail.role.${role}`)}</span>
      </span>
      <FrameIcon name="switch" />
    </>
  );
}

type Role = 'host' | 'contributor' | 'none';

function roleOf({ pool, agent }: AppState): Role {
  if (pool !== null) return pool.access === 'host' ? 'host' : 'contributor';
  return agent === null || agent.link.state === 'idle' ? 'none' : 'contributor';
}
