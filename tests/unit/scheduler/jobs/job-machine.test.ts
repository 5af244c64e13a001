// The job machine: every status with every event, and rules over several steps.
import { describe, expect, it } from 'vitest';
import { DEFAULT_JOB_POLICY, type JobMachineEvent } from '../../../../src/main/scheduler/jobs/machine/job-events';
import { jobDeadline } from '../../../../src/main/scheduler/jobs/machine/job-deadline';
import { jobTransition } from '../../../../src/main/scheduler/jobs/machine/job-machine';
import { attemptsUsed, type JobRecord } from '../../../../src/main/scheduler/jobs/machine/job-record';
import { restoreJob, toStoredJob } from '../../../../src/main/scheduler/jobs/machine/stored-job';
import type { Instant } from '../../../../src/main/scheduler/lifecycle/node-record';
import { at } from '../lifecycle/records';
import { accepted, assigned, failure, played, success } from './job-records';

const lost: JobMachineEvent = { type: 'node_lost', nodeId: 'node-1' };
const cancel: JobMachineEvent = { type: 'cancel_requested', reason: 'requested' };

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
  expired: played([[60_000, { type: 'queue_deadline', reasons: null }]]),
};

/** 10 s after the last event that led to a state. No deadline is due then. */
const LATER_MS = 10_000;

/** `atMonotonicMs`: when the event happens, if not at `LATER_MS`. */
interface Input {
  readonly event: JobMachineEvent;
  readonly atMonotonicMs?: number;
}

const REASONS = { model_not_available: { count: 1, examples: ['node-1'] } };

/** The total timeout of the jobs for the "total" events. */
const TOTAL_MS = 20_000;

const EVENTS: Readonly<Record<string, Input>> = {
  assigned: { event: { type: 'assigned', nodeId: 'node-2' } },
  'accepted, live': { event: accepted() },
  'accepted, older attempt': { event: accepted(9) },
  'accepted, other node': { event: accepted(1, 'node-9') },
  'success, live': { event: success() },
  'success, older attempt': { event: success(9) },
  'success, other node': { event: success(1, 'node-9') },
  'failure, final': { event: failure(false) },
  'failure, final, served elsewhere': { event: { ...failure(false), isServedElsewhere: true } },
  'failure, final, older attempt': { event: failure(false, 9) },
  'failure, final, other node': { event: failure(false, 1, 'node-9') },
  'failure, retryable': { event: failure(true) },
  'failure, retryable, older attempt': { event: failure(true, 9) },
  'node_lost, its node': { event: lost },
  'node_lost, another': { event: { type: 'node_lost', nodeId: 'node-9' } },
  'drain_timeout, its node': { event: { type: 'drain_timeout', nodeId: 'node-1' } },
  'quarantined, its node': { event: { type: 'quarantined', nodeId: 'node-1' } },
  'quarantined, another': { event: { type: 'quarantined', nodeId: 'node-9' } },
  'drain_timeout, another': { event: { type: 'drain_timeout', nodeId: 'node-9' } },
  'not_delivered, live': { event: { type: 'not_delivered', attempt: 1 } },
  'not_delivered, older attempt': { event: { type: 'not_delivered', attempt: 9 } },
  cancel_requested: { event: cancel },
  'attempt_deadline, not due': { event: { type: 'attempt_deadline' } },
  'attempt_deadline, due': { event: { type: 'attempt_deadline' }, atMonotonicMs: 300_000 },
  'queue_deadline, not due': { event: { type: 'queue_deadline', reasons: REASONS } },
  'queue_deadline, due': { event: { type: 'queue_deadline', reasons: REASONS }, atMonotonicMs: 60_000 },
  'total_deadline, not due': { event: { type: 'total_deadline', reasons: null } },
  'total_deadline, due': { event: { type: 'total_deadline', reasons: null }, atMonotonicMs: TOTAL_MS },
  'retry_due, not due': { event: { type: 'retry_due' }, atMonotonicMs: 500 },
  'retry_due, due': { event: { type: 'retry_due' } },
};

const freed = 'slot_freed node-1';
const stopped = 'cancel_on_node node-1';
const reported = (kinds: readonly string[], outcome: string): Record<string, string> =>
  Object.fromEntries(kinds.map((kind) => [kind, outcome]));
