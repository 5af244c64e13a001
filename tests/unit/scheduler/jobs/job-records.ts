// Builders of job records for tests.
import type { JobMachineEvent } from '../../../../src/main/scheduler/jobs/machine/job-events';
import { DEFAULT_JOB_POLICY } from '../../../../src/main/scheduler/jobs/machine/job-events';
import { jobTransition } from '../../../../src/main/scheduler/jobs/machine/job-machine';
import { type JobFacts, type JobRecord, newJob } from '../../../../src/main/scheduler/jobs/machine/job-record';
import { at } from '../lifecycle/records';

export const aJob = (overrides: Partial<JobFacts> = {}): JobFacts => ({
  jobId: 'job-1',
  seq: 1,
  task: { kind: 'openai', path: '/v1/chat/completions', model: 'llm-a', payloadBytes: 10 },
  requirements: { requiredModels: ['llm-a'], public: true },
  priority: 0,
  maxAttempts: 3,
  timeoutMs: 300_000,
  queueTimeoutMs: 60_000,
  confirmationTimeoutMs: 60_000,
  totalTimeoutMs: null,
  interactive: false,
  submitter: null,
  streams: false,
  traceId: 'trace',
  ...overrides,
});

/** The record of a new job after these events, each at its time. */
export function played(
  events: readonly (readonly [atMonotonicMs: number, event: JobMachineEvent])[],
  overrides: Partial<JobFacts> = {},
): JobRecord {
  return events.reduce(
    (record, [atMonotonicMs, event]) => jobTransition(record, event, at(atMonotonicMs), DEFAULT_JOB_POLICY)[0],
    newJob(aJob(overrides), at(0)),
  );
}

export const assigned: JobMachineEvent = { type: 'assigned', nodeId: 'node-1' };
export const accepted = (attempt = 1, nodeId = 'node-1'): JobMachineEvent => ({ type: 'accepted', attempt, nodeId });
type ResultEvent = Extract<JobMachineEvent, { type: 'result' }>;

export const success = (attempt = 1, nodeId = 'node-1'): ResultEvent => ({
  type: 'result',
  attempt,
  nodeId,
  error: null,
  retryable: false,
});
export const failure = (retryable: boolean, attempt = 1, nodeId = 'node-1'): ResultEvent => ({
  type: 'result',
  attempt,
  nodeId,
  error: { code: 'broke', message: 'it broke', details: null },
  retryable,
});
