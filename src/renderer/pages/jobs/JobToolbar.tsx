// The filters of the job list: a text, filters for one node, sender or model, and the groups with the number of open jobs.
import { Button } from '@mantine/core';
import type { AppJobs } from '../../../shared/api/app-job';
import { ChoiceFilter } from '../../components/ChoiceFilter';
import { FilterChip } from '../../components/DataTable/FilterChip';
import { SearchField } from '../../components/DataTable/SearchField';
import { useNodeNames } from '../../components/NodeName';
import { useMay } from '../../components/RightNote';
import { useLabels } from '../../i18n/use-labels';
import { useSenderNames } from '../../queries/members';
import type { RouteFilter } from '../../routes';
import { useApp } from '../../store/Screen';
import { goTo, useRoute } from '../../store/use-route';
import { FILTER_KEYS, type FilterKey, filterOf, GROUP_STATUSES, groupOf, JOB_GROUPS, type JobGroup } from './job-filters';
import classes from './JobToolbar.module.css';

/** Suggested nodes and senders. */
const SUGGESTED = 3;
/** A text of this length finds a node by its name. */
const LEAST_LENGTH = 2;
/** Other texts are names of models. */
const ID_START = 'job-';

export interface JobToolbarProps {
  readonly open: AppJobs['open'] | null;
  /** The names of the keys and members that sent the listed jobs, by id. */
  readonly submitters: ReadonlyMap<string, string>;
}

export function JobToolbar({ open, submitters: listed }: JobToolbarProps) {
  const mayManage = useMay('manage');
  const { search, filters } = useRoute();
  const known = useSenderNames(mayManage && (search.trim().length >= LEAST_LENGTH || filterOf(filters, 'key') !== null));
  const submitters = new Map([...known, ...listed]);
  return (
    <div className={classes['toolbar']}>
      <Search />
      <Suggestions submitters={submitters} />
      <ActiveFilters submitters={submitters} />
      <div className={classes['groups']}>
        <Groups open={open} />
      </div>
    </div>
  );
}

function Search() {
  const { t } = useLabels();
  const route = useRoute();
  const open = (): void => {
    const id = route.search.trim();
    if (id.startsWith(ID_START)) goTo({ ...route, page: 'jobs', id, search: '' });
  };
  return (
    <SearchField
      label={t('job_page.search')}
      search={route.search}
      onSearch={(search) => goTo({ ...route, page: 'jobs', search }, { replace: true })}
      onEnter={open}
      maxLength={128}
    />
  );
}

/** Statuses, nodes and senders whose name has the text. */
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
  const statuses = JOB_GROUPS.filter((group) => isLong && namesOf(group).some((name) => name.toLowerCase().includes(text)));
  if (suggested.length === 0 && statuses.length === 0) return null;
  return (
    <div role="group" aria-label={t('job_page.suggestions')} className={classes['pills']}>
      {statuses.map((group) => (
        <Button key={group} variant="default" size="compact-sm" maw="100%" onClick={() => choose(group)}>
          {t('job_page.add_filter.status', { name: t(`job_page.group.${group}`) })}
        </Button>
      ))}
      {suggested.map((filter) => (
        <Button key={`${filter.key} ${filter.value}`} variant="default" size="compact-sm" maw="100%" onClick={() => add(filter)}>
          {t(`job_page.add_filter.${filter.key === 'node' ? 'node' : 'key'}`, { name: nameOf(filter) })}
        </Button>
      ))}
    </div>
  );

  function namesOf(group: JobGroup): readonly string[] {
    return [t(`job_page.group.${group}`), ...GROUP_STATUSES[group].map((status) => t(`job_status.${status}`))];
  }

  function choose(group: JobGroup): void {
    goTo({ ...route, page: 'jobs', search: '', status: GROUP_STATUSES[group][0] });
  }

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
      {active.map((filter) => (
        <FilterChip
          key={filter.key}
          name={t(`job_page.filter.${filter.key}`, { name: nameOf(filter) })}
          onRemove={() => goTo({ ...route, page: 'jobs', filters: route.filters.filter((each) => each !== filter) })}
        />
      ))}
    </div>
  );
}

function useFilterNames(submitters: ReadonlyMap<string, string>): (filter: RouteFilter) => string {
  const nodeName = useNodeNames();
  return ({ key, value }) => (key === 'node' ? nodeName(value) : (submitters.get(value) ?? value));
}

function Groups({ open }: Pick<JobToolbarProps, 'open'>) {
  const { t } = useLabels();
  const route = useRoute();
  const counts: Partial<Record<JobGroup, number>> =
    open === null ? {} : { waiting: open.queued, assigned: open.assigned, running: open.running };
  // A job is assigned for a moment only.
  const shown = JOB_GROUPS.filter((group) => group !== 'assigned' || groupOf(route) === group);
  return (
    <ChoiceFilter
      label={t('jobs.filter')}
      total={null}
      choices={shown.map((group) => ({
        value: group,
        label: t(`job_page.group.${group}`),
        count: counts[group] ?? null,
      }))}
      chosen={groupOf(route)}
      onChange={(group) => goTo({ ...route, page: 'jobs', status: group === null ? null : GROUP_STATUSES[group][0] })}
    />
  );
}
