// Which record of a job is newer at a new leader: the stored one, or that of the replica of its client.
import { expect, it } from 'vitest';
import { adoptedJob } from '../../../../../src/main/scheduler/jobs/machine/adopted-job';
import type { JobMachineEvent } from '../../../../../src/main/scheduler/jobs/machine/job-events';
import { jobViewOf } from '../../../../../src/main/scheduler/jobs/machine/job-view';
import { toStoredJob } from '../../../../../src/main/scheduler/jobs/machine/stored-job';
import { accepted, assigned, failure, played, success } from '../job-records';

const NEW_SEQ = 9;
const FACTS = { interactive: true, streams: true, submitter: 'key-1', maxAttempts: 2 };

type Events = readonly JobMachineEvent[];
const stored = (events: Events) =>
  toStoredJob(
    played(
      events.map((event, index) => [index, event]),
      FACTS,
    ),
  );
const viewOf = (events: Events) => jobViewOf(stored(events), null, null);

const undelivered: JobMachineEvent = { type: 'not_delivered', attempt: 1 };
const second: Events = [assigned, undelivered, assigned];
const cancelled: JobMachineEvent = { type: 'cancel_requested', reason: 'client_gone' };

it('the job is not stored -> as the client knows it, with the next number', () => {
  const adopted = adoptedJob(viewOf([assigned, accepted()]), NEW_SEQ, null);
  expect(adopted).toMatchObject({
    facts: { jobId: 'job-1', seq: NEW_SEQ, submitter: 'key-1', interactive: true },
    state: stored([assigned, accepted()]).state,
  });
});

it.each<readonly [string, Events, Events]>([
  ['queued, and runs', [], [assigned, accepted()]],
  ['queued, and is assigned', [], [assigned]],
  ['queued after an attempt that was not delivered', [assigned, undelivered], second],
  ['assigned, with a second attempt since', [assigned], second],
])('stored as %s -> the facts that are stored, with the newer state', (_stored, before, since) => {
  const older = { ...stored(before), facts: { ...stored(before).facts, retryOf: 'job-0' } };
  expect(adoptedJob(viewOf(since), NEW_SEQ, older)).toMatchObject({
    facts: { seq: 1, retryOf: 'job-0' },
    state: { ...stored(since).state, queuedAtWallMs: stored([]).createdAtWallMs },
  });
});

it.each<readonly [string, Events, Events]>([
  ['the same attempt', [assigned, accepted()], [assigned, accepted()]],
  ['the same attempt, which the client does not know to run', [assigned, accepted()], [assigned]],
  ['a later attempt', second, [assigned]],
  ['no attempt, but a later one has ended', [assigned, undelivered], [assigned]],
  ['a failed attempt', [assigned, failure(true)], [assigned, accepted()]],
  ['an end before that attempt', [cancelled], [assigned, accepted()]],
])('the store has %s -> the stored job', (_stored, before, since) => {
  expect(adoptedJob(viewOf(since), NEW_SEQ, stored(before))).toBeNull();
});

it.each<readonly [string, Events]>([
  ['waits', []],
  ['has ended', [assigned, success()]],
  ['waits again', [assigned, failure(true)]],
])('as the client knows it, the job %s -> nothing to adopt', (_known, events) => {
  for (const older of [null, stored([])]) expect(adoptedJob(viewOf(events), NEW_SEQ, older)).toBeNull();
});
