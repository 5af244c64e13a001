// The jobs of the pool: the list in columns below the state of the queue; or in one column beside the open job or the explanation of a
// request. In narrow windows the job is a drawer. On a computer that operates no pool: the address of the dashboard that shows its jobs.
import { Button, CloseButton } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { type ReactNode, useState } from 'react';
import type { AppJobs } from '../../../shared/api/app-job';
import { Drawer } from '../../components/Drawer/Drawer';
import { useEscape } from '../../components/use-escape';
import { Page } from '../../components/Page';
import { RightNote, useMay } from '../../components/RightNote';
import { useLabels } from '../../i18n/use-labels';
import { useJobList, useListRefresh } from '../../queries/jobs';
import { EXPLAIN_ID, hrefOf, INVITE_ID } from '../../routes';
import { useApp } from '../../store/Screen';
import { goTo, useRoute } from '../../store/use-route';
import { shortId } from '../../labels/job-labels';
import { BulkCancel } from './BulkCancel';
import { ExplainView } from './explain/ExplainView';
import { ENDED, GROUP_STATUSES, groupOf, hasFilters, type JobGroup, paramsOf } from './job-filters';
import { OpenJob } from './JobDetails';
import { JobListPane, useJobSelection } from './JobListPane';
import { eachOnce, type Section } from './job-sections';
import { JobFacts } from './JobFacts';
import { JobToolbar } from './JobToolbar';
import { ExportJobs } from './ExportJobs';
import { MemberJobs } from './MemberJobs';
import { QueuePane } from './QueuePane';
import { useMayAct } from './use-may-act';
import classes from './JobsPage.module.css';

const PAGE = 25;
/** Open jobs that the list of all groups shows. */
const OPEN_SHOWN = 50;

export function JobsPage() {
  const hasPool = useApp((app) => app.pool !== null);
  return hasPool ? <PoolJobs /> : <MemberJobs />;
}

function PoolJobs() {
  const { t } = useLabels();
  const route = useRoute();
  const maySend = useMay('submit_jobs');
  const mayExplain = useMay('explain');
  const isMember = useApp(({ pool }) => pool?.access === 'member');
  const { sections, cursor, setCursor } = useSections();
  const rows = sections.flatMap(({ answer }) => answer.value?.jobs ?? []);
  const selection = useJobSelection(rows.filter(useMayAct()));
  const open = sections[0]?.answer.value?.open ?? null;
  const hasNone =
    open !== null &&
    sections.every(({ answer }) => answer.value?.jobs.length === 0) &&
    route.status === null &&
    !hasFilters(route) &&
    cursor === null;
  const isNarrow = useMediaQuery('(max-width: 899px)', undefined, { getInitialValueInEffect: false });
  const isWide = route.id === null && !isNarrow;
  const submitters = new Map(rows.flatMap(({ submitter }) => (submitter?.name == null ? [] : [[submitter.id, submitter.name] as const])));
  // The details of a job, and the form, have a primary action of their own.
  const variant = isWide ? 'filled' : 'default';
  const actions = (
    <>
      {!hasNone && <ExportJobs />}
      {mayExplain && (
        <Button component="a" variant={variant} href={hrefOf({ ...route, page: 'jobs', id: EXPLAIN_ID })}>
          {t('job_page.explain')}
        </Button>
      )}
      {maySend && !hasNone && (
        <Button component="a" variant="default" className={classes['send'] ?? ''} href={hrefOf({ page: 'connect' })}>
          {t('jobs.send')}
        </Button>
      )}
    </>
  );
  return (
    <Page title={t('jobs.title')} subtitle={!hasNone && <JobFacts open={open} />} actions={actions} layout="full">
      <div className={classes['split']} data-wide={isWide || undefined}>
        <div className={classes['side']}>
          {isMember && (
            <div className={classes['note']}>
              <RightNote k="jobs" />
            </div>
          )}
          <JobToolbar open={open} submitters={submitters} />
          {isWide && <QueuePane />}
          {hasNone ? (
            <NoJobs />
          ) : (
            <>
              <JobListPane sections={sections} selection={selection} cursor={cursor} isWide={isWide} onPage={setCursor} />
              <BulkCancel selection={selection} />
            </>
          )}
        </div>
        {route.id !== null && (
          <Details id={route.id} isNarrow={isNarrow}>
            <Detail id={route.id} rows={rows} />
          </Details>
        )}
      </div>
    </Page>
  );
}

