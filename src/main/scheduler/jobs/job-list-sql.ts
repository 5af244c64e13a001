// The SQL of a list of jobs. One index drives the search, and the other filters are checked on a bounded number of jobs: so no filter makes
// a list slow, and a page may have fewer jobs than `limit` before the last one.
import type { Sql, SqlValue } from '../database/store';
import type { JobQuery } from './job-store';

export interface ListSql {
  /** Selects the column `seq` of the jobs that are read, newest first. */
  readonly scan: Sql;
  /** Selects those that pass the other filters, newest first. Null: there are no others. */
  readonly found: Sql | null;
}

/** Jobs whose filters one list checks: a few milliseconds. */
export const MAX_SCANNED = 5000;

/** The column is one of the values, of which there is at least one. */
interface Filter {
  readonly source: 'jobs' | 'job_nodes';
  readonly column: string;
  readonly values: readonly SqlValue[];
}

const inJobs = (column: string, values: readonly SqlValue[]): Filter => ({ source: 'jobs', column, values });
const ofNode = (nodeId: string): Filter => ({ source: 'job_nodes', column: 'node_id', values: [nodeId] });

/** The filters of the query, the most selective first. The first one drives the search. */
function filtersOf({ visibleTo, nodeId = null, submitters = null, model = null, statuses = [] }: JobQuery): Filter[] {
  return [
    ...(visibleTo === undefined || visibleTo.nodeId !== null ? [] : [inJobs('submitter', [visibleTo.id])]),
    ...(nodeId === null ? [] : [ofNode(nodeId)]),
    ...(submitters === null ? [] : [inJobs('submitter', submitters)]),
    ...(model === null ? [] : [inJobs('model', [model])]),
    ...(statuses.length === 0 ? [] : [inJobs('status', statuses)]),
  ];
}

/** Null: no job passes, because the submitters are unknown. */
export function listSql(query: JobQuery): ListSql | null {
  const { visibleTo, submitters = null, search = null } = query;
  if (submitters?.length === 0) return null;
  const filters = filtersOf(query);
  const own = visibleTo?.nodeId == null ? null : [inJobs('submitter', [visibleTo.id]), ofNode(visibleTo.nodeId)];
  const drivers = own ?? filters.slice(0, 1);
  const checks = [...(own === null ? filters.slice(1) : filters).map(checkOf), ...(search === null ? [] : [searchOf(search)])];
  const limit = checks.length === 0 ? query.limit : MAX_SCANNED;
  const scan = scanOf(drivers, query.beforeSeq ?? Number.MAX_SAFE_INTEGER, limit);
  return { scan, found: checks.length === 0 ? null : checkedOf(scan, checks, query.limit) };
}

/** The newest jobs of any driver. Each value has its own place in the index, and its newest jobs are read there. */
function scanOf(drivers: readonly Filter[], beforeSeq: number, limit: number): Sql {
  const scans = drivers.flatMap(({ source, column, values }) =>
    values.map((value): Sql => {
      const is = equals(column, value);
      return { text: `SELECT seq FROM ${source} WHERE ${is.text} AND seq < ?`, values: [...is.values, beforeSeq] };
    }),
  );
  const all = scans.length === 0 ? [{ text: 'SELECT seq FROM jobs WHERE seq < ?', values: [beforeSeq] }] : scans;
  const parts = all.map(({ text }) => `SELECT seq FROM (${text} ORDER BY seq DESC LIMIT ?) AS part`);
  return {
    text: `SELECT seq FROM (${parts.join(' UNION ')}) AS parts ORDER BY seq DESC LIMIT ?`,
    values: [...all.flatMap(({ values }) => [...values, limit]), limit],
  };
}

const checkedOf = (scan: Sql, checks: readonly Sql[], limit: number): Sql => ({
  text: `SELECT seq FROM jobs WHERE seq IN (${scan.text}) AND ${checks.map(({ text }) => text).join(' AND ')} ORDER BY seq DESC LIMIT ?`,
  values: [...scan.values, ...checks.flatMap(({ values }) => values), limit],
});

function checkOf({ source, column, values }: Filter): Sql {
  const [only, ...others] = values;
  const check: Sql =
    others.length === 0 && only !== undefined
      ? equals(column, only)
      : { text: `${column} IN (${values.map(() => '?').join(', ')})`, values };
  if (source === 'jobs') return check;
  return { text: `EXISTS (SELECT 1 FROM ${source} WHERE ${source}.seq = jobs.seq AND ${source}.${check.text})`, values: check.values };
}

const equals = (column: string, value: SqlValue): Sql =>
  value === null ? { text: `${column} IS NULL`, values: [] } : { text: `${column} = ?`, values: [value] };

/** Part of the name of the model, or the beginning of the id. */
function searchOf(search: string): Sql {
  const text = search.toLowerCase();
  const id = text.startsWith('job-') ? text : `job-${text}`;
  return {
    text: "(lower(model) LIKE ? ESCAPE '!' OR substr(job_id, 1, ?) = ?)",
    values: [`%${text.replaceAll(/[!%_]/gu, '!$&')}%`, id.length, id],
  };
}
