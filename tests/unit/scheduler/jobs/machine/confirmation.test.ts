// An error that is not retryable: one more attempt on another node, which confirms or disproves the error (ADR 0018).
import { describe, expect, it } from 'vitest';
import { jobDeadline } from '../../../../../src/main/scheduler/jobs/machine/job-deadline';
import { DEFAULT_JOB_POLICY, type JobMachineEvent } from '../../../../../src/main/scheduler/jobs/machine/job-events';
import { jobTransition } from '../../../../../src/main/scheduler/jobs/machine/job-machine';
import { type JobFacts, waitingFacts } from '../../../../../src/main/scheduler/jobs/machine/job-record';
import { at } from '../../lifecycle/records';
import { assigned, failure, played, success } from '../job-records';

const elsewhere = (event: ReturnType<typeof failure>): JobMachineEvent => ({ ...event, isServedElsewhere: true });
const onSecond: JobMachineEvent = { type: 'assigned', nodeId: 'node-2' };
const first: readonly (readonly [number, JobMachineEvent])[] = [
  [0, assigned],
  [1000, elsewhere(failure(false))],
];
const BLAME = { type: 'not_confirmed', nodeId: 'node-1', error: { code: 'broke', message: 'it broke' } };

function last(event: JobMachineEvent, facts: Partial<JobFacts> = {}, atMs = 3000) {
  const [record, effects] = jobTransition(played([...first, [2000, onSecond]], facts), event, at(atMs), DEFAULT_JOB_POLICY);
  return { status: record.status, code: record.error?.code ?? null, effects, record };
}

describe('final failure of one node', () => {
  it('another node serves the model -> waits for any other node, without a delay', () => {
    const record = played(first);
    expect(record).toMatchObject({ status: 'queued', notBefore: null, unconfirmed: { nodeId: 'node-1', error: { code: 'broke' } } });
    expect(waitingFacts(record).requirements).toEqual({ ...record.facts.requirements, otherThan: 'node-1' });
  });

  it.each<readonly [string, JobMachineEvent, Partial<JobFacts>]>([
    ['no other node serves the model', failure(false), {}],
    ['one attempt only', elsewhere(failure(false)), { maxAttempts: 1 }],
  ])('%s -> the job fails at once', (_title, event, facts) => {
    const [record, effects] = jobTransition(played([[0, assigned]], facts), event, at(10), DEFAULT_JOB_POLICY);
    expect(record).toMatchObject({ status: 'failed', error: { code: 'broke' }, unconfirmed: null });
    const verdict = { kind: 'unconfirmed', error: { code: 'broke', message: 'it broke' } };
    expect(effects).toEqual([{ type: 'slot_freed', nodeId: 'node-1', verdict }, { type: 'finished' }]);
  });

  it.each(['bad_request', 'output_too_large', 'output_too_deep', 'task_unreadable', 'cancelled'])(
    'no other node serves the model, and the request is at fault: %s -> no failure of the node',
    (code) => {
      const event = { ...failure(false), error: { code, message: 'no', details: null } };
      const [, effects] = jobTransition(played([[0, assigned]]), event, at(10), DEFAULT_JOB_POLICY);
      expect(effects).toEqual([{ type: 'slot_freed', nodeId: 'node-1', verdict: { kind: 'none' } }, { type: 'finished' }]);
    },
  );

  it('another node serves the model, and judges the error -> no failure of the first node yet', () => {
    const [, effects] = jobTransition(played([[0, assigned]]), elsewhere(failure(false)), at(10), DEFAULT_JOB_POLICY);
    expect(effects).toEqual([{ type: 'slot_freed', nodeId: 'node-1', verdict: { kind: 'none' } }]);
  });

  it('the second node succeeds -> the first one gets the blame', () => {
    const { status, effects } = last(success(2, 'node-2'));
    expect(status).toBe('succeeded');
    expect(effects).toEqual([{ type: 'slot_freed', nodeId: 'node-2', verdict: { kind: 'succeeded' } }, BLAME, { type: 'finished' }]);
  });

  it('the second node confirms -> the job fails with its error, and no node gets the blame', () => {
    const { status, code, effects } = last(
      elsewhere({ ...failure(false, 2, 'node-2'), error: { code: 'bad_request', message: 'no', details: null } }),
    );
    expect([status, code]).toEqual(['failed', 'bad_request']);
    expect(effects).toEqual([{ type: 'slot_freed', nodeId: 'node-2', verdict: { kind: 'none' } }, { type: 'finished' }]);
  });

  it('the second node succeeds with an output of an unknown form -> no node gets the blame, and it is no success of the node', () => {
    const { status, effects } = last({ ...success(2, 'node-2'), isUnknownForm: true });
    expect(status).toBe('succeeded');
    expect(effects).toEqual([{ type: 'slot_freed', nodeId: 'node-2', verdict: { kind: 'none' } }, { type: 'finished' }]);
  });

  it('the second node passes on a refusal of the request -> no node gets the blame', () => {
    const { status, effects } = last({ ...success(2, 'node-2'), isRefusal: true });
    expect(status).toBe('succeeded');
    expect(effects).toEqual([{ type: 'slot_freed', nodeId: 'node-2', verdict: { kind: 'refused' } }, { type: 'finished' }]);
  });

  it('the second node fails otherwise -> retried, still not on the first node', () => {
    const { status, effects, record } = last(failure(true, 2, 'node-2'));
    expect([status, waitingFacts(record).requirements.otherThan]).toEqual(['queued', 'node-1']);
    expect(effects).toMatchObject([{ type: 'slot_freed', nodeId: 'node-2', verdict: { kind: 'refused' } }]);
    expect(last(failure(true, 2, 'node-2'), { maxAttempts: 2 })).toMatchObject({ status: 'failed', code: 'broke' });
  });

  it('the second node is lost -> requeued, still not on the first node', () => {
    const { status, record } = last({ type: 'node_lost', nodeId: 'node-2' });
    expect([status, waitingFacts(record).requirements.otherThan]).toEqual(['queued', 'node-1']);
  });

  it.each([
    [60_000, 60_000, 61_000],
    [5000, 60_000, 6000],
    [7 * 24 * 3_600_000, 60_000, 61_000],
    [60_000, 8000, 9000],
    [5000, 8000, 6000],
  ])(
    'queue timeout of %i ms, confirmation timeout of %i ms, no other node -> fails with the first error',
    (queueTimeoutMs, confirmationTimeoutMs, atMonotonicMs) => {
      const waiting = played(first, { queueTimeoutMs, confirmationTimeoutMs });
      expect(jobDeadline(waiting)).toEqual({ kind: 'queue_deadline', atMonotonicMs });
      const due: JobMachineEvent = { type: 'queue_deadline', reasons: null };
      expect(jobTransition(waiting, due, at(atMonotonicMs), DEFAULT_JOB_POLICY)[0]).toMatchObject({
        status: 'failed',
        error: { code: 'broke' },
        unconfirmed: null,
      });
    },
  );
});

