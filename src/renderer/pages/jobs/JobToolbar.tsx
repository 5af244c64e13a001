// The filters of the job list: a text, filters for one node, sender or model, and the groups with the number of open jobs.
import { TextInput } from '@mantine/core';
import { type KeyboardEvent, useMemo, useRef } from 'react';
import type { AppJobs } from '../../../shared/api/app-job';
import { StatusShape } from '../../components/StatusShape';
import { type Shortcut, useShortcuts } from '../../components/shortcuts/use-shortcuts';
import { useLabels } from '../../i18n/use-labels';
import { JOB_SHAPES } from '../../labels/job-labels';
import type { RouteFilter } from '../../routes';
import { useApp } from '../../store/Screen';
import { goTo, useRoute } from '../../store/use-route';
import { FILTER_KEYS, type FilterKey, GROUP_STATUSES, groupOf, JOB_GROUPS, type JobGroup } from './job-filters';
import classes from './JobToolbar.module.css';

/** Suggested nodes and senders. */
const SUGGESTED = 3;
/** A text of this length finds a node by its name. */
const LEAST_LENGTH = 2;

export interface JobToolbarProps {
  readonly open: AppJobs['open'] | null;
  /** The names of the keys and members that sent the listed jobs, by id. */
  readonly submitters: ReadonlyMap<string, string>;
}

export function JobToolbar({ open, submitters }: JobToolbarProps) {
  return (
    <div className={classes['toolbar']}>
      <Search />
      <Suggestions submitters={submitters} />
      <ActiveFilters submitters={submitters} />
      <Groups open={open} />
    </div>
  );
}

function Search() {
  const { t } = useLabels();
  const route = useRoute();
  const field = useRef<HTMLInputElement>(null);
  const shortcuts = useMemo(
    (): readonly Shortcut[] => [{ keys: '/', label: t('shortcut.search'), run: () => field.current?.focus() }],
    [t],
  );
  useShortcuts(shortcuts);
  const open = (event: KeyboardEvent): void => {
    const id = route.search.trim();
    if (event.key === 'Enter' && id !== '') goTo({ ...route, page: 'jobs', id, search: '' });
  };
  return (
    <TextInput
      ref={field}
      type="search"
      aria-label={t('job_page.search')}
      placeholder={t('job_page.search')}
      rightSection={route.search === '' && <kbd aria-hidden="true">/</kbd>}
      value={route.search}
      onChange={(event) => goTo({ ...route, page: 'jobs', search: event.currentTarget.value }, { replace: true })}
      onKeyDown={open}
      maxLength={128}
      spellCheck={false}
      autoComplete="off"
    />
  );
}

/** Nodes and senders whose name has the text. */
function Suggestions({ submitters }: Pick<JobToolbarProps, 'submitters'>) {
  const { t } = useLabels();
  const route = useRoute();
  const text = route.search.trim().toLowerCase();
  const isLong = text.length >= LEAST_LENGTH;
  const found = useApp(({ nodes }) =>
    isLong
      ? [...nodes.values()]
          .filter(({ name }) => name.toLowerCase().includes(text))
          .slice(0, SUGGESTED)
          .map(({ node_id }) => node_id)
          .join('\n')
      : '',
  );
  const nameOf = useFilterNames(submitters);
  const nodes = found === '' ? [] : found.split('\n').map((value): RouteFilter => ({ key: 'node', value }));
  const keys = [...submitters].filter(([, name]) => isLong && name.toLowerCase().includes(text)).slice(0, SUGGESTED);
  const suggested = [...nodes, ...keys.map(([value]): RouteFilter => ({ key: 'key', value }))];
  if (suggested.length === 0) return null;
  return (
    <div role="group" aria-label={t('job_page.suggestions')} className={classes['pills']}>
      {suggested.map((filter) => (
        <button key={`${filter.key} ${filter.value}`} type="button" onClick={() => add(filter)}>
          {t(`job_page.add_filter.${filter.key === 'node' ? 'node' : 'key'}`, { name: nameOf(filter) })}
        </button>
      ))}
    </div>
  );

  function add(filter: RouteFilter): void {
    goTo({ ...route, page: 'jobs', search: '', filters: [...route.filters.filter(({ key }) => key !== filter.key), filter] });
  }
}

function ActiveFilters({ submitters }: Pick<JobToolbarProps, 'submitters'>) {
  const { t } = useLabels();
  const route = useRoute();
  const nameOf = useFilterNames(submitters);
  const active = route.filters.filter((filter): filter is RouteFilter & { key: FilterKey } =>
    FILTER_KEYS.some((key) => key === filter.key),
  );
  if (active.length === 0) return null;
  return (
    <div role="group" aria-label={t('job_page.filters')} className={classes['pills']}>
      {active.map((filter) => {
        const text = t(`job_page.filter.${filter.key}`, { name: nameOf(filter) });
        return (
          <button
            key={filter.key}
            type="button"
            aria-label={t('job_page.remove_filter', { filter: text })}
            onClick={() => goTo({ ...route, page: 'jobs', filters: route.filters.filter((each) => each !== filter) })}
          >
            {text} <span aria-hidden="true">×</span>
          </button>
        );
      })}
    </div>
  );
}

function useFilterNames(submitters: ReadonlyMap<string, string>): (filter: RouteFilter) => string {
  const route = useRoute();
  const nodeId = route.filters.find(({ key }) => key === 'node')?.value ?? '';
  const known = useApp(({ nodes }) => nodes.get(nodeId)?.name ?? nodeId);
  const nodes = useApp((app) => app.nodes);
  return ({ key, value }) => {
    if (key === 'node') return value === nodeId ? known : (nodes.get(value)?.name ?? value);
    return submitters.get(value) ?? value;
  };
}

function Groups({ open }: Pick<JobToolbarProps, 'open'>) {
  const { t, format } = useLabels();
  const route = useRoute();
  const chosen = groupOf(route);
  const choose = (group: JobGroup | null): void =>
    goTo({ ...route, page: 'jobs', status: group === null || group === chosen ? null : GROUP_STATUSES[group][0] });
  const counts: Partial<Record<JobGroup, number>> = open === null ? {} : { waiting: open.queued, running: open.running + open.assigned };
  return (
    <div role="group" aria-label={t('jobs.filter')} className={classes['groups']}>
      <button type="button" aria-pressed={chosen === null} onClick={() => choose(null)}>
        {t('jobs.all')}
      </button>
      {JOB_GROUPS.map((group) => {
        const count = counts[group];
        return (
          <button key={group} type="button" aria-pressed={group === chosen} onClick={() => choose(group)}>
            <StatusShape shape={JOB_SHAPES[GROUP_STATUSES[group][0]]} size={12} />
            {t(`job_page.group.${group}`)}
            {count !== undefined && <span>{format.number(count)}</span>}
          </button>
        );
      })}
    </div>
  );
}
