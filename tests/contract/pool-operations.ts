// For each operation on the pool: params, the result, and the calls of its service.
import type { OperationName } from '../../src/shared/api/app-api';
import { jobSummarySchema } from '../../src/shared/api/job';
import { nodeView } from '../support/app-fakes';
import { jobView, succeededJob } from '../support/job-views';
import { appFailedJob, missingModel, nodeHistory, poolHistory, poolTotals } from '../support/pool-figures';
import type { Case } from './operations';

type PoolOperation = Extract<OperationName, `pool.${string}`>;

const jobSummary = jobSummarySchema.parse(jobView());
const { result: _withContent, ...job } = succeededJob(null, { job_id: 'job-2' });
const shownJob = {
  ...job,
  result: { processing_time_ms: 5, http_status: null, content: { kind: 'text', characters: 4 } },
  has_program_output: false,
};

export const POOL_CASES: Readonly<Record<PoolOperation, Case>> = {
  'pool.drain': {
    params: { node_id: 'node-A', reason: '维护' },
    value: nodeView('node-A'),
    calls: ({ pool }) => pool.calls,
    expected: [['drain', 'node-A', { reason: '维护' }]],
  },
  'pool.resume': {
    params: { node_id: 'node-A' },
    value: nodeView('node-A'),
    calls: ({ pool }) => pool.calls,
    expected: [['resume', 'node-A']],
  },
  'pool.quarantine': {
    params: { node_id: 'node-A', reason: 'wrong answers' },
    value: nodeView('node-A'),
    calls: ({ pool }) => pool.calls,
    expected: [['quarantine', 'node-A', { reason: 'wrong answers' }]],
  },
  'pool.release': {
    params: { node_id: 'node-A' },
    value: nodeView('node-A'),
    calls: ({ pool }) => pool.calls,
    expected: [['release', 'node-A']],
  },
  'pool.tag_node': {
    params: { node_id: 'node-A', tags: [' lab ', 'nvlink'] },
    value: nodeView('node-A'),
    calls: ({ pool }) => pool.calls,
    expected: [['setTags', 'node-A', ['lab', 'nvlink']]],
  },
  'pool.remove': { params: { node_id: 'node-A' }, value: {}, calls: ({ pool }) => pool.calls, expected: [['remove', 'node-A']] },
  'pool.control_model': {
    params: { node_id: 'node-A', model_id: 'org/llm:7b', action: 'pin' },
    value: { node_id: 'node-A', model_id: 'org/llm:7b', action: 'pin', state: 'done' },
    calls: ({ pool }) => pool.calls,
    expected: [['controlModel', { node_id: 'node-A', model_id: 'org/llm:7b', action: 'pin' }]],
  },
  'pool.node': {
    params: { node_id: 'node-A' },
    value: nodeView('node-A'),
    calls: ({ pool }) => pool.calls,
    expected: [['node', 'node-A']],
  },
  'pool.node_history': {
    params: { node_id: 'node-A', range: '24h' },
    value: nodeHistory({ range: '24h' }),
    calls: ({ pool }) => pool.calls,
    expected: [['nodeHistory', 'node-A', '24h']],
  },
  'pool.models': { params: {}, value: { models: [{ model_id: 'llm-a', kind: 'llm', tasks: null, nodes_ready: 2, nodes_loaded: 1 }] } },
  'pool.nodes_with_model': {
    params: { model: 'llm' },
    value: { node_ids: ['node-A'] },
    calls: ({ pool }) => pool.calls,
    expected: [['nodesWithModel', 'llm']],
  },
  'pool.explain': {
    params: {},
    value: { chosen: 'node-A', nodes_total: 1, reasons: {}, nodes: [{ node_id: 'node-A', excluded: [] }] },
    calls: ({ pool }) => pool.calls,
    expected: [['explain', { required_models: [], public: true, node_limit: 50 }]],
  },
  'pool.exclusions': { params: {}, value: { since: 1, reasons: { gpu_unavailable: { count: 2, examples: ['node-B'] } } } },
  'pool.reset_exclusions': { params: {}, value: {}, calls: ({ pool }) => pool.calls, expected: [['resetExclusions']] },
  'pool.jobs': {
    params: { status: ['queued'], cursor: '9' },
    value: { jobs: [jobSummary], next_cursor: '7', open: { queued: 1, assigned: 0, running: 0 } },
    calls: ({ pool }) => pool.calls,
    expected: [['jobs', { status: ['queued'], limit: 50, cursor: '9' }]],
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
  'pool.totals': { params: {}, value: poolTotals() },
  'pool.history': {
    params: { range: '24h' },
    value: poolHistory({ range: '24h' }),
    calls: ({ pool }) => pool.calls,
    expected: [['history', '24h']],
  },
  'pool.failures': {
    params: { limit: 5 },
    value: { since: 1, failed: 1, jobs: [appFailedJob('job-2')] },
    calls: ({ pool }) => pool.calls,
    expected: [['failures', 5]],
  },
  'pool.missing_models': { params: {}, value: { since: 1, models: [missingModel('qwen3-coder:30b')] } },
};