const LIVE = ['accepted, live', 'success, live', 'failure, final', 'failure, final, served elsewhere', 'failure, retryable'];
const OTHERS = Object.keys(EVENTS).filter((name) => /^(?:accepted|success|failure).*(?:older attempt|other node)$/.test(name));
const live = {
  ...reported(OTHERS, 'stale'),
  'success, live': `succeeded, 1 succeeded: ${freed}, finished`,
  'failure, final': `failed of broke, 1 failed of broke: ${freed}, finished`,
  'failure, final, served elsewhere': `queued, 1 failed of broke: ${freed}`,
  'failure, retryable': `queued later, 1 failed of broke: ${freed}`,
  'node_lost, its node': `queued, 1 node_lost of node_lost: ${freed}`,
  'drain_timeout, its node': `queued, 1 drain_timeout of drain_timeout: ${stopped}, ${freed}`,
  'quarantined, its node': `queued, 1 quarantined of quarantined: ${stopped}, ${freed}`,
  cancel_requested: `cancelled of cancelled, 1 cancelled: ${stopped}, ${freed}, finished`,
  'attempt_deadline, due': `queued later, 1 attempt_timeout of attempt_timeout: ${stopped}, ${freed}`,
  'total_deadline, due': `expired of total_timeout, 1 cancelled: ${stopped}, ${freed}, finished`,
};
const ended = { ...reported([...LIVE, ...OTHERS], 'stale'), cancel_requested: 'already_ended' };
const queued = {
  ...reported([...LIVE, ...OTHERS], 'stale'),
  cancel_requested: 'cancelled of cancelled: finished',
  'queue_deadline, due': 'expired of queue_timeout: finished',
  'total_deadline, due': 'expired of total_timeout: finished',
};

/**
 * Each cell: the next status, its error, each attempt with its outcome and error, and the effects. A missing cell means that nothing
 * changes and that there are no effects.
 */
const CELLS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  queued: { ...queued, assigned: 'assigned, 1 live: send_assign node-2' },
  'waiting to be retried': {
    ...reported([...LIVE, ...OTHERS], 'stale'),
    cancel_requested: 'cancelled of cancelled, 1 failed of broke: finished',
    'retry_due, due': 'queued, 1 failed of broke: ',
  },
  assigned: { ...live, 'accepted, live': 'running, 1 live: ', 'not_delivered, live': `queued, 1 not_delivered: ${freed}` },
  running: live,
  succeeded: ended,
  failed: ended,
  cancelled: ended,
  expired: ended,
};

function outcome(before: JobRecord, { event, atMonotonicMs = LATER_MS }: Input): string {
  const [after, effects] = jobTransition(before, event, at(atMonotonicMs), DEFAULT_JOB_POLICY);
  const names = effects.map((effect) => ('nodeId' in effect ? `${effect.type} ${effect.nodeId}` : effect.type)).join(', ');
  if (after === before) return names;
  const attempts = after.attempts.map((each) => `, ${String(each.attempt)} ${each.outcome ?? 'live'}${ofError(each.error)}`).join('');
  const overAt = after.finishedAt === null ? null : atMonotonicMs;
  expect(after.finishedAt?.monotonicMs ?? null).toBe(overAt);
  return `${after.status}${after.notBefore === null ? '' : ' later'}${ofError(after.error)}${attempts}: ${names}`;
}

const ofError = (error: JobRecord['error']): string => (error === null ? '' : ` of ${error.code}`);

describe.each(Object.entries(STATES))('job machine: %s', (state, record) => {
  it.each(Object.entries(EVENTS))('%s -> as in the table', (name, input) => {
    const totalTimeoutMs = name.startsWith('total') ? TOTAL_MS : null;
    const limited = { ...record, facts: { ...record.facts, totalTimeoutMs } };
    expect(outcome(limited, input)).toBe(CELLS[state]?.[name] ?? '');
  });
});

