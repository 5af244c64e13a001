// The way between pages: this machine above, the pool below, tools last; counts beside the names.
import { Fragment } from 'react';
import type { AppState } from '../../shared/api/app-state';
import type { PoolSummary } from '../../shared/api/node-view';
import type { Format } from '../i18n/format';
import { useWords } from '../i18n/use-words';
import { hrefOf, type PageName } from '../routes';
import { useApp } from '../store/Screen';
import { PageIcon } from './PageIcon';
import { pageGroups, partsOf } from './pages';
import classes from './Rail.module.css';

export function Rail({ current }: { readonly current: PageName }) {
  const { t, format } = useWords();
  const app = useApp((state) => state);
  return (
    <nav className={classes['rail']} aria-label={t('nav.label')}>
      <div className={classes['brand']}>Muster</div>
      {pageGroups(partsOf(app)).map(({ group, pages }, position) => (
        <Fragment key={group}>
          {position > 0 && <hr />}
          {pages.map((page) => (
            <a key={page} href={hrefOf({ page })} aria-current={page === current ? 'page' : undefined} title={t(`nav.${page}`)}>
              <PageIcon page={page} />
              <span className={classes['name']}>{t(`nav.${page}`)}</span>
              <span className={classes['count']}>{countOf(page, app, format)}</span>
            </a>
          ))}
        </Fragment>
      ))}
    </nav>
  );
}

/** Null where there is nothing to count, or nothing is known yet. */
function countOf(page: PageName, { agent, pool, nodes }: AppState, format: Format): string | null {
  switch (page) {
    case 'gpus':
      return agent?.hardware ? String(agent.hardware.gpus.filter((gpu) => gpu.accepted).length) : null;
    case 'models':
      return agent ? `${String(agent.models.filter((model) => model.state === 'ready').length)}/${String(agent.models.length)}` : null;
    case 'jobs':
      return pool === null ? jobsHere(agent) : openJobs(pool, format);
    case 'nodes':
      return String(nodes.length);
    default:
      return null;
  }
}

/** Those that wait, and those that a node has. */
function openJobs({ open_jobs: open }: PoolSummary, format: Format): string | null {
  return open === undefined ? null : format.number(open.queued + open.assigned + open.running);
}

/** Where this program does not know the pool: the jobs of this computer, as its scheduler last said. */
function jobsHere(agent: AppState['agent']): string | null {
  return agent?.link.state === 'connected' && agent.node_status !== null ? String(agent.node_status.message.in_flight_jobs) : null;
}