function NoJobs() {
  const { t } = useLabels();
  const maySend = useMay('submit_jobs');
  const mayManage = useMay('manage');
  const hasNodes = useApp(({ nodes }) => nodes.size > 0);
  if (!hasNodes)
    return (
      <p className={classes['none']}>
        {t('job_page.no_nodes')} {mayManage && <a href={hrefOf({ page: 'members', id: INVITE_ID })}>{t('members.invite')}</a>}
      </p>
    );
  return (
    <p className={classes['none']}>
      {t(maySend ? 'jobs.none' : 'jobs.none_here')} {maySend && <a href={hrefOf({ page: 'connect' })}>{t('jobs.send')}</a>}
    </p>
  );
}

type Rows = AppJobs['jobs'];

function Detail({ id, rows }: { readonly id: string; readonly rows: Rows }) {
  return id === EXPLAIN_ID ? <ExplainView /> : <OpenJob key={id} jobId={id} row={rows.find(({ job_id }) => job_id === id) ?? null} />;
}

interface DetailsProps {
  readonly id: string;
  readonly isNarrow: boolean;
  readonly children: ReactNode;
}

/** Beside the list; in narrow windows a drawer over it. */
function Details({ id, isNarrow, children }: DetailsProps) {
  const { t } = useLabels();
  const route = useRoute();
  const close = (): void => {
    goTo({ ...route, page: 'jobs', id: null });
    // The button that has the focus disappears.
    document.querySelector<HTMLElement>(`[data-key="${CSS.escape(id)}"]`)?.focus();
  };
  if (isNarrow)
    return (
      <Drawer subject={id} title={id === EXPLAIN_ID ? t('dispatch.form_title') : shortId(id)} onClose={close}>
        {children}
      </Drawer>
    );
  return (
    <DetailsPane title={id === EXPLAIN_ID ? t('job_page.explanation') : shortId(id)} onClose={close}>
      {children}
    </DetailsPane>
  );
}

interface DetailsPaneProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

function DetailsPane({ title, onClose, children }: DetailsPaneProps) {
  const { t } = useLabels();
  useEscape(onClose);
  return (
    <section className={classes['details']} aria-label={title}>
      <CloseButton className={classes['close'] ?? ''} aria-label={t('action.close')} onClick={onClose} />
      {children}
    </section>
  );
}

interface Sections {
  readonly sections: readonly Section[];
  readonly cursor: string | null;
  readonly setCursor: (cursor: string | null) => void;
}

/** Of the chosen group; of all groups the open jobs, and the newest that have ended. */
function useSections(): Sections {
  useListRefresh();
  const route = useRoute();
  const group = groupOf(route);
  const list = JSON.stringify(paramsOf(route, group === null ? [] : GROUP_STATUSES[group]));
  const [older, setOlder] = useState<{ readonly list: string; readonly cursor: string | null }>({ list, cursor: null });
  // A cursor is valid only in its list.
  const cursor = older.list === list ? older.cursor : null;
  const isAll = group === null && cursor === null;
  const waiting = useJobList({ limit: OPEN_SHOWN, ...paramsOf(route, GROUP_STATUSES.waiting) }, isAll);
  const assigned = useJobList({ limit: OPEN_SHOWN, ...paramsOf(route, GROUP_STATUSES.assigned) }, isAll);
  const running = useJobList({ limit: OPEN_SHOWN, ...paramsOf(route, GROUP_STATUSES.running) }, isAll);
  const statuses = group === null ? ENDED : GROUP_STATUSES[group];
  const listed = useJobList({ limit: PAGE, ...paramsOf(route, statuses), ...(cursor === null ? {} : { cursor }) });
  const open = listed.value?.open ?? null;
  const countOf = (of: JobGroup): number | null => {
    if (open === null || hasFilters(route)) return null;
    return of === 'waiting' ? open.queued : of === 'assigned' ? open.assigned : of === 'running' ? open.running : null;
  };
  const last: Section = { title: group ?? 'finished', answer: listed, count: group === null ? null : countOf(group) };
  return {
    sections: isAll
      ? eachOnce([
          { title: 'waiting', answer: waiting, count: countOf('waiting') },
          { title: 'assigned', answer: assigned, count: countOf('assigned') },
          { title: 'running', answer: running, count: countOf('running') },
          last,
        ])
      : [last],
    cursor,
    setCursor: (next) => setOlder({ list, cursor: next }),
  };
}