describe('refusal of the request by one node', () => {
  const refusal = { code: 'runtime_refused', message: 'refused', details: { status: 400 } };
  const refused: JobMachineEvent = { ...success(), isRefusal: true, refusal, isServedElsewhere: true };
  const played1 = played([
    [0, assigned],
    [1000, refused],
  ]);
  const play = (event: JobMachineEvent) =>
    jobTransition(jobTransition(played1, onSecond, at(2000), DEFAULT_JOB_POLICY)[0], event, at(3000), DEFAULT_JOB_POLICY);

  it('another node is free -> tried there at once, the first node loses rank', () => {
    expect(played1).toMatchObject({ status: 'queued', notBefore: null, unconfirmed: { nodeId: 'node-1', error: refusal } });
    const [, effects] = jobTransition(played([[0, assigned]]), refused, at(1000), DEFAULT_JOB_POLICY);
    expect(effects).toEqual([{ type: 'slot_freed', nodeId: 'node-1', verdict: { kind: 'refused' } }]);
  });

  it.each<readonly [string, JobMachineEvent, Partial<JobFacts>]>([
    ['no other node is free', { ...refused, isServedElsewhere: false }, {}],
    ['one attempt only', refused, { maxAttempts: 1 }],
  ])('%s -> passed on', (_title, event, facts) => {
    expect(jobTransition(played([[0, assigned]], facts), event, at(10), DEFAULT_JOB_POLICY)[0]).toMatchObject({ status: 'succeeded' });
  });

  it('the second node answers -> its answer, no failure of the first node', () => {
    const [record, effects] = play(success(2, 'node-2'));
    expect(record.status).toBe('succeeded');
    expect(effects.map(({ type }) => type)).toEqual(['slot_freed', 'finished']);
  });

  it('the second node refuses, too -> its refusal', () => {
    expect(play({ ...refused, attempt: 2, nodeId: 'node-2' })[0]).toMatchObject({ status: 'succeeded', error: null });
  });

  it('no node is free in time -> the job fails with the refusal', () => {
    const [record] = jobTransition(played1, { type: 'queue_deadline', reasons: null }, at(61_000), DEFAULT_JOB_POLICY);
    expect(record).toMatchObject({ status: 'failed', error: refusal });
  });
});
