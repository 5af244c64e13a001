import { expect, test } from 'vitest';
import { type AssignmentDecision, decideAssignment, type NodeJobs, type ModelSupport } from '../../../../src/main/agent/core/assignment';

const job = (jobId: string, attempt = 1) => ({ jobId, attempt });
const jobsOf = (fields: Partial<NodeJobs> = {}): NodeJobs => ({
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
const brief = (decision: AssignmentDecision): unknown =>
  decision.kind === 'refuse' && !decision.outcome.success
    ? [decision.outcome.error.code, decision.outcome.error.details.retryable]
    : decision;
const run = (obsolete: object | null = null) => ({ kind: 'run', obsolete });

test.each<[string, NodeJobs, ReturnType<typeof job>, ModelSupport, unknown]>([
  ['assignment: new job -> run', jobsOf(), job('x'), 'runs', run()],
  ['assignment: new job, free slot -> run', jobsOf({ running: [job('a')] }), job('x'), 'runs', run()],
  ['assignment: attempt runs already -> confirm', jobsOf({ running: [job('x')] }), job('x'), 'runs', { kind: 'confirm' }],
  [
    'assignment: attempt runs already, node full and stopping -> confirm',
    jobsOf({ running: [job('x'), ...full], stopping: true }),
    job('x'),
    'unknown',
    { kind: 'confirm' },
  ],
  ['assignment: attempt has ended -> resend result', jobsOf({ ended: [job('x')] }), job('x'), 'unknown', { kind: 'resend_result' }],
  [
    'assignment: newer attempt of a running job -> run, older attempt obsolete',
    jobsOf({ running: [job('x'), job('a')] }),
    job('x', 2),
    'runs',
    run(job('x')),
  ],
  ['assignment: newer attempt of an ended job -> run', jobsOf({ ended: [job('x')] }), job('x', 2), 'runs', run()],
  [
    'assignment: older than the running attempt -> stale_attempt',
    jobsOf({ running: [job('x', 3)] }),
    job('x', 2),
    'runs',
    ['stale_attempt', true],
  ],
  [
    'assignment: older than an ended attempt -> stale_attempt',
    jobsOf({ ended: [job('x', 3), job('x', 1)] }),
    job('x', 2),
    'runs',
    ['stale_attempt', true],
  ],
  ['assignment: all slots taken -> capacity', jobsOf({ running: full }), job('x'), 'runs', ['capacity', true]],
  ['assignment: unknown model -> unknown_model', jobsOf(), job('x'), 'unknown', ['unknown_model', true]],
  ['assignment: model without a runtime for the task -> no_runtime, retryable', jobsOf(), job('x'), 'listed', ['no_runtime', true]],
  ['assignment: node stopping -> node_stopping', jobsOf({ stopping: true }), job('x'), 'runs', ['node_stopping', true]],
  ['assignment: no space for results -> results_waiting', jobsOf({ canKeepResults: false }), job('x'), 'runs', ['results_waiting', true]],
  ['assignment: too many unacknowledged results -> results_waiting', jobsOf({ ended: many }), job('x'), 'runs', ['results_waiting', true]],
])('%s', (_title, jobs, assigned, offer, expected) => {
  expect(brief(decideAssignment(jobs, assigned, offer))).toEqual(expected);
});
