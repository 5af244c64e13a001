// Every status with every event, and the rules that need more than one step.
import { describe, expect, it } from 'vitest';
import { DEFAULT_JOB_POLICY, type JobMachineEvent } from '../../../../src/main/scheduler/jobs/machine/job-events';
import { jobDeadline } from '../../../../src/main/scheduler/jobs/machine/job-deadline';
import { transition } from '../../../../src/main/scheduler/jobs/machine/job-machine';
import { attemptsUsed, type JobRecord, liveAttempt } from '../../../../src/main/scheduler/jobs/machine/job-record';
import { restoreJob, storedJobFrom } from '../../../../src/main/scheduler/jobs/machine/stored-job';
import { at } from '../lifecycle/records';
import { accepted, assigned, failure, played, success } from './job-records';

const lost: JobMachineEvent = { type: 'node_lost', nodeId: 'node-1' };
const cancel: JobMachineEvent = { type: 'cancel_requested', reason: 'requested' };

/** All of them looked at 10 s after their last event. */
const STATES: Readonly<Record<string, JobRecord>> = {
  queued: played([]),
  'waiting to be retried': played([
    [0, assigned],
    [0, accepted()],
    [0, failure(true)],
  ]),
  assigned: played([[0, assigned]]),
  running: played([
    [0, assigned],
    [0, accepted()],
  ]),
  succeeded: played([
    [0, assigned],
    [0, success()],
  ]),
  failed: played([
    [0, assigned],
    [0, failure(false)],
  ]),
  cancelled: played([[0, cancel]]),
  expired: played([[60_000, { type: 'queue_deadline' }]]),
};

const EVENTS: Readonly<Record<string, JobMachineEvent>> = {
  assigned: { type: 'assigned', nodeId: 'node-2' },
  'accepted, live': accepted(),
  'accepted, older attempt': accepted(9),
  'accepted, other node': accepted(1, 'node-9'),
  'success, live': success(),
  'success, older attempt': success(9),
  'success, other node': success(1, 'node-9'),
  'failure, final': failure(false),
  'failure, retryable': failure(true),
  'node_lost, its node': lost,
  'node_lost, another': { type: 'node_lost', nodeId: 'node-9' },
  'drain_timeout, its node': { type: 'drain_timeout', nodeId: 'node-1' },
  'drain_timeout, another': { type: 'drain_timeout', nodeId: 'node-9' },
  'not_delivered, live': { type: 'not_delivered', attempt: 1 },
  'not_delivered, older attempt': { type: 'not_delivered', attempt: 9 },
  cancel_requested: cancel,
  'attempt_deadline, not due': { type: 'attempt_deadline' },
  'queue_deadline, not due': { type: 'queue_deadline' },
  'total_deadline, not due': { type: 'total_deadline' },
  retry_due: { type: 'retry_due' },
};

const freed = 'slot_freed node-1';
const OVER = [
  'accepted, live',
  'accepted, older attempt',
  'accepted, other node',
  'success, live',
  'success, older attempt',
  'success, other node',
  'failure, final',
  'failure, retryable',
];
const stale = Object.fromEntries(OVER.map((event) => [event, 'stale']));
const staleOthers = {
  'accepted, older attempt': 'stale',
  'accepted, other node': 'stale',
  'success, older attempt': 'stale',
  'success, other node': 'stale',
};
const live = {
  ...staleOthers,
  'success, live': `succeeded: ${freed}, finished`,
  'failure, final': `failed: ${freed}, finished`,
  'failure, retryable': `queued later: ${freed}`,
  'node_lost, its node': `queued: ${freed}`,
  'drain_timeout, its node': `queued: cancel_on_node node-1, ${freed}`,
  cancel_requested: `cancelled: cancel_on_node node-1, ${freed}, finished`,
};
const ended = { ...stale, cancel_requested: 'already_ended' };

/** What every cell does; a cell that is not named changes nothing and asks for nothing. */
const CELLS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  queued: { ...stale, assigned: 'assigned: send_assign node-2', cancel_requested: 'cancelled: finished' },
  'waiting to be retried': { ...stale, cancel_requested: 'cancelled: finished', retry_due: 'queued: ' },
  assigned: { ...live, 'accepted, live': 'running: ', 'not_delivered, live': `queued: ${freed}` },
  running: live,
  succeeded: ended,
  failed: ended,
  cancelled: ended,
  expired: ended,
};

function outcome(before: JobRecord, event: JobMachineEvent): string {
  const [after, effects] = transition(before, event, at(10_000), DEFAULT_JOB_POLICY);
  const words = effects.map((effect) => ('nodeId' in effect ? `${effect.type} ${effect.nodeId}` : effect.type)).join(', ');
  if (after === before) return words;
  return `${after.status}${after.notBefore === null ? '' : ' later'}: ${words}`;
}

describe.each(Object.entries(STATES))('a job that is %s', (state, record) => {
  it.each(Object.entries(EVENTS))('does what the table says at: %s', (name, event) => {
    expect(outcome(record, event)).toBe(CELLS[state]?.[name] ?? '');
  });
});

