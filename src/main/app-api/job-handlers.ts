// The operations on the jobs of the pool.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Outcome } from '../../shared/api/app-api';
import { MAX_JOBS_SHOWN } from '../../shared/api/app-job';
import { exportHead, exportLines, exportName, exportPages } from '../../shared/api/job-export';
import type { SavedFile } from '../../shared/api/saved-file';
import { notAvailableHere } from '../contracts/app-errors';
import type { PoolPort } from '../contracts/ports';
import { type SaveFile, savedFile } from '../contracts/saved-file';
import { appJobContentOf, appJobOf, appJobsOf } from './core/job-views';
import type { OperationHandlers, ParsedParams } from './operation-types';
import { emptied, mapped } from './outcomes';

export interface JobHandlersOptions {
  readonly pool: () => PoolPort | null;
  /** Null: this program has no screen. */
  readonly saveFile: SaveFile | null;
}

type Operation =
  | 'pool.jobs'
  | 'pool.export_jobs'
  | 'pool.job'
  | 'pool.job_content'
  | 'pool.cancel_job'
  | 'pool.cancel_jobs'
  | 'pool.retry_job';

export const jobHandlers = (options: JobHandlersOptions): Pick<OperationHandlers, Operation> => ({
  'pool.jobs': async (query) => mapped(await options.pool()?.jobs(query), appJobsOf),
  'pool.export_jobs': (query) => exportJobs(options, query),
  'pool.job': async ({ job_id }) => mapped(await options.pool()?.job(job_id), appJobOf),
  'pool.job_content': async ({ job_id }) => mapped(await options.pool()?.job(job_id), appJobContentOf),
  'pool.cancel_job': async ({ job_id }) => emptied(await options.pool()?.cancelJob(job_id)),
  'pool.cancel_jobs': ({ job_ids }) => options.pool()?.cancelJobs(job_ids) ?? notAvailableHere(),
  'pool.retry_job': ({ job_id }) => options.pool()?.retryJob(job_id) ?? notAvailableHere(),
});

/** A page of the list is read in each turn of the event loop. */
async function exportJobs(
  options: JobHandlersOptions,
  { format, ...filters }: ParsedParams<'pool.export_jobs'>,
): Promise<Outcome<SavedFile>> {
  const pool = options.pool();
  if (pool === null) return notAvailableHere();
  const pieces = [Buffer.from(exportHead(format))];
  const query = { ...filters, limit: MAX_JOBS_SHOWN, live: false };
  const pages = exportPages((cursor) => pool.jobs({ ...query, ...(cursor === null ? {} : { cursor }) }));
  for await (const page of pages) {
    if (!page.ok) return page;
    pieces.push(Buffer.from(exportLines(format, page.value)));
    await nextTurn();
  }
  return savedFile(options.saveFile, exportName(format), Buffer.concat(pieces));
}
