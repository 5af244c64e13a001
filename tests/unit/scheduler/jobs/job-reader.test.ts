// A job that ends between two reads of the store.
import { expect, it } from 'vitest';
import { JobReader } from '../../../../src/main/scheduler/jobs/job-reader';
import { toStoredJob } from '../../../../src/main/scheduler/jobs/machine/stored-job';
import { finished } from '../../../support/stored-job-builders';
import { accepted, assigned, played } from './job-records';

it('job reader: the end is stored after the job was read -> the job without a result, in all forms', async () => {
  const running = played(
    [
      [0, assigned],
      [1, accepted()],
    ],
    { jobId: 'job-1', seq: 1 },
  );
  const { result } = finished(1, 9);
  const store = {
    job: () => Promise.resolve(toStoredJob(running)),
    result: () => Promise.resolve(result),
    resultJson: () => Promise.resolve(Buffer.from(JSON.stringify(result))),
    resultWithoutOutput: () => Promise.resolve(result),
  };
  const reader = new JobReader({ table: { get: () => undefined }, store, pool: {}, writer: {} } as never);
  const views = [await reader.get('job-1', 0), await reader.getWithoutOutput('job-1', 0)];
  expect(views).toMatchObject([
    { status: 'running', result: null },
    { status: 'running', result: null },
  ]);
  expect(await reader.read('job-1', 0)).toMatchObject({ view: { status: 'running' }, result: null });
});
