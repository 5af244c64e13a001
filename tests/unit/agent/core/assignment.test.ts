import { expect, test } from 'vitest';
import { type AssignmentDecision, decideAssignment, type JobsHere, type Offer } from '../../../../src/main/agent/core/assignment';

const job = (jobId: string, attempt = 1) => ({ jobId, attempt });
const here = (fields: Partial<JobsHere> = {}): JobsHere => ({
  running: [],
  ended: [],
  maxConcurrentJobs: 2,
  stopping: false,
  canKeepResults: true,
  ...fields,
});
const full = [job('a'), job('b')];
const many = Array.from({ length: 256 }, (_, index) => job(`e${String(index)}`));

/** A refusal as its code. */
const shortly = (decision: AssignmentDecision): unknown =>
  decision.kind === 'refuse' && !decision.outcome.success
    ? [decision.outcome.error.code, decision.outcome.error.details.retryable]
    : decision;
const run = (inVain: object | null = null) => ({ kind: 'run', inVain });

test.each<[string, JobsHere, ReturnType<typeof job>, Offer, unknown]>([
  ['a new job is run', here(), job('x'), 'runs', run()],
  ['a new job is run beside others', here({ running: [job('a')] }), job('x'), 'runs', run()],
  ['a job that runs is confirmed', here({ running: [job('x')] }), job('x'), 'runs', { kind: 'confirm' }],
  [
    'a job that runs is confirmed by a full node that stops',
    here({ running: [job('x'), ...full], stopping: true }),
    job('x'),
    'unknown',
    { kind: 'confirm' },
  ],
  ['a job that has ended is told again', here({ ended: [job('x')] }), job('x'), 'unknown', { kind: 'tell_result' }],
  ['a newer attempt takes the place of the one that runs', here({ running: [job('x'), job('a')] }), job('x', 2), 'runs', run(job('x'))],
  ['a newer attempt of an ended job is run', here({ ended: [job('x')] }), job('x', 2), 'runs', run()],
  ['an older attempt than the one that runs is refused', here({ running: [job('x', 3)] }), job('x', 2), 'runs', ['stale_attempt', true]],
  [
    'an older attempt than one that has ended is refused',
    here({ ended: [job('x', 3), job('x', 1)] }),
    job('x', 2),
    'runs',
    ['stale_attempt', true],
  ],
  ['a job is refused where all places are taken', here({ running: full }), job('x'), 'runs', ['capacity', true]],
  ['a job for an unknown model is refused', here(), job('x'), 'unknown', ['unknown_model', true]],
  ['a job that nothing here runs is refused, and may run elsewhere', here(), job('x'), 'listed', ['no_runtime', true]],
  ['a job is refused by a node that stops', here({ stopping: true }), job('x'), 'runs', ['node_stopping', true]],
  ['a job is refused where no result could be kept', here({ canKeepResults: false }), job('x'), 'runs', ['results_waiting', true]],
  ['a job is refused where too many results wait', here({ ended: many }), job('x'), 'runs', ['results_waiting', true]],
])('%s', (_what, jobs, assigned, offer, expected) => {
  expect(shortly(decideAssignment(jobs, assigned, offer))).toEqual(expected);
});
