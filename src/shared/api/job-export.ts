// The list of jobs as a file: one line for each job, without requests, results and messages of programs.
import { z } from 'zod';
import { CSV_MARK, type CsvCell, csvLine } from '../csv';
import { ok, type Result } from '../result';
import { jobsQuerySchema } from './app-job';
import { jobFiltersSchema, type JobList, type JobSummary } from './job';

export const EXPORT_FORMATS = ['csv', 'jsonl'] as const;

/** The newest jobs that one export has. */
export const MAX_EXPORTED = 10_000;

/** A page may have no job: a list that searches many jobs goes on in the next one. */
export const MAX_PAGES = 1000;

const format = z.enum(EXPORT_FORMATS);

export const jobExportQuerySchema = jobFiltersSchema.extend({ format: format.default('csv') });

/** The same with the statuses as a list. */
export const exportJobsSchema = jobsQuerySchema.omit({ limit: true, cursor: true }).extend({ format });

export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Instants in ISO 8601, so that spreadsheets read them. */
const timeOf = (wallMs: number | null): string | null => (wallMs === null ? null : new Date(wallMs).toISOString());

const COLUMNS: readonly (readonly [name: string, cellOf: (job: JobSummary) => CsvCell])[] = [
  ['job_id', ({ job_id }) => job_id],
  ['status', ({ status }) => status],
  ['model', ({ task }) => task.model],
  ['task', ({ task }) => task.path ?? task.kind],
  ['payload_bytes', ({ task }) => task.payload_bytes],
  ['priority', ({ priority }) => priority],
  ['attempt', ({ attempt }) => attempt],
  ['max_attempts', ({ max_attempts }) => max_attempts],
  ['node_id', ({ node_id }) => node_id],
  ['created_at', ({ created_at }) => timeOf(created_at)],
  ['started_at', ({ started_at }) => timeOf(started_at)],
  ['finished_at', ({ finished_at }) => timeOf(finished_at)],
  ['error', ({ error }) => error?.code ?? null],
  ['submitter_id', ({ submitter }) => submitter?.id ?? null],
  ['submitter', ({ submitter }) => submitter?.name ?? null],
  ['retry_of', ({ retry_of }) => retry_of ?? null],
];

const LINES: Readonly<Record<ExportFormat, (job: JobSummary) => string>> = {
  csv: (job) => csvLine(COLUMNS.map(([, cellOf]) => cellOf(job))),
  jsonl: (job) => `${JSON.stringify(Object.fromEntries(COLUMNS.map(([name, cellOf]) => [name, cellOf(job)])))}\n`,
};

/** The beginning of the file. */
export const exportHead = (of: ExportFormat): string => (of === 'csv' ? `${CSV_MARK}${csvLine(COLUMNS.map(([name]) => name))}` : '');

export const exportLines = (of: ExportFormat, jobs: readonly JobSummary[]): string => jobs.map(LINES[of]).join('');

/** The name of the file. */
export const exportName = (of: ExportFormat): string => `muster-jobs.${of}`;

/** The jobs in pages, until the last page of the list, or the limit of jobs or pages. After a page that fails there is none. */
export async function* exportPages<Failure>(
  pageAt: (cursor: string | null) => Promise<Result<JobList, Failure>>,
): AsyncGenerator<Result<readonly JobSummary[], Failure>> {
  let cursor: string | null = null;
  let left = MAX_EXPORTED;
  for (let pages = 0; left > 0 && pages < MAX_PAGES; pages++) {
    const page: Result<JobList, Failure> = await pageAt(cursor);
    if (!page.ok) {
      yield page;
      return;
    }
    const jobs = page.value.jobs.slice(0, left);
    yield ok(jobs);
    left -= jobs.length;
    cursor = page.value.next_cursor;
    if (cursor === null) return;
  }
}
