// For each operation on the pool: params, the result, and the calls of its service.
import type { OperationName } from '../../src/shared/api/app-api';
import { nodeView } from '../support/app-fakes';
import { appFailedJob, missingModel, nodeHistory, poolHistory, poolTotals } from '../support/pool-figures';
import { clusterOfThree } from '../fixtures/app-states/clusters';
import { usageOf } from '../support/usage-fakes';
import { JOB_CASES } from './job-operations';
import type { Case } from './operations';

type PoolOperation = Extract<OperationName, `pool.${string}`>;

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
  ...JOB_CASES,
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
  'pool.usage': {
    params: { from: '2026-11-24', by: 'model', model: 'llm-a' },
    value: usageOf({ by: 'model' }),
    calls: ({ pool }) => pool.calls,
    expected: [['usage', { from: '2026-11-24', by: 'model', model: 'llm-a' }]],
  },
  'pool.export_usage': {
    params: { by: 'key' },
    value: {
      state: 'download',
      name: 'muster-usage.csv',
      base64: Buffer.from(
        '\u{FEFF}key_id,key,requests,failed,cancelled,prompt_tokens,cached_tokens,output_tokens,gpu_seconds,estimated,refused\r\n' +
          "'=1+1,'=1+1,12,2,1,4000,1000,900,75.5,0,0\r\n",
      ).toString('base64'),
    },
    calls: ({ pool }) => pool.calls,
    expected: [['usage', { by: 'key' }]],
  },
  'pool.cluster': { params: {}, value: clusterOfThree() },
  'pool.step_down': { params: {}, value: {}, calls: ({ pool }) => pool.calls, expected: [['stepDown']] },
};
