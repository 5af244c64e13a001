// The jobs of the pool: the list, page by page, with a filter by status and a search; one job in a drawer; how to send one. On a
// computer that operates no pool: the address of the dashboard that shows its jobs.
import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import type { AppJobs } from '../../../shared/api/app-job';
import type { JobStatus } from '../../../shared/api/job';
import { Dim } from '../../components/Dim';
import { ErrorNote } from '../../components/ErrorNote';
import { Page } from '../../components/Page';
import { RightNote, useMay } from '../../components/RightNote';
import { StatusLabel } from '../../components/StatusLabel';
import { useLabels } from '../../i18n/use-labels';
import { useJobs } from '../../queries/jobs';
import { useApp } from '../../store/Screen';
import { goTo, useRoute } from '../../store/use-route';
import { hrefOf } from '../../routes';
import { JOB_SHAPES } from '../../labels/job-labels';
import { JobDrawer } from './JobDrawer';
import { MemberJobs } from './MemberJobs';
import { JobList } from './JobList';
import { JobSearch } from './JobSearch';
import { StatusFilter } from './StatusFilter';
import classes from './JobsPage.module.css';

const PAGE = 25;

export function JobsPage() {
  const hasPool = useApp((app) => app.pool !== null);
  return hasPool ? <PoolJobs /> : <MemberJobs />;
}

/** The start of an older page of the list; a null cursor is the newest page. */
interface Older {
  readonly status: JobStatus | null;
  readonly cursor: string | null;
}

function PoolJobs() {
  const { t } = useLabels();
  const route = useRoute();
  const { status } = route;
  const [older, setOlder] = useState<Older>({ status, cursor: null });
  // A cursor is valid only in the list of its status.
  const cursor = older.status === status ? older.cursor : null;
  const setCursor = (next: string | null): void => setOlder({ status, cursor: next });
  const maySend = useMay('submit_jobs');
  const isMember = useApp(({ pool }) => pool?.access === 'member');
  const query = { limit: PAGE, ...(status === null ? {} : { status: [status] }), ...(cursor === null ? {} : { cursor }) };
  const { value: page, error } = useJobs(query);
  const isEmpty = page !== null && page.jobs.length === 0;
  const hasNone = isEmpty && status === null && cursor === null;
  const next = page?.next_cursor ?? null;
  const toolbar = (
    <>
      <JobSearch />
      <StatusFilter status={status} onChange={(next) => goTo({ ...route, page: 'jobs', status: next })} />
    </>
  );
  return (
    <Page
      title={t('jobs.title')}
      subtitle={page !== null && <OpenCounts open={page.open} />}
      actions={
        !hasNone &&
        maySend && (
          <Button component="a" variant="default" href={hrefOf({ page: 'connect' })}>
            {t('jobs.send')}
          </Button>
        )
      }
      {...(hasNone ? {} : { toolbar, layout: 'full' })}
    >
      {isMember && <RightNote k="jobs" />}
      {hasNone && (
        <p>
          {t(maySend ? 'jobs.none' : 'jobs.none_here')} {maySend && <a href={hrefOf({ page: 'connect' })}>{t('jobs.send')}</a>}
        </p>
      )}
      {page === null && error === null && <Dim as="p">{t('jobs.loading')}</Dim>}
      {page !== null && !isEmpty && <JobList jobs={page.jobs} />}
      {isEmpty && !hasNone && <Dim as="p">{t(cursor === null ? 'jobs.none_with_status' : 'jobs.none_older')}</Dim>}
      {(cursor !== null || next !== null) && <Pages cursor={cursor} next={next} onPage={setCursor} />}
      <ErrorNote error={error} />
      {route.id !== null && <JobDrawer jobId={route.id} row={page?.jobs.find(({ job_id }) => job_id === route.id) ?? null} />}
    </Page>
  );
}

interface PagesProps {
  readonly cursor: string | null;
  readonly next: string | null;
  readonly onPage: (cursor: string | null) => void;
}

function Pages({ cursor, next, onPage }: PagesProps) {
  const { t } = useLabels();
  return (
    <nav className={classes['pages']} aria-label={t('jobs.pages')}>
      <Dim as="span">{t('jobs.kept')}</Dim>
      <Group gap="xs">
        <Button size="compact-sm" variant="default" disabled={cursor === null} onClick={() => onPage(null)}>
          {t('jobs.newest')}
        </Button>
        <Button size="compact-sm" variant="default" disabled={next === null} onClick={() => onPage(next)}>
          {t('jobs.older')}
        </Button>
      </Group>
    </nav>
  );
}

const OPEN = ['running', 'assigned', 'queued'] as const;

/** Counts of the whole pool, regardless of the filter. Zeros are left out. */
function OpenCounts({ open }: { readonly open: AppJobs['open'] }) {
  const { t, format } = useLabels();
  return (
    <ul className={classes['counts']} aria-label={t('jobs.counts')}>
      {OPEN.filter((status) => open[status] > 0).map((status) => (
        <li key={status}>
          <StatusLabel shape={JOB_SHAPES[status]} label={`${format.number(open[status])} ${t(`job_status.${status}`)}`} />
        </li>
      ))}
    </ul>
  );
}
