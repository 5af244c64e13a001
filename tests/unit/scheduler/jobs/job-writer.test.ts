// Group commit: the order of callbacks, failing writes and uncommitted results.
import { expect, it, onTestFinished, vi } from 'vitest';
import type { JobBatch, JobStore } from '../../../../src/main/scheduler/jobs/job-store';
import { JobWriter } from '../../../../src/main/scheduler/jobs/job-writer';
import { resultText } from '../../../../src/main/scheduler/jobs/result-json';
import type { PendingChange } from '../../../../src/main/scheduler/jobs/unwritten-changes';
import { fail, ok } from '../../../../src/shared/result';
import { silentLogger } from '../../../../src/main/platform/logger';
import { ManualClock } from '../../../support/manual-clock';
import { played } from './job-records';

function bench(accepts: (batch: JobBatch) => boolean = () => true) {
  const clock = new ManualClock();
  const durable: string[] = [];
  const commit: JobStore['commit'] = (batch) => Promise.resolve(accepts(batch) ? ok(null) : fail({ isFull: true, reason: 'disk full' }));
  const onDurable = (changes: readonly PendingChange[]) => durable.push(...changes.map(({ record }) => record.facts.jobId));
  const defer = () => undefined;
  const store = { commit } as JobStore;
  const writer = new JobWriter({ store, clock, logger: silentLogger, defer, onDurable, onRecovered: () => undefined, keepsAnswers: true });
  const calledBack: string[] = [];
  const wait = (jobId: string, what: string) => {
    writer.whenDurable(jobId, () => calledBack.push(what));
  };
  const advance = (ms: number): Promise<void> => clock.advanceInTurns(ms);
  return { writer, advance, durable, calledBack, wait };
}

it('job writer: commit -> callbacks in the order in which they began to wait', async () => {
  const { writer, calledBack, durable, wait } = bench();
  writer.changed(played([], { jobId: 'retried' }), null);
  writer.changed(played([], { jobId: 'stopped' }), null);
  wait('stopped', 'stop sent to the node');
  wait('retried', 'slot freed');
  wait('untouched', 'at once');
  expect(calledBack).toEqual(['at once']);
  await writer.flush();
  expect(calledBack.slice(1)).toEqual(['stop sent to the node', 'slot freed']);
  expect(durable).toEqual(['retried', 'stopped']);
});

it('job writer: write fails -> callbacks wait, except those of refused jobs', async () => {
  let isFull = true;
  const { writer, advance, calledBack, wait } = bench(() => !isFull);
  const refused = writer.insert(played([], { jobId: 'new' }), '{}', null);
  for (const jobId of ['new', 'known']) {
    writer.changed(played([], { jobId }), null);
    wait(jobId, jobId);
  }
  await writer.flush();
  expect([(await refused).ok, calledBack]).toEqual([false, []]);
  isFull = false;
  await advance(1000);
  expect(calledBack).toEqual(['known']);
});

const RESULT = { attempt: 1, node_id: 'node-1', success: true, output: 'x', error: null, processing_time_ms: 1 };
const resultOf = (characters: number): typeof RESULT => ({ ...RESULT, output: 'x'.repeat(characters) });

it('job writer: result -> encoded before the turn of the write', async () => {
  const encodedAtWrite: boolean[] = [];
  const encoded = vi.spyOn(JSON, 'stringify');
  onTestFinished(() => {
    encoded.mockRestore();
  });
  const { writer } = bench(({ changes }) => {
    encoded.mockClear();
    const texts = changes.map(({ result }) => (result === null ? null : resultText(result)));
    encodedAtWrite.push(encoded.mock.calls.length > 0);
    return texts.every((text) => text === JSON.stringify(RESULT));
  });
  writer.changed(played([], { jobId: 'job-1' }), RESULT);
  await writer.flush();
  expect([encodedAtWrite, writer.isFailing]).toEqual([[false], false]);
});

/** A disk with space for results of this size, and for small changes. */
function diskFor(capacity: { characters: number }) {
  const tried: string[] = [];
  const writtenBench = bench(({ changes }) => {
    tried.push(changes.map(({ job }) => job.facts.jobId).join(' '));
    return changes.every(({ result }) => result === null || String(result.output).length <= capacity.characters);
  });
  return { ...writtenBench, tried };
}

