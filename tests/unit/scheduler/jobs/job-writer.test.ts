// Who waits for what to be on the disk, and when they go on.
import { expect, it } from 'vitest';
import type { JobBatch, JobStore } from '../../../../src/main/scheduler/jobs/job-store';
import { JobWriter } from '../../../../src/main/scheduler/jobs/job-writer';
import type { JobRecord } from '../../../../src/main/scheduler/jobs/machine/job-record';
import { fail, ok } from '../../../../src/shared/result';
import { silentLogger } from '../../../../src/main/platform/logger';
import { ManualClock } from '../../../support/manual-clock';
import { played } from './job-records';

function bench(accepts: (batch: JobBatch) => boolean = () => true) {
  const clock = new ManualClock();
  const durable: string[] = [];
  const commit: JobStore['commit'] = (batch) => (accepts(batch) ? ok(null) : fail({ isFull: true, reason: 'disk full' }));
  const onDurable = (records: readonly JobRecord[]) => durable.push(...records.map(({ facts }) => facts.jobId));
  const defer = () => undefined;
  const store = { commit } as JobStore;
  const writer = new JobWriter({ store, clock, logger: silentLogger, defer, onDurable, onRecovered: () => undefined });
  const heard: string[] = [];
  const wait = (jobId: string, what: string) => {
    writer.whenDurable(jobId, () => heard.push(what));
  };
  return { writer, clock, durable, heard, wait };
}

it('they go on in the order in which they began to wait, whatever changed first', () => {
  const { writer, heard, durable, wait } = bench();
  writer.changed(played([], { jobId: 'retried' }), null);
  writer.changed(played([], { jobId: 'stopped' }), null);
  wait('stopped', 'the node is told to stop it');
  wait('retried', 'its slot goes to the other');
  wait('untouched', 'at once');
  expect(heard).toEqual(['at once']);
  writer.flush();
  expect(heard.slice(1)).toEqual(['the node is told to stop it', 'its slot goes to the other']);
  expect(durable).toEqual(['retried', 'stopped']);
});

it('they wait until the disk takes it, but for a job that was refused', async () => {
  let isFull = true;
  const { writer, clock, heard, wait } = bench(() => !isFull);
  const refused = writer.insert(played([], { jobId: 'new' }), '{}', null);
  for (const jobId of ['new', 'known']) {
    writer.changed(played([], { jobId }), null);
    wait(jobId, jobId);
  }
  writer.flush();
  expect([(await refused).ok, heard]).toEqual([false, []]);
  isFull = false;
  clock.advance(1000);
  expect(heard).toEqual(['known']);
});
