// The SQL of a list of jobs. One index drives the search, and the other filters are checked on a bounded number of jobs: so no filter makes
// a list slow, and a page may have fewer jobs than `limit` before the last one.
import type { JobQuery } from './job-store';

export type SqlValue = string | number | null;

export interface Sql {
  readonly text: string;
  readonly values: readonly SqlValue[];
}

export interface ListSql {
  /** Selects the column `seq` of the jobs that are read, newest first. */
  readonly scan: Sql;
  /** Selects those that pass the other filters, newest first. Null: there are no others. */
  readonly found: Sql | null;
}

/** Jobs whose filters one list checks: a few milliseconds. */
export const MAX_SCANNED = 5000;

type Part = Sql & { readonly source: string };

const part = (source: string, text: string, ...values: readonly SqlValue[]): Part => ({ source, text, values });

const OF_NODE = 'node_id = ?';

/** The filters of the query, the most selective first. The first one drives the search. */
function partsOf({ visibleTo, nodeId = null, submitters = null, model = null, statuses = [] }: JobQuery): Part[] {
  return [
    ...(visibleTo === undefined || visibleTo.nodeId !== null ? [] : [part('jobs', 'submitter IS ?', visibleTo.id)]),
    ...(nodeId === null ? [] : [part('job_nodes', OF_NODE, nodeId)]),
    ...(submitters === null
      ? []
      : [part('jobs', submitters.length === 0 ? 'FALSE' : `submitter IN (${marks(submitters)})`, ...submitters)]),
    ...(model === null ? [] : [part('jobs', 'model = ?', model)]),
    ...(statuses.length === 0 ? [] : [part('jobs', `status IN (${marks(statuses)})`, ...statuses)]),
  ];
}

export function listSql(query: JobQuery): ListSql {
  const before = query.beforeSeq ?? Number.MAX_SAFE_INTEGER;
  const parts = partsOf(query);
  const { visibleTo } = query;
  const own =
    visibleTo?.nodeId == null ? null : [part('jobs', 'submitter IS ?', visibleTo.id), part('job_nodes', OF_NODE, visibleTo.nodeId)];
  const drivers = own ?? parts.slice(0, 1);
  const filters = [...(own === null ? parts.slice(1) : parts).map(asFilter), ...(query.search == null ? [] : [searchOf(query.search)])];
  const limit = filters.length === 0 ? query.limit : MAX_SCANNED;
  const scans = (drivers.length === 0 ? [part('jobs', 'TRUE')] : drivers.flatMap(perValue)).map(({ source, text, values }) => ({
    text: `SELECT seq FROM (SELECT seq FROM ${source} WHERE ${text} AND seq < ? ORDER BY seq DESC LIMIT ?)`,
    values: [...values, before, limit],
  }));
  const scan: Sql = {
    text: `SELECT seq FROM (${scans.map(({ text }) => text).join(' UNION ')}) ORDER BY seq DESC LIMIT ?`,
    values: [...scans.flatMap(({ values }) => values), limit],
  };
  return { scan, found: filters.length === 0 ? null : filtered(scan, filters, query.limit) };
}

const filtered = (scan: Sql, filters: readonly Sql[], limit: number): Sql => ({
  text: `SELECT seq FROM jobs WHERE seq IN (${scan.text}) AND ${filters.map(({ text }) => text).join(' AND ')} ORDER BY seq DESC LIMIT ?`,
  values: [...scan.values, ...filters.flatMap(({ values }) => values), limit],
});

/** Each value has its own place in the index, and its newest jobs are read there. */
function perValue(driver: Part): Part[] {
  const [, column] = /^(\w+) IN /.exec(driver.text) ?? [];
  return column === undefined ? [driver] : driver.values.map((value) => part(driver.source, `${column} = ?`, value));
}

const asFilter = ({ source, text, values }: Part): Sql =>
  source === 'jobs' ? { text, values } : { text: `EXISTS (SELECT 1 FROM ${source} AS of WHERE of.seq = jobs.seq AND of.${text})`, values };

/** Part of the name of the model, or the beginning of the id. */
function searchOf(search: string): Sql {
  const text = search.toLowerCase();
  const id = text.startsWith('job-') ? text : `job-${text}`;
  return { text: '(instr(lower(model), ?) > 0 OR substr(job_id, 1, ?) = ?)', values: [text, id.length, id] };
}

const marks = (values: readonly unknown[]): string => values.map(() => '?').join(', ');
