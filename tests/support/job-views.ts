// Jobs as a scheduler shows them, for tests of their display.
import type { JobView } from '../../src/shared/api/job';

export const jobView = (change: Partial<JobView> = {}): JobView => ({
  job_id: 'job-1',
  status: 'queued',
  task: { kind: 'openai', path: '/v1/chat/completions', model: 'llm-a', payload_bytes: 80 },
  priority: 0,
  attempt: 0,
  max_attempts: 3,
  node_id: null,
  created_at: 1,
  started_at: null,
  finished_at: null,
  error: null,
  trace_id: 'trace-1',
  requirements: { required_models: ['llm-a'], public: true },
  timeout_seconds: 300,
  queue_deadline_at: 60_001,
  total_deadline_at: null,
  attempts: [],
  result: null,
  waiting: null,
  ...change,
});

/** A job that succeeded with this output. */
export const succeededJob = (output: unknown, change: Partial<JobView> = {}): JobView =>
  jobView({
    status: 'succeeded',
    attempt: 1,
    node_id: 'node-A',
    started_at: 3,
    finished_at: 9,
    attempts: [{ attempt: 1, node_id: 'node-A', assigned_at: 2, started_at: 3, ended_at: 9, outcome: 'succeeded', error: null }],
    result: { attempt: 1, node_id: 'node-A', success: true, output, error: null, processing_time_ms: 5 },
    ...change,
  });