it('job writer: results do not fit -> other changes are written, results retried every second, smallest first', async () => {
  const capacity = { characters: 10 };
  const { writer, advance, calledBack, durable, wait, tried } = diskFor(capacity);
  for (const [jobId, characters] of [
    ['large', 300],
    ['small', 0],
    ['middle', 200],
    ['tiny', 5],
  ] as const) {
    writer.changed(played([], { jobId }), characters === 0 ? null : resultOf(characters));
    wait(jobId, jobId);
  }
  await writer.flush();
  expect([durable, calledBack, writer.isFailing]).toEqual([['small', 'tiny'], ['small', 'tiny'], false]);
  tried.length = 0;
  writer.changed(played([], { jobId: 'later' }), null);
  await writer.flush();
  await advance(3000);
  expect(tried).toEqual(['later', 'middle', 'middle', 'middle']);
  capacity.characters = 1000;
  await advance(1000);
  expect(calledBack).toEqual(['small', 'tiny', 'middle', 'large']);
  tried.length = 0;
  await advance(10_000);
  expect(tried).toEqual([]);
});

it('job writer: too many uncommitted results -> failing until they are written', async () => {
  const capacity = { characters: 10 };
  const { writer, advance } = diskFor(capacity);
  for (let i = 0; i < 3; i++) writer.changed(played([], { jobId: `job-${String(i)}` }), resultOf(30 * 1024 * 1024));
  await writer.flush();
  expect(writer.isFailing).toBe(true);
  capacity.characters = Infinity;
  await advance(1000);
  expect(writer.isFailing).toBe(false);
});

it('job writer: thousands of uncommitted results -> written in a few batches', async () => {
  const capacity = { characters: 0 };
  const { writer, advance, calledBack, wait, tried } = diskFor(capacity);
  for (let i = 0; i < 5000; i++) {
    writer.changed(played([], { jobId: `job-${String(i)}` }), resultOf(i === 1 ? 500 : 5));
    wait(`job-${String(i)}`, 'written');
  }
  await writer.flush();
  capacity.characters = 100;
  tried.length = 0;
  await advance(1000);
  expect([calledBack.length, writer.isFailing]).toEqual([4999, false]);
  expect(tried.length).toBeLessThan(40);
});

it('job writer: isDurableSoon -> resolves after the first try', async () => {
  let isFull = true;
  const { writer } = bench(() => !isFull);
  writer.changed(played([], { jobId: 'known' }), null);
  const soon = writer.isDurableSoon('known');
  await writer.flush();
  expect(await soon).toBe(false);
  isFull = false;
  const again = writer.isDurableSoon('known');
  await writer.flush();
  expect(await again).toBe(true);
});

const behind = (jobId: string) => played([], { jobId, interactive: true });

it('job writer: interactive job -> written with the next batch, at the latest after 100 ms', async () => {
  const { writer, advance, calledBack, durable, wait } = bench();
  writer.insertBehind(behind('first'), '{}');
  wait('first', 'first');
  await advance(99);
  expect(calledBack).toEqual([]);
  await advance(1);
  expect(calledBack).toEqual(['first']);
  writer.insertBehind(behind('second'), '{}');
  writer.changed(played([], { jobId: 'durable' }), null);
  await writer.flush();
  expect(durable).toEqual(['first', 'second', 'durable']);
  await advance(1000);
  expect(durable).toHaveLength(3);
});

it('job writer: task of an interactive job does not fit -> other jobs and changes are written, no other job is written behind', async () => {
  const capacity = { characters: 10 };
  const { writer, advance, calledBack, durable, wait } = bench(({ inserts }) =>
    inserts.every(({ task }) => task.length <= capacity.characters),
  );
  writer.insertBehind(behind('large'), 'x'.repeat(20));
  wait('large', 'large');
  const accepted = writer.insert(played([], { jobId: 'accepted' }), '{}', null);
  writer.changed(played([], { jobId: 'known' }), null);
  await writer.flush();
  expect([durable, writer.isFailing, writer.canWriteBehind]).toEqual([['known'], false, false]);
  writer.changed(behind('large'), null);
  await advance(1000);
  expect([calledBack, writer.canWriteBehind]).toEqual([[], false]);
  capacity.characters = 20;
  await advance(1000);
  expect([calledBack, writer.canWriteBehind]).toEqual([['large'], true]);
  return expect(accepted).resolves.toEqual(ok(null));
});

it('job writer: isDurableSoon of an interactive job whose task does not fit -> false after the first try', async () => {
  const { writer } = bench(({ inserts }) => inserts.length === 0);
  writer.insertBehind(behind('large'), 'x');
  const soon = writer.isDurableSoon('large');
  await writer.flush();
  expect(await soon).toBe(false);
});
