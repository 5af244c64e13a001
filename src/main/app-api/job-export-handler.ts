// The list of jobs as a file. A page of the list is read and written in each turn of the event loop.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Outcome } from '../../shared/api/app-api';
import { MAX_JOBS_SHOWN } from '../../shared/api/app-job';
import { exportHead, exportLines, exportName, exportPages } from '../../shared/api/job-export';
import type { SavedFile } from '../../shared/api/saved-file';
import { notAvailableHere } from '../contracts/app-errors';
import type { PoolPort } from '../contracts/ports';
import { type SaveFile, savedFile } from '../contracts/saved-file';
import type { ParsedParams } from './operation-types';

export interface JobExportOptions {
  readonly pool: () => PoolPort | null;
  /** Null: this program has no screen. */
  readonly saveFile: SaveFile | null;
}

export async function exportJobs(
  options: JobExportOptions,
  { format, ...filters }: ParsedParams<'pool.export_jobs'>,
): Promise<Outcome<SavedFile>> {
  const pool = options.pool();
  if (pool === null) return notAvailableHere();
  const pieces = [Buffer.from(exportHead(format))];
  const pages = exportPages((cursor) => pool.jobs({ ...filters, limit: MAX_JOBS_SHOWN, ...(cursor === null ? {} : { cursor }) }));
  for await (const page of pages) {
    if (!page.ok) return page;
    pieces.push(Buffer.from(exportLines(format, page.value)));
    await nextTurn();
  }
  return savedFile(options.saveFile, exportName(format), Buffer.concat(pieces));
}