describe('attempts', () => {
  it('are numbered without repetition, and one that never reached its node does not count', () => {
    const record = played([
      [0, assigned],
      [1, { type: 'not_delivered', attempt: 1 }],
      [2, assigned],
      [3, { type: 'not_delivered', attempt: 2 }],
      [4, assigned],
    ]);
    expect(record.lastAttempt).toBe(3);
    expect(attemptsUsed(record)).toBe(1);
    expect(record.attempts.map(({ attempt, outcome: end }) => [attempt, end])).toEqual([
      [2, 'not_delivered'],
      [3, null],
    ]);
  });

  it('are used up after max_attempts, and then the job has failed with the last error', () => {
    const round = (n: number) =>
      [
        [n, assigned],
        [n, lost],
      ] as const;
    const record = played([...round(0), ...round(1), ...round(2), ...round(3)]);
    expect(record).toMatchObject({ status: 'failed', lastAttempt: 3, error: { code: 'node_lost', details: { node_id: 'node-1' } } });
  });

  it.each([
    [1, 1000],
    [2, 2000],
    [3, 4000],
    [4, 8000],
    [5, 10_000],
    [6, 10_000],
  ])('after failure %i the next waits %i ms', (failures, delayMs) => {
    let record = played([], { maxAttempts: 10 });
    for (let attempt = 1; attempt <= failures; attempt++) {
      record = [{ type: 'retry_due' } as const, assigned, failure(true, attempt)].reduce(
        (job, event) => transition(job, event, at(attempt * 20_000), DEFAULT_JOB_POLICY)[0],
        record,
      );
    }
    expect(record.notBefore?.monotonicMs).toBe(failures * 20_000 + delayMs);
  });
});

describe('deadlines', () => {
  it('of an attempt run from its start, else from its assignment', () => {
    expect(jobDeadline(played([[5, assigned]]))).toEqual({ kind: 'attempt_deadline', atMs: 300_005 });
    expect(
      jobDeadline(
        played([
          [5, assigned],
          [9, accepted()],
        ]),
      ),
    ).toEqual({ kind: 'attempt_deadline', atMs: 300_009 });
  });

  it('of the queue run anew for a job that comes back, but not for one that never left', () => {
    expect(
      jobDeadline(
        played([
          [5, assigned],
          [100, lost],
        ]),
      ),
    ).toEqual({ kind: 'queue_deadline', atMs: 60_100 });
    expect(
      jobDeadline(
        played([
          [5, assigned],
          [100, { type: 'not_delivered', attempt: 1 }],
        ]),
      ),
    ).toEqual({ kind: 'queue_deadline', atMs: 60_000 });
  });

  it('an attempt that takes too long is stopped on its node and tried again later', () => {
    const [record, effects] = transition(played([[0, assigned]]), { type: 'attempt_deadline' }, at(300_000), DEFAULT_JOB_POLICY);
    expect(effects).toEqual([
      { type: 'cancel_on_node', nodeId: 'node-1', attempt: 1, reason: 'attempt_timeout' },
      { type: 'slot_freed', nodeId: 'node-1' },
    ]);
    expect(record).toMatchObject({ status: 'queued', notBefore: { monotonicMs: 301_000 }, attempts: [{ outcome: 'attempt_timeout' }] });
  });

  it('of a job with a limit in all never lie behind it', () => {
    const limited = (...events: readonly (readonly [number, JobMachineEvent])[]) => jobDeadline(played(events, { totalTimeoutMs: 70_000 }));
    const total = { kind: 'total_deadline', atMs: 70_000 };
    expect(limited()).toEqual({ kind: 'queue_deadline', atMs: 60_000 });
    expect(limited([5, assigned])).toEqual(total);
    expect(limited([5, assigned], [20_000, lost])).toEqual(total);
    expect(limited([5, assigned], [69_500, failure(true)])).toEqual(total);
    expect(limited([5, assigned], [100, failure(true)])).toEqual({ kind: 'retry_due', atMs: 1100 });
    expect(limited([5, assigned], [100, success()])).toBeNull();
  });

  it.each([
    ['queued', 'expired: finished'],
    ['waiting to be retried', 'expired: finished'],
    ['assigned', `expired: cancel_on_node node-1, ${freed}, finished`],
    ['running', `expired: cancel_on_node node-1, ${freed}, finished`],
    ['succeeded', ''],
    ['failed', ''],
    ['cancelled', ''],
    ['expired', ''],
  ])('a job that is %s when its time in all is over does what the table says: %s', (state, words) => {
    const record = STATES[state] ?? played([]);
    const limited = { ...record, facts: { ...record.facts, totalTimeoutMs: 10_000 } };
    // At the end of a pause the limit comes first, too.
    const due = { ...limited, notBefore: record.notBefore === null ? null : at(10_000) };
    expect(outcome(due, { type: 'total_deadline' })).toBe(words);
    const [after] = transition(due, { type: 'total_deadline' }, at(10_000), DEFAULT_JOB_POLICY);
    if (words !== '') expect(after.error).toMatchObject({ code: 'total_timeout', details: { total_timeout_seconds: 10 } });
  });

  it('a job that no node took in time has expired', () => {
    expect(played([[60_000, { type: 'queue_deadline' }]])).toMatchObject({
      status: 'expired',
      error: { code: 'queue_timeout', details: { queue_timeout_seconds: 60 } },
    });
    expect(jobDeadline(STATES['expired'] ?? played([]))).toBeNull();
  });
});

describe('a job that was stored', () => {
  it.each(Object.entries(STATES))('comes back as it was: %s', (_state, record) => {
    expect(restoreJob(storedJobFrom(record), at(100_000))).toEqual(record);
  });

  it('keeps its ages on a clock that starts anew', () => {
    const back = restoreJob(storedJobFrom(played([[5, assigned]])), { wallMs: at(0).wallMs + 1005, monotonicMs: 7 });
    expect(liveAttempt(back)?.assignedAt.monotonicMs).toBe(7 - 1000);
  });
});
