// A route is the meaning of a location hash: the page, the open drawer, the sort and search of the table. No other file reads or
// writes hashes such as `#/nodes/node-1?search=rtx&sort=-status`. Parsing is total: every string is a route, also a malformed one.
import { JOB_STATUSES, type JobStatus } from '../shared/api/job';
import { AVAILABILITY_STATES, type AvailabilityState } from '../shared/protocol/status';

export const PAGES = ['computer', 'gpus', 'pool', 'nodes', 'models', 'jobs', 'members', 'dispatch', 'try', 'connect', 'settings'] as const;
export type PageName = (typeof PAGES)[number];

export interface Sort {
  /** The key of a column. A table without such a column ignores it. */
  readonly column: string;
  readonly descending: boolean;
}

export interface Route {
  /** Null: the hash names no page. */
  readonly page: PageName | null;
  /** The node or the job in the drawer, or the request to join in the dialog; null: closed. */
  readonly id: string | null;
  readonly search: string;
  /** Null: the order of the page. */
  readonly sort: Sort | null;
  /** Null: jobs of every status. */
  readonly status: JobStatus | null;
  /** Null: nodes in every state. */
  readonly state: AvailabilityState | null;
}

/** A page, and every part that is not the default. */
export type RouteTarget = Partial<Route> & { readonly page: PageName };

const MAX_ID_LENGTH = 128;
const MAX_SEARCH_LENGTH = 256;

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
  };
}

export function hrefOf({ page, id = null, search = '', sort = null, status = null, state = null }: RouteTarget): string {
  const query = new URLSearchParams({
    ...(status === null ? {} : { status }),
    ...(state === null ? {} : { state }),
    ...(search === '' ? {} : { search }),
    ...(sort === null ? {} : { sort: `${sort.descending ? '-' : ''}${sort.column}` }),
  });
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

function parseSort(text: string): Sort | null {
  const [, sign, column] = /^(-?)([\w.]+)$/.exec(text) ?? [];
  return column === undefined ? null : { column, descending: sign === '-' };
}

/** A lone surrogate has no UTF-8 encoding. */
const toWellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd');
