// Final errors of a model that no other node judges: they are shown and lower the rank, and never exclude the model (ADR 0018).
import { describe, expect, test } from 'vitest';
import type { NodeEvent } from '../../../../src/main/scheduler/lifecycle/events';
import { type AttemptVerdict, addedLoad } from '../../../../src/main/scheduler/lifecycle/model-failures';
import type { NodeRecord } from '../../../../src/main/scheduler/lifecycle/node-record';
import { failingModelsOf } from '../../../../src/main/scheduler/nodes/core/node-view';
import { deadline, played } from './play';
import { aRecord, BROKE, healthyBeat, jobAssigned, jobReleased } from './records';

const MODEL = 'nmt-en-zh';

type Steps = readonly (readonly [number, NodeEvent])[];

/** One attempt that begins and ends at this instant. */
const attempt = (ms: number, verdict: AttemptVerdict, jobId: string): Steps => [
  [ms, jobAssigned(MODEL, jobId)],
  [ms, jobReleased(verdict, MODEL, jobId)],
];
/** The heartbeats and the sweep at this instant. */
const pass = (ms: number): Steps => [
  [ms, healthyBeat()],
  [ms, deadline],
];
const entryOf = ({ failures: { byModel } }: NodeRecord) => byModel.get(MODEL);

describe('final errors that no other node could confirm', () => {
  const error = { code: 'crashed', message: 'no model file' };
  const failsAlone = (ms: number, jobId: string): Steps => attempt(ms, { kind: 'unconfirmed', error }, jobId);
  const five = [0, 100, 200, 300, 400].flatMap((ms, i) => failsAlone(ms, `job-${String(i)}`));

  test('five in a row -> shown with the last error and lowered in rank, but never excluded', () => {
    const record = played(aRecord(), five);
    expect(entryOf(record)).toMatchObject({ phase: 'lowered', failures: 0, unconfirmed: 5 });
    expect(addedLoad(record.failures, MODEL)).toBe(5);
    expect(failingModelsOf(record)).toEqual([{ model_id: MODEL, failures: 5, until: null, last_error: error, takes_jobs: true }]);
  });

  test('the period ends -> still shown, the rank is normal', () => {
    const record = played(aRecord(), [...five, ...pass(40_000)]);
    expect(entryOf(record)?.phase).toBe('counted');
    expect(addedLoad(record.failures, MODEL)).toBe(0);
    expect(failingModelsOf(record)).toMatchObject([{ failures: 5, takes_jobs: true }]);
  });

  test('a success -> not shown any more', () => {
    const record = played(aRecord(), [...five, [500, jobAssigned(MODEL, 'ok')], [600, jobReleased({ kind: 'succeeded' }, MODEL, 'ok')]]);
    expect(failingModelsOf(record)).toEqual([]);
  });

  test('a test of an excluded model ends with such an error -> given back, and the exclusion is not repeated', () => {
    const excluded = [0, 1, 2].flatMap((ms) => attempt(ms, { kind: 'failed', error: BROKE }, `failed-${String(ms)}`));
    const record = played(aRecord(), [...excluded, ...pass(40_000), ...failsAlone(41_000, 'test')]);
    expect(entryOf(record)).toMatchObject({ phase: 'testable', failures: 3, unconfirmed: 1 });
  });

  test('two are not shown', () => {
    expect(failingModelsOf(played(aRecord(), five.slice(0, 4)))).toEqual([]);
  });
});
