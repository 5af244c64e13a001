// The main navigation: this computer above, the pool below, tools last; counts beside the names; at the foot the state of this computer.
import { Fragment } from 'react';
import type { AppState } from '../../shared/api/app-state';
import type { PoolSummary } from '../../shared/api/node-view';
import type { Format } from '../i18n/format';
import { useLabels } from '../i18n/use-labels';
import { hrefOf, type PageName } from '../routes';
import { useApp } from '../store/Screen';
import { OwnShape } from './OwnState';
import { PageIcon } from './PageIcon';
import { pageGroups } from './pages';
import { RailFoot } from './RailFoot';
import classes from './Rail.module.css';

export function Rail({ current }: { readonly current: PageName }) {
  const { t } = useLabels();
  const groups = pageGroups({ hasAgent: useApp((app) => app.agent !== null), hasPool: useApp((app) => app.pool !== null) });
  return (
    <div className={classes['rail']}>
      <div className={classes['brand']}>Muster</div>
      <nav className={classes['pages']} aria-label={t('nav.label')}>
        {groups.map(({ group, pages }, position) => (
          <Fragment key={group}>
            {position > 0 && <hr />}
            {pages.map((page) => (
              <a key={page} href={hrefOf({ page })} aria-current={page === current ? 'page' : undefined} title={t(`nav.${page}`)}>
                <span className={classes['icon']}>
                  <PageIcon page={page} />
                  {page === 'overview' && (
                    <span className={classes['state']}>
                      <OwnShape size={12} />
                    </span>
                  )}
                </span>
                <span className={classes['name']}>{t(`nav.${page}`)}</span>
                <span className={classes['count']}>
                  <Count page={page} />
                </span>
              </a>
            ))}
          </Fragment>
        ))}
      </nav>
      <RailFoot />
    </div>
  );
}

/** Renders again only when the figure changes. */
function Count({ page }: { readonly page: PageName }) {
  const { format } = useLabels();
  return useApp((app) => COUNTS[page]?.(app, format) ?? null);
}

/** Pages with a count. Null: the count is not known. */
const COUNTS: Partial<Record<PageName, (app: AppState, format: Format) => string | null>> = {
  gpus: ({ agent }) => (agent?.hardware ? String(agent.hardware.gpus.filter((gpu) => gpu.accepted).length) : null),
  models: ({ agent }) =>
    agent ? `${String(agent.models.filter((model) => model.state === 'ready').length)}/${String(agent.models.length)}` : null,
  jobs: ({ agent, pool }, format) => (pool === null ? jobsHere(agent) : openJobs(pool, format)),
  nodes: ({ nodes }, format) => format.number(nodes.size),
};

/** Queued, assigned and running jobs. */
function openJobs({ open_jobs: open }: PoolSummary, format: Format): string | null {
  return open === undefined ? null : format.number(open.queued + open.assigned + open.running);
}

/** Where the program does not operate the pool: the jobs of this computer, as the scheduler last reported them. */
function jobsHere(agent: AppState['agent']): string | null {
  return agent?.link.state === 'connected' && agent.node_status !== null ? String(agent.node_status.message.in_flight_jobs) : null;
}
