// At the top of the rail: the pool of this computer and the role in it. Leads to the overview of the pool.
import type { AppState } from '../../shared/api/app-state';
import { useLabels } from '../i18n/use-labels';
import { addressOf } from '../labels/link-labels';
import { hrefOf } from '../routes';
import { useApp } from '../store/Screen';
import { FrameIcon } from './icons';
import classes from './PoolSwitcher.module.css';

export function PoolSwitcher() {
  const { t } = useLabels();
  const role = useApp(roleOf);
  const name = useApp(nameOf);
  return (
    <a className={classes['switcher']} href={hrefOf({ page: 'pool' })} title={name ?? t('rail.role.none')}>
      <span className={classes['text']}>
        <span className={classes['name']}>{name ?? t('rail.role.none')}</span>
        <span className={classes['role']}>{name === null ? t('rail.choose_pool') : t(`rail.role.${role}`)}</span>
      </span>
      <FrameIcon name="switch" />
    </a>
  );
}

type Role = 'host' | 'contributor' | 'none';

function roleOf({ pool, agent }: AppState): Role {
  if (pool !== null) return 'host';
  return agent === null || agent.link.state === 'idle' ? 'none' : 'contributor';
}

/** A pool has the name of its host. Null: no pool. */
function nameOf(app: AppState): string | null {
  if (app.pool !== null) return app.app.hostname;
  return app.agent === null || app.agent.link.state === 'idle' ? null : addressOf(app.agent.link.scheduler_url);
}