describe('job machine: attempts', () => {
  it('not delivered -> new number, does not count', () => {
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

  it('max_attempts used -> failed with the last error', () => {
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
  ])('failure %i -> backoff of %i ms', (failures, delayMs) => {
    let record = played([], { maxAttempts: 10 });
    for (let attempt = 1; attempt <= failures; attempt++) {
      record = [{ type: 'retry_due' } as const, assigned, failure(true, attempt)].reduce(
        (job, event) => jobTransition(job, event, at(attempt * 20_000), DEFAULT_JOB_POLICY)[0],
        record,
      );
    }
    expect(record.notBefore?.monotonicMs).toBe(failures * 20_000 + delayMs);
  });
});

describe('job machine: deadlines', () => {
  it('attempt -> from its start, else from its assignment', () => {
    expect(jobDeadline(played([[5, assigned]]))).toEqual({ kind: 'attempt_deadline', atMonotonicMs: 300_005 });
    expect(
      jobDeadline(
        played([
          [5, assigned],
          [9, accepted()],
        ]),
      ),
    ).toEqual({ kind: 'attempt_deadline', atMonotonicMs: 300_009 });
  });

  it('queue -> restarted by a requeue, continued after an undelivered attempt', () => {
    expect(
      jobDeadline(
        played([
          [5, assigned],
          [100, lost],
        ]),
      ),
    ).toEqual({ kind: 'queue_deadline', atMonotonicMs: 60_100 });
    expect(
      jobDeadline(
        played([
          [5, assigned],
          [100, { type: 'not_delivered', attempt: 1 }],
        ]),
      ),
    ).toEqual({ kind: 'queue_deadline', atMonotonicMs: 60_000 });
  });

  it('attempt timeout -> stopped on its node, retried after the backoff', () => {
    const [record, effects] = jobTransition(played([[0, assigned]]), { type: 'attempt_deadline' }, at(300_000), DEFAULT_JOB_POLICY);
    expect(effects).toEqual([
      { type: 'cancel_on_node', nodeId: 'node-1', attempt: 1, reason: 'attempt_timeout' },
      {
        type: 'slot_freed',
        nodeId: 'node-1',
        verdict: { kind: 'failed', error: { code: 'attempt_timeout', message: 'the attempt timed out' } },
      },
    ]);
    expect(record).toMatchObject({ status: 'queued', notBefore: { monotonicMs: 301_000 }, attempts: [{ outcome: 'attempt_timeout' }] });
  });

  it('total timeout -> no deadline after the total deadline', () => {
    const limited = (...events: readonly (readonly [number, JobMachineEvent])[]) => jobDeadline(played(events, { totalTimeoutMs: 70_000 }));
    const total = { kind: 'total_deadline', atMonotonicMs: 70_000 };
    expect(limited()).toEqual({ kind: 'queue_deadline', atMonotonicMs: 60_000 });
    expect(limited([5, assigned])).toEqual(total);
    expect(limited([5, assigned], [20_000, lost])).toEqual(total);
    expect(limited([5, assigned], [69_500, failure(true)])).toEqual(total);
    expect(limited([5, assigned], [100, failure(true)])).toEqual({ kind: 'retry_due', atMonotonicMs: 1100 });
    expect(limited([5, assigned], [100, success()])).toBeNull();
    expect(jobDeadline(played([], { totalTimeoutMs: 60_000 }))).toEqual({ kind: 'total_deadline', atMonotonicMs: 60_000 });
  });

  it('queue timeout -> expired, with the exclusions', () => {
    expect(played([[60_000, { type: 'queue_deadline', reasons: REASONS }]])).toMatchObject({
      status: 'expired',
      error: { code: 'queue_timeout', details: { queue_timeout_seconds: 60, reasons: REASONS } },
    });
    expect(jobDeadline(STATES['expired'] ?? played([]))).toBeNull();
  });
});

describe('job machine: restore', () => {
  it.each(Object.entries(STATES))('%s -> unchanged, the timeout of a live attempt starts again', (_state, record) => {
    const now = at(100_000);
    const restarted = (instant: Instant | null) => (instant === null ? null : { ...instant, monotonicMs: now.monotonicMs });
    const attempts = record.attempts.map((attempt) =>
      attempt.outcome === null
        ? { ...attempt, assignedAt: restarted(attempt.assignedAt), startedAt: restarted(attempt.startedAt) }
        : attempt,
    );
    expect(restoreJob(toStoredJob(record), now)).toEqual({ ...record, attempts });
  });

  it('monotonic clock restarted -> ages kept', () => {
    const back = restoreJob(
      toStoredJob(
        played([
          [5, assigned],
          [5, lost],
        ]),
      ),
      { wallMs: at(0).wallMs + 1005, monotonicMs: 7 },
    );
    expect([back.createdAt.monotonicMs, back.queuedAt.monotonicMs]).toEqual([7 - 1005, 7 - 1000]);
  });
});
