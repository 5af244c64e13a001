// A route is the meaning of a location hash: the page, the open drawer, and the state of the table: search, sort, filters, groups,
// columns. No other file reads or writes hashes such as `#/nodes/node-1?search=rtx&sort=-status`. Parsing is total: every string is a
// route, also a malformed one.
import { JOB_STATUSES, type JobStatus } from '../shared/api/job';
import { AVAILABILITY_STATES, type AvailabilityState } from '../shared/protocol/status';

export const PAGES = [
  'computer',
  'gpus',
  'pool',
  'nodes',
  'models',
  'jobs',
  'members',
  'usage',
  'cluster',
  'try',
  'connect',
  'setup',
  'logs',
  'settings',
] as const;
export type PageName = (typeof PAGES)[number];

export interface Sort {
  /** The key of a column. A table without such a column ignores it. */
  readonly column: string;
  readonly descending: boolean;
}

export interface Route {
  /** Null: the hash names no page. */
  readonly page: PageName | null;
  /** The node, the model or the job in the drawer, the model of the next question, the request to join or `INVITE_ID` in the dialog, or the section or program of the page. */
  readonly id: string | null;
  readonly search: string;
  /** Null: the order of the page. */
  readonly sort: Sort | null;
  /** Null: jobs of every status. */
  readonly status: JobStatus | null;
  /** Null: nodes in every state. */
  readonly state: AvailabilityState | null;
  /** Further filters of the table; a row passes all of them. A table ignores those that it does not have. */
  readonly filters: readonly RouteFilter[];
  /** By what the rows are grouped; null: the grouping of the page. */
  readonly group: string | null;
  /** The columns that are shown; null: those of the page. */
  readonly columns: readonly string[] | null;
  /** The dialog of the frame over the page. */
  readonly dialog: 'shortcuts' | null;
}

/** `?filter=tag:lab` */
export interface RouteFilter {
  readonly key: string;
  readonly value: string;
}

/** A page, and every part that is not the default. */
export type RouteTarget = Partial<Route> & { readonly page: PageName };

/** On the Jobs page: the explanation of a request that is not sent. */
export const EXPLAIN_ID = 'explain';

/** On the Members page: the dialog that makes an invitation. */
export const INVITE_ID = 'new-invitation';

/** On the Cluster page: the question before another scheduler leads. */
export const STEP_DOWN_ID = 'step-down';

/** On the Pool page of a member: opens the section of the other pools. */
export const OTHER_POOLS_ID = 'others';

/** A model has an id of up to 256 characters. */
const MAX_ID_LENGTH = 256;
const MAX_SEARCH_LENGTH = 256;
const MAX_FILTERS = 16;
/** A filter names a model, for example. */
const MAX_FILTER_LENGTH = MAX_ID_LENGTH;
const MAX_COLUMNS = 40;

export function parseRoute(hash: string): Route {
  const [path = '', ...queries] = hash.split('?');
  const [, page = '', id = ''] = /^#\/([^/]*)(?:\/(.*))?$/s.exec(path) ?? [];
  const query = new URLSearchParams(queries.join('?'));
  return {
    page: PAGES.find((known) => known === page) ?? null,
    id: parseId(id),
    search: (query.get('search') ?? '').slice(0, MAX_SEARCH_LENGTH),
    sort: parseSort(query.get('sort') ?? ''),
    status: JOB_STATUSES.find((known) => known === query.get('status')) ?? null,
    state: AVAILABILITY_STATES.find((known) => known === query.get('state')) ?? null,
    filters: query.getAll('filter').slice(0, MAX_FILTERS).flatMap(parseFilter),
    group: WORD.exec(query.get('group') ?? '')?.[0] ?? null,
    columns: parseColumns(query.get('columns')),
    dialog: query.get('dialog') === 'shortcuts' ? 'shortcuts' : null,
  };
}

export function hrefOf(target: RouteTarget): string {
  const { page, id = null, search = '', sort = null, status = null, state = null, filters = [], group = null } = target;
  const { columns = null, dialog = null } = target;
  const query = new URLSearchParams({
    ...(status === null ? {} : { status }),
    ...(state === null ? {} : { state }),
    ...(search === '' ? {} : { search }),
    ...(sort === null ? {} : { sort: sortText(sort) }),
    ...(group === null ? {} : { group }),
    ...(columns === null ? {} : { columns: columns.join(' ') }),
    ...(dialog === null ? {} : { dialog }),
  });
  for (const { key, value } of filters) query.append('filter', `${key}:${value}`);
  const path = id === null ? page : `${page}/${encodeURIComponent(toWellFormed(id))}`;
  return query.size === 0 ? `#/${path}` : `#/${path}?${query.toString()}`;
}

/** Null for an empty id, and for an id that is not percent-encoded UTF-8. */
function parseId(encoded: string): string | null {
  try {
    return encoded === '' ? null : decodeURIComponent(encoded).slice(0, MAX_ID_LENGTH);
  } catch {
    return null;
  }
}

const WORD = /^[\w.]{1,40}$/;

function parseFilter(text: string): readonly RouteFilter[] {
  const [, key, value = ''] = /^([\w.]{1,40}):(.+)$/s.exec(text) ?? [];
  return key === undefined ? [] : [{ key, value: value.slice(0, MAX_FILTER_LENGTH) }];
}

/** An empty text: only the columns that are always shown. */
function parseColumns(text: string | null): readonly string[] | null {
  if (text === null) return null;
  return text
    .split(' ')
    .filter((column) => WORD.test(column))
    .slice(0, MAX_COLUMNS);
}

/** `-` before a column is the reverse order. */
export const sortText = ({ column, descending }: Sort): string => `${descending ? '-' : ''}${column}`;

export function parseSort(text: string): Sort | null {
  const [, sign, column] = /^(-?)([\w.]+)$/.exec(text) ?? [];
  return column === undefined ? null : { column, descending: sign === '-' };
}

/** A lone surrogate has no UTF-8 encoding. */
const toWellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd');

/** Opens the dialog that makes an invitation. Below all that `hrefOf` uses. */
export const INVITE_HREF = hrefOf({ page: 'members', id: INVITE_ID });
