// The list of jobs: search, filters, and the jobs in groups. Without a chosen group the open jobs come first, then the newest that ended.
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { AppJobRow } from '../../../shared/api/app-job';
import type { JobStatus } from '../../../shared/api/job';
import { Dim } from '../../components/Dim';
import { toggled, useSelection } from '../../components/DataTable/selection';
import { useTableKeys } from '../../components/DataTable/use-table-keys';
import { ErrorNote } from '../../components/ErrorNote';
import { useLabels } from '../../i18n/use-labels';
import { goTo, useRoute } from '../../store/use-route';
import { GROUP_STATUSES, groupOf, hasFilters, type JobGroup } from './job-filters';
import { ColumnTitles } from './JobCells';
import { JobRow, type RowSelection } from './JobRow';
import type { Section } from './job-sections';
import classes from './JobListPane.module.css';

export interface JobListPaneProps {
  readonly sections: readonly Section[];
  readonly selection: Selection;
  /** Null: the newest jobs are shown. */
  readonly cursor: string | null;
  /** Without an open job, so that each job is one line with columns. */
  readonly isWide: boolean;
  readonly onPage: (cursor: string | null) => void;
}

export function JobListPane({ sections, selection, cursor, isWide, onPage }: JobListPaneProps) {
  const { t } = useLabels();
  const route = useRoute();
  const isLoading = sections.some(({ answer: { value, error } }) => value === null && error === null);
  const isEmpty = sections.every(({ answer: { value } }) => value === null || value.jobs.length === 0);
  const last = sections.at(-1)?.answer.value ?? null;
  const next = last?.next_cursor ?? null;
  const error = sections.map((section) => section.answer.error).find((each) => each !== null) ?? null;
  const list = useListKeys(sections, selection);
  return (
    <div ref={list} className={classes['list']} data-wide={isWide || undefined} data-selecting={selection.selected.size > 0 || undefined}>
      <ErrorNote error={error} />
      {isLoading && isEmpty && <Dim as="p">{t('jobs.loading')}</Dim>}
      {!isLoading && isEmpty && error === null && <Dim as="p">{t(emptyText())}</Dim>}
      {isWide && !isEmpty && <ColumnTitles />}
      {sections.map((section) => (
        <JobSection key={section.title} section={section} openId={route.id} isWide={isWide} selection={selection} />
      ))}
      {(cursor !== null || next !== null) && <Pages cursor={cursor} next={next} keptSeconds={last?.kept_seconds} onPage={onPage} />}
    </div>
  );

  function emptyText() {
    if (hasFilters(route)) return next === null ? 'job_page.none_found' : 'job_page.searched';
    return cursor === null ? 'jobs.none_with_status' : 'jobs.none_older';
  }
}

/** J, K, Enter and X, as in a table. The link of a job is its row. */
function useListKeys(sections: readonly Section[], selection: Selection): (list: HTMLElement | null) => void {
  const route = useRoute();
  const [list, setList] = useState<HTMLElement | null>(null);
  useTableKeys(list, {
    order: sections.flatMap(({ answer }) => answer.value?.jobs.map(({ job_id }) => job_id) ?? []),
    onOpen: (id) => goTo({ ...route, page: 'jobs', id }),
    onSelect: (id) => {
      if (selection.offered.has(id)) selection.toggle(id);
    },
    onClear: selection.selected.size === 0 ? undefined : selection.clear,
    openKey: route.id,
    reveal: (id) => list?.querySelector<HTMLElement>(`[data-key="${CSS.escape(id)}"]`)?.focus(),
  });
  return setList;
}

interface JobSectionProps {
  readonly section: Section;
  readonly openId: string | null;
  readonly isWide: boolean;
  readonly selection: RowSelection;
}

function JobSection({ section: { title, answer, count }, openId, isWide, selection }: JobSectionProps) {
  const { t, format } = useLabels();
  const route = useRoute();
  const jobs: readonly AppJobRow[] = answer.value?.jobs ?? [];
  if (jobs.length === 0) return null;
  const isMore = count === null ? answer.value?.next_cursor != null : count > jobs.length;
  const isCut = title !== 'finished' && groupOf(route) === null && isMore;
  return (
    <section aria-label={t(`job_page.group.${title}`)}>
      <h2 className={classes['title']}>
        {t(`job_page.group.${title}`)}
        {count !== null && <span> · {format.number(count)}</span>}
      </h2>
      <ul>
        {jobs.map((job) => (
          <JobRow key={job.job_id} job={job} isOpen={job.job_id === openId} isWide={isWide} selection={selection} />
        ))}
      </ul>
      {isCut && (
        <Button variant="subtle" size="compact-sm" m={6} onClick={() => goTo({ ...route, page: 'jobs', status: statusOf(title) })}>
          {count === null ? t('job_page.all') : t('job_page.more', { count: format.number(count) })}
        </Button>
      )}
    </section>
  );
}

const statusOf = (group: JobGroup): JobStatus => GROUP_STATUSES[group][0];

interface PagesProps {
  readonly cursor: string | null;
  readonly next: string | null;
  readonly keptSeconds: number | undefined;
  readonly onPage: (cursor: string | null) => void;
}

function Pages({ cursor, next, keptSeconds, onPage }: PagesProps) {
  const { t, format } = useLabels();
  return (
    <nav className={classes['pages']} aria-label={t('jobs.pages')}>
      <Dim as="span">{keptSeconds === undefined ? t('jobs.kept') : t('jobs.kept_for', { time: format.duration(keptSeconds * 1000) })}</Dim>
      <div>
        <Button size="compact-sm" variant="default" disabled={cursor === null} onClick={() => onPage(null)}>
          {t('jobs.newest')}
        </Button>
        <Button size="compact-sm" variant="default" disabled={next === null} onClick={() => onPage(next)}>
          {t('jobs.older')}
        </Button>
      </div>
    </nav>
  );
}

export interface Selection extends RowSelection {
  readonly clear: () => void;
}

/** The selected jobs among these, which the user may cancel. Those that have ended are not selected any more. */
export function useJobSelection(jobs: readonly AppJobRow[]): Selection {
  const open = jobs.filter(({ finished_at }) => finished_at === null).map(({ job_id }) => job_id);
  const { selected, setSelected } = useSelection(open);
  return {
    offered: new Set(open),
    selected,
    toggle: (jobId) => setSelected(toggled(selected, jobId)),
    clear: () => setSelected(new Set()),
  };
}
