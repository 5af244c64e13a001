// For each operation on jobs: params, the result, and the calls of its service.
import type { OperationName } from '../../src/shared/api/app-api';
import { jobSummarySchema } from '../../src/shared/api/job';
import { exportLines } from '../../src/shared/api/job-export';
import { jobView, succeededJob } from '../support/job-views';
import type { Case } from './operations';

type JobOperation = Extract<
  OperationName,
  'pool.jobs' | 'pool.export_jobs' | 'pool.job' | 'pool.job_content' | 'pool.cancel_job' | 'pool.cancel_jobs' | 'pool.retry_job'
>;

const jobSummary = jobSummarySchema.parse(jobView());
const { result: _withContent, ...job } = succeededJob(null, { job_id: 'job-2' });
const shownJob = {
  ...job,
  result: { processing_time_ms: 5, http_status: null, content: { kind: 'text', characters: 4 } },
  has_program_output: false,
};

export const JOB_CASES: Readonly<Record<JobOperation, Case>> = {
  'pool.jobs': {
    params: { status: ['queued'], cursor: '9' },
    value: { jobs: [jobSummary], next_cursor: '7', open: { queued: 1, assigned: 0, running: 0 } },
    calls: ({ pool }) => pool.calls,
    expected: [['jobs', { status: ['queued'], limit: 50, cursor: '9' }]],
  },
  'pool.export_jobs': {
    params: { status: ['succeeded'], model: 'llm-a', format: 'jsonl' },
    value: {
      state: 'download',
      name: 'muster-jobs.jsonl',
      base64: Buffer.from(exportLines('jsonl', [jobSummary, jobSummary])).toString('base64'),
    },
    calls: ({ pool }) => pool.calls,
    expected: [
      ['jobs', { status: ['succeeded'], model: 'llm-a', limit: 100, live: false }],
      ['jobs', { status: ['succeeded'], model: 'llm-a', limit: 100, live: false, cursor: '7' }],
    ],
  },
  'pool.job': { params: { job_id: 'job-2' }, value: shownJob, calls: ({ pool }) => pool.calls, expected: [['job', 'job-2']] },
  'pool.job_content': {
    params: { job_id: 'job-2' },
    value: { content: { kind: 'text', text: 'hola', characters: 4 }, program_output: null },
    calls: ({ pool }) => pool.calls,
    expected: [['job', 'job-2']],
  },
  'pool.cancel_job': { params: { job_id: 'job-2' }, value: {}, calls: ({ pool }) => pool.calls, expected: [['cancelJob', 'job-2']] },
  'pool.cancel_jobs': {
    params: { job_ids: ['job-2'] },
    value: { jobs: [{ job_id: 'job-2', outcome: 'cancelled' }] },
    calls: ({ pool }) => pool.calls,
    expected: [['cancelJobs', ['job-2']]],
  },
  'pool.retry_job': {
    params: { job_id: 'job-2' },
    value: { job_id: 'job-9', status: 'queued' },
    calls: ({ pool }) => pool.calls,
    expected: [['retryJob', 'job-2']],
  },
};
