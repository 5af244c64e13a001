// For each operation of AppApi: params, the result, and the calls of its service.
import type { OperationName } from '../../src/shared/api/app-api';
import { jobSummarySchema } from '../../src/shared/api/job';
import { nodeView } from '../support/app-fakes';
import { jobView, succeededJob } from '../support/job-views';
import { inviteView, joinRequest, keyView, memberView, NETWORK_REPORT } from '../support/trust-fakes';
import type { Program } from './transports';

interface Case {
  readonly params: object;
  readonly value: object;
  readonly calls?: (program: Program) => unknown;
  readonly expected?: unknown;
}

const jobSummary = jobSummarySchema.parse(jobView());
const { result: _withContent, ...job } = succeededJob(null, { job_id: 'job-2' });
const shownJob = {
  ...job,
  result: { processing_time_ms: 5, http_status: null, content: { kind: 'text', characters: 4 } },
  has_program_output: false,
};
const toHost = ['connectTo', { url: 'ws://127.0.0.1:7080', joinToken: null }];
export const CASES: Readonly<Record<OperationName, Case>> = {
  'agent.recheck': { params: {}, value: {}, calls: ({ agent }) => agent.calls, expected: [['recheck']] },
  'agent.drain': { params: { timeout_seconds: 5 }, value: {}, calls: ({ agent }) => agent.calls, expected: [['drain', 5]] },
  'agent.resume': { params: {}, value: {}, calls: ({ agent }) => agent.calls, expected: [['resume']] },
  'agent.measure_model': {
    params: { model_id: 'org/model:7b' },
    value: {},
    calls: ({ agent }) => agent.calls,
    expected: [['measureModel', 'org/model:7b']],
  },
  'agent.dismiss_notice': { params: { id: 'n1' }, value: {}, calls: ({ agent }) => agent.calls, expected: [['dismissNotice', 'n1']] },
  'host.start': {
    params: { scope: 'lan', announce: false },
    value: {},
    calls: ({ host, agent }) => [host.calls, agent.calls],
    expected: [[['start', 'lan', { plainHttpApi: undefined, announce: false }]], [toHost]],
  },
  'host.stop': { params: {}, value: {}, calls: ({ host }) => host.calls, expected: [['stop']] },
  'join.test': {
    params: { address: 'x' },
    value: { steps: [{ step: 'address', outcome: 'failed', code: 'host_invalid', details: { host: 'x' }, duration_ms: 1 }] },
  },
  'join.connect': {
    params: { address: ' wss://lab-a:7080 ', token: 't' },
    value: {},
    calls: ({ agent, openedLink }) => [agent.calls, openedLink.view()],
    expected: [[['connectTo', { url: 'wss://lab-a:7080', joinToken: 't', pin: null }]], null],
  },
  'join.leave': { params: {}, value: {}, calls: ({ agent }) => agent.calls, expected: [['connectTo', null]] },
  'join.discard_link': { params: {}, value: {}, calls: ({ openedLink }) => openedLink.view(), expected: null },
  'nearby.browse': { params: {}, value: {}, calls: ({ nearby }) => nearby.calls, expected: [['browse']] },
  'nearby.join': {
    params: { pool_id: '00ff' },
    value: {},
    calls: ({ nearby }) => nearby.calls,
    expected: [['join', '00ff']],
  },
  'nearby.confirm': { params: { same: false }, value: {}, calls: ({ nearby }) => nearby.calls, expected: [['confirm', false]] },
  'nearby.cancel': { params: {}, value: {}, calls: ({ nearby }) => nearby.calls, expected: [['cancel']] },
  'doctor.network': { params: {}, value: NETWORK_REPORT },
  'members.list': { params: {}, value: { members: [memberView('mem-1')] } },
  'members.revoke': {
    params: { id: 'mem-1' },
    value: memberView('mem-1'),
    calls: ({ trust }) => trust.calls,
    expected: [['revokeMember', 'mem-1']],
  },
  'invites.list': { params: {}, value: { invites: [inviteView('inv-1')] } },
  'invites.create': {
    params: { name: '实验室', uses: 3 },
    value: {
      id: 'inv-1',
      name: '实验室',
      expires_at: 2,
      link: `muster://192.168.1.20:7080/join#pin=sha256-${'a'.repeat(43)}&key=mi_secret`,
      https_link: `https://192.168.1.20:7080/join#pin=sha256-${'a'.repeat(43)}&key=mi_secret`,
    },
    calls: ({ trust }) => trust.calls,
    expected: [['createInvite', { name: '实验室', roles: ['node'], models: null, expires_in_seconds: 86_400, uses: 3 }]],
  },
  'invites.revoke': {
    params: { id: 'inv-1' },
    value: inviteView('inv-1'),
    calls: ({ trust }) => trust.calls,
    expected: [['revokeInvite', 'inv-1']],
  },
  'keys.list': { params: {}, value: { keys: [keyView('key-1')] } },
  'keys.create': {
    params: { name: 'notebook' },
    value: { id: 'key-1', name: 'notebook', key: 'mk_secret' },
    calls: ({ trust }) => trust.calls,
    expected: [
      ['createKey', { name: 'notebook', roles: ['client'], models: null, expires_in_seconds: null, limits: keyView('key-1').limits }],
    ],
  },
  'keys.revoke': {
    params: { id: 'key-1' },
    value: keyView('key-1'),
    calls: ({ trust }) => trust.calls,
    expected: [['revokeKey', 'key-1']],
  },
  'audit.list': {
    params: { before: 9 },
    value: { entries: [], next_before: null },
    calls: ({ trust }) => trust.calls,
    expected: [['audit', { limit: 100, before: 9 }]],
  },
  'join_requests.approve': {
    params: { id: '00ff' },
    value: joinRequest({ id: '00ff', approved: true }),
    calls: ({ trust }) => trust.calls,
    expected: [['approveJoin', '00ff']],
  },
  'join_requests.deny': { params: { id: '00ff' }, value: {}, calls: ({ trust }) => trust.calls, expected: [['denyJoin', '00ff']] },
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
    params: { status: 'queued', cursor: '9' },
    value: { jobs: [jobSummary], next_cursor: '7', open: { queued: 1, assigned: 0, running: 0 } },
    calls: ({ pool }) => pool.calls,
    expected: [['jobs', { status: 'queued', limit: 50, cursor: '9' }]],
  },
  'pool.job': { params: { job_id: 'job-2' }, value: shownJob, calls: ({ pool }) => pool.calls, expected: [['job', 'job-2']] },
  'pool.job_content': {
    params: { job_id: 'job-2' },
    value: { content: { kind: 'text', text: 'hola', characters: 4 }, program_output: null },
    calls: ({ pool }) => pool.calls,
    expected: [['job', 'job-2']],
  },
  'pool.cancel_job': { params: { job_id: 'job-2' }, value: {}, calls: ({ pool }) => pool.calls, expected: [['cancelJob', 'job-2']] },
};
