// At the top of the rail: the pool of this computer and the role in it. Where this computer can join pools, it opens the list of the known
// pools: a choice tests the connection and asks. Else it leads to the overview of the pool.
import { Menu } from '@mantine/core';
import { type ComponentProps, useState } from 'react';
import type { AppState } from '../../shared/api/app-state';
import { NameAndNote } from '../components/NameAndNote';
import { useLabels } from '../i18n/use-labels';
import { poolNameOf } from '../labels/pool-name';
import { ChangePoolDialog } from '../pages/pool/ChangePoolDialog';
import { PoolItems } from '../pages/pool/PoolItems';
import { hrefOf } from '../routes';
import { useApp } from '../store/Screen';
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
  const [change, setChange] = useState<ComponentProps<typeof ChangePoolDialog>['change']>(null);
  return (
    <>
      <Menu position="bottom-start" width={264} shadow="float" withinPortal>
        <Menu.Target>
          <button type="button" className={classes['switcher']} title={t('pools.switcher')}>
            <Current />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <PoolItems onSwitch={setChange} />
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

function Current() {
  const { t } = useLabels();
  const role = useApp(roleOf);
  const name = useApp(poolNameOf);
  return (
    <>
      <span className={classes['text']}>
        <NameAndNote name={name ?? t('rail.role.none')} note={name === null ? t('rail.choose_pool') : t(`rail.role.${role}`)} />
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
