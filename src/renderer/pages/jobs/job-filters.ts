// Which jobs the page lists: the route as queries. Groups are statuses that a person sees as one.
import type { OperationParams } from '../../../shared/api/app-api';
import { JOB_STATUSES, type JobStatus } from '../../../shared/api/job';
import type { Route, RouteFilter } from '../../routes';

export type JobGroup = 'waiting' | 'assigned' | 'running' | 'done' | 'failed' | 'cancelled';

/** The first status is the one of the route. */
export const GROUP_STATUSES: Readonly<Record<JobGroup, readonly [JobStatus, ...JobStatus[]]>> = {
  waiting: ['queued'],
  assigned: ['assigned'],
  running: ['running'],
  done: ['succeeded'],
  failed: ['failed', 'expired'],
  cancelled: ['cancelled'],
};
export const JOB_GROUPS = Object.keys(GROUP_STATUSES) as readonly JobGroup[];
export const ENDED: readonly JobStatus[] = [...GROUP_STATUSES.done, ...GROUP_STATUSES.failed, ...GROUP_STATUSES.cancelled];

/** Null: jobs of every status. */
export const groupOf = ({ status }: Pick<Route, 'status'>): JobGroup | null =>
  status === null ? null : (JOB_GROUPS.find((group) => GROUP_STATUSES[group].includes(status)) ?? null);

export const FILTER_KEYS = ['node', 'key', 'model'] as const;
export type FilterKey = (typeof FILTER_KEYS)[number];

export const filterOf = (filters: readonly RouteFilter[], key: FilterKey): string | null =>
  filters.find((filter) => filter.key === key)?.value ?? null;

export type JobsParams = OperationParams<'pool.jobs'>;

/** The filters of the route for a list of these statuses. */
export function paramsOf({ search, filters }: Pick<Route, 'search' | 'filters'>, statuses: readonly JobStatus[]): JobsParams {
  const [node, key, model] = FILTER_KEYS.map((name) => filterOf(filters, name));
  const text = search.trim().slice(0, 128);
  return {
    ...(statuses.length === 0 || statuses.length === JOB_STATUSES.length ? {} : { status: [...statuses] }),
    ...(node == null ? {} : { node_id: node }),
    ...(key == null ? {} : { key }),
    ...(model == null ? {} : { model }),
    ...(text === '' ? {} : { search: text }),
  };
}

export const hasFilters = ({ search, filters }: Pick<Route, 'search' | 'filters'>): boolean =>
  search.trim() !== '' || FILTER_KEYS.some((key) => filterOf(filters, key) !== null);
