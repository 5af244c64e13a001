// Routes for the list of jobs: in pages, and as a file.
import type { z } from 'zod';
import { jobListQuerySchema, type JobList, jobListSchema, statusesOf } from '../../../shared/api/job';
import {
  type ExportFormat,
  exportHead,
  exportLines,
  exportPages,
  jobExportQuerySchema,
  MAX_EXPORTED,
} from '../../../shared/api/job-export';
import { ok } from '../../../shared/result';
import type { JobPage, JobsPort } from '../jobs/jobs-port';
import type { Caller } from '../members/core/principal';
import type { Members } from '../members/members';
import { ownIdOf, summaryOfNode, withoutOutput } from './job-access';
import { json, route, type Route } from './route';

export interface JobListRouteOptions {
  readonly jobs: JobsPort;
  /** The node of the caller. Null: it has none. */
  readonly nodeOf: Members['nodeOf'];
}

export const jobListRoutes = (options: JobListRouteOptions): readonly Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/jobs',
    access: 'read_jobs',
    summary:
      'Lists jobs, newest first, without payloads and results. `cursor` is the `next_cursor` of the previous page. A page may have fewer jobs than `limit`.',
    query: jobListQuerySchema,
    answers: { schema: { name: 'JobList', schema: jobListSchema } },
    async handle({ query, caller, hasLeft }) {
      const { limit, cursor = null, live } = query;
      return json(await listed(options, { ...filtersOf(query), limit, cursor, hasLiveParts: live !== 'false', hasLeft }, caller));
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/jobs/export',
    access: 'read_jobs',
    summary: `The list of jobs as a file, at most ${MAX_EXPORTED.toLocaleString('en')} jobs, without contents. \`format\` is \`csv\` or \`jsonl\` (JSON lines).`,
    query: jobExportQuerySchema,
    answers: { contentType: 'text/csv' },
    handle({ query: { format, ...query }, caller, hasLeft }) {
      const filters = filtersOf(query);
      const pages = exportPages<never>(async (cursor) =>
        ok(await listed(options, { ...filters, limit: PAGE, cursor, hasLiveParts: false, hasLeft }, caller)),
      );
      return { kind: 'text', status: 200, contentType: CONTENT_TYPES[format], text: exported(format, pages) };
    },
  }),
];

/** Jobs that an export reads in one turn of the event loop. */
const PAGE = 100;

const CONTENT_TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  jsonl: 'application/jsonl; charset=utf-8',
};

async function* exported(format: ExportFormat, pages: ReturnType<typeof exportPages<never>>): AsyncGenerator<string> {
  yield exportHead(format);
  for await (const page of pages) {
    if (page.ok) yield exportLines(format, page.value);
  }
}

const filtersOf = ({ status, ...query }: Omit<z.output<typeof jobExportQuerySchema>, 'format'>): Omit<JobPage, 'limit' | 'cursor'> => ({
  statuses: statusesOf(status),
  model: query.model ?? null,
  nodeId: query.node_id ?? null,
  key: query.key ?? null,
  search: query.search ?? null,
});

/** The jobs that the caller may see, as far as the caller may see them. */
async function listed(options: JobListRouteOptions, page: JobPage, caller: Caller): Promise<JobList> {
  if (caller.grant === 'own') return ownJobs(options, page, caller);
  const list = await options.jobs.list(page);
  if (caller.grant !== 'no_contents') return list;
  return { ...list, jobs: list.jobs.map((job) => ({ ...job, error: withoutOutput(job.error) })) };
}

/** The jobs of the caller, and without contents those that ran on its node. */
async function ownJobs({ jobs, nodeOf }: JobListRouteOptions, page: JobPage, caller: Caller): Promise<JobList> {
  const { id } = ownIdOf(caller);
  const ofCaller = nodeOf(caller.principal);
  // Only the owner of a job may learn its submitter and its nodes, so a search for them finds own jobs only.
  const nodeId = page.key != null || (page.nodeId != null && page.nodeId !== ofCaller) ? null : ofCaller;
  const list = await jobs.list({ ...page, visibleTo: { id, nodeId } });
  if (nodeId === null) return list;
  return { ...list, jobs: list.jobs.map((job) => ((job.submitter?.id ?? null) === id ? job : summaryOfNode(job, nodeId))) };
}
