// At the top of the rail: the pool of this computer and the role in it. Where this computer can join pools, it opens the list of the known
// pools: a choice tests the connection and asks. Else it leads to the overview of the pool.
import { useState } from 'react';
import type { AppState } from '../../shared/api/app-state';
import { may } from '../../shared/api/pool-access';
import { isLoopbackUrlHost } from '../../shared/loopback';
import { NameAndNote } from '../components/NameAndNote';
import { useLabels } from '../i18n/use-labels';
import { isWithoutNode } from '../../shared/api/sharing-choice';
import { ownHostOf, stoppedHostOf } from '../../shared/api/own-host';
import { cannotStart } from '../labels/host-failure';
import { usePoolName } from '../components/own/use-pool-name';
import { hrefOf } from '../routes';
import { useApp, useScreen } from '../store/Screen';
import { FrameIcon } from './icons';
import { POOL_MENU } from './late-parts';
import classes from './PoolSwitcher.module.css';

export function PoolSwitcher() {
  const canJoin = useApp(({ app, agent }) => app.can_join && agent !== null);
  return canJoin ? <PoolButton /> : <PoolLink />;
}

function PoolLink() {
  const { t } = useLabels();
  const name = usePoolName();
  return (
    <a className={classes['switcher']} href={hrefOf({ page: 'pool' })} title={name ?? t('rail.role.none')}>
      <Current />
    </a>
  );
}

function PoolButton() {
  const { t } = useLabels();
  // A click before the code of the menu is loaded.
  const [isWanted, setIsWanted] = useState(false);
  const button = (onClick?: () => void) => (
    <button type="button" className={classes['switcher']} title={t('pools.switcher')} onClick={onClick}>
      <Current />
    </button>
  );
  return (
    <POOL_MENU.View opensAtFirst={isWanted} loading={button(() => setIsWanted(true))}>
      {button()}
    </POOL_MENU.View>
  );
}

function Current() {
  const { t } = useLabels();
  const role = useRole();
  const host = useApp(({ app }) => app.hostname);
  const name = usePoolName();
  return (
    <>
      <span className={`${classes['text'] ?? ''} visually-hidden-in-icon-rail`}>
        <NameAndNote name={name ?? t('rail.role.none')} note={name === null ? t('rail.choose_pool') : t(`rail.role.${role}`, { host })} />
      </span>
      <FrameIcon name="switch" />
    </>
  );
}

type Role =
  | 'host'
  | 'host_elsewhere'
  | 'operator'
  | 'viewer'
  | 'host_failed'
  | 'host_restarting'
  | 'host_cannot_start'
  | 'contributor'
  | 'member'
  | 'refused'
  | 'none';

function useRole(): Role {
  const { endpoint } = useScreen();
  const role = useApp(roleOf);
  const isBrowser = useApp(({ app }) => app.mode === 'headless');
  // A browser on another computer shows the pool of the host: its user may be another person.
  const isElsewhere = isBrowser && endpoint.url !== null && !isLoopbackUrlHost(new URL(endpoint.url).hostname);
  return role === 'host' && isElsewhere ? 'host_elsewhere' : role;
}

function roleOf(app: AppState): Role {
  const stopped = stoppedHostOf(app);
  if (stopped !== null) return cannotStart(stopped) ? 'host_cannot_start' : `host_${stopped.state}`;
  const { pool, agent } = app;
  // The key of a browser may have a lesser role.
  if (pool?.access === 'host' && !may(pool, 'manage')) return may(pool, 'operate') ? 'operator' : 'viewer';
  if (pool?.access === 'host' || ownHostOf(app) !== null) return 'host';
  if (agent === null || agent.link.state === 'idle') return pool === null ? 'none' : 'contributor';
  if (agent.link.state !== 'refused') return 'contributor';
  return isWithoutNode(agent.link.code) ? 'member' : 'refused';
}
