// A job is sent with the stored JSON of its result: the client gets the same bytes as from the whole view.
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { jobEventJson, jobJson } from '../../../../src/main/scheduler/api/job-json';
import { JOB_DATABASE } from '../../../../src/main/scheduler/database/migrations';
import { SqliteStore } from '../../../../src/main/scheduler/database/sqlite-store';
import { JobReader } from '../../../../src/main/scheduler/jobs/job-reader';
import { toStoredJob } from '../../../../src/main/scheduler/jobs/machine/stored-job';
import { StoredJobs } from '../../../../src/main/scheduler/jobs/stored-jobs';
import type { JobError } from '../../../../src/shared/api/job';
import { assigned, failure, played, success } from '../jobs/job-records';

const ERROR: JobError = { code: 'broke', message: 'it "broke" \u4e00', details: { output: [1], error: { code: 'x' } } };

async function readerOf(output: unknown, error: JobError | null): Promise<JobReader> {
  const database = new DatabaseSync(':memory:');
  for (const sql of JOB_DATABASE.migrations) database.exec(sql);
  const store = new StoredJobs(new SqliteStore(database));
  const end = error === null ? success() : { ...failure(false), error };
  const ended = toStoredJob(
    played(
      [
        [0, assigned],
        [5, end],
      ],
      { jobId: 'job-1', seq: 1 },
    ),
  );
  const result = { attempt: 1, node_id: 'node-1', success: error === null, output, error, processing_time_ms: 1.5e-7 };
  const written = await store.commit({ inserts: [{ job: ended, task: '{}', key: null }], changes: [{ job: ended, result }] });
  expect(written.ok).toBe(true);
  return new JobReader({ table: { get: () => undefined }, store, pool: {}, writer: {} } as never);
}

const textOf = (json: string | Iterable<string | Uint8Array>): string =>
  typeof json === 'string'
    ? json
    : Array.from(json, (piece) => (typeof piece === 'string' ? piece : Buffer.from(piece).toString())).join('');

describe.each<[title: string, output: unknown]>([
  ['null', null],
  ['text', '\u4e00 "quoted" \\ \n \u0000 \u2028 \ud83d\ude00 \ud800'],
  ['numbers', [0, -0, 1e21, 1.5, 5e-324, Number.MAX_SAFE_INTEGER]],
  ['names', JSON.parse('{"b":1,"1":2,"__proto__":{"x":1},"":{},"output":null,"error":null}')],
])('output: %s', (_title, output) => {
  it.each([
    ['succeeded', null],
    ['failed', ERROR],
  ])('%s -> bytes of the answer and of the event as those of the view', async (_status, error) => {
    const reader = await readerOf(output, error);
    const [view, shown] = [await reader.get('job-1', 0), await reader.read('job-1', 0)];
    if (shown === null) throw new Error('no job');
    expect(view?.result).toMatchObject({ success: error === null, error });
    expect(Buffer.concat(jobJson(shown)).toString()).toBe(JSON.stringify(view));
    expect(textOf(jobEventJson(shown))).toBe(JSON.stringify({ type: 'job', job: view }));
    const result = view?.result ?? null;
    expect(await reader.getWithoutOutput('job-1', 0)).toEqual({ ...view, result: result === null ? null : { ...result, output: null } });
  });
});
