// For each operation of AppApi: params, the result, and the calls of its service.
import type { OperationName } from '../../src/shared/api/app-api';
import { contribution, history, processes } from '../support/own-gpus';
import { LOG_PAGE, PREVIEW, SAVED } from '../support/log-fakes';
import { SETTINGS_VIEW, settingViewOf } from '../support/settings-fakes';
import { inviteView, joinRequest, keyView, memberView, NETWORK_REPORT } from '../support/trust-fakes';
import { rememberedIdOf } from '../../src/main/app-api/joined-choice';
import { OWN_MODEL_CASES } from './own-model-operations';
import { POOL_CASES } from './pool-operations';
import { type Program, REMEMBERED } from './transports';

export interface Case {
  readonly params: object;
  readonly value: object;
  readonly calls?: (program: Program) => unknown;
  readonly expected?: unknown;
}

/** `REMEMBERED` of the program. */
const REMEMBERED_ID = rememberedIdOf(REMEMBERED);
const toHost = ['connectTo', { url: 'ws://127.0.0.1:7080', joinToken: null }];
export const CASES: Readonly<Record<OperationName, Case>> = {
  'agent.recheck': { params: {}, value: {}, calls: ({ agent }) => agent.calls, expected: [['recheck']] },
  'agent.simulate': { params: { on: true }, value: {}, calls: ({ agent }) => agent.calls, expected: [['simulate', true]] },
  'agent.pause': {
    params: { until_ms: 5, running_jobs: 'move' },
    value: {},
    calls: ({ agent }) => agent.calls,
    expected: [['pause', 5, 'move']],
  },
  'agent.resume': { params: {}, value: {}, calls: ({ agent }) => agent.calls, expected: [['resume']] },
  'agent.measure_model': {
    params: { model_id: 'org/model:7b' },
    value: {},
    calls: ({ agent }) => agent.calls,
    expected: [['measureModel', 'org/model:7b']],
  },
  'agent.dismiss_notice': { params: { id: 'n1' }, value: {}, calls: ({ agent }) => agent.calls, expected: [['dismissNotice', 'n1']] },
  'agent.contribution': { params: {}, value: contribution, calls: ({ agent }) => agent.calls, expected: [['contribution']] },
  'gpu.history': { params: { range: '24h' }, value: history('24h'), calls: ({ agent }) => agent.calls, expected: [['gpuHistory', '24h']] },
  'gpu.processes': { params: {}, value: processes, calls: ({ agent }) => agent.calls, expected: [['gpuProcesses']] },
  'gpu.offer': {
    params: { key: 'GPU-a', offered: true, vram_limit_gb: 16 },
    value: {},
    calls: ({ agent, settings }) => [agent.calls, settings.calls],
    expected: [[['offerGpu', { key: 'GPU-a', offered: true, vram_limit_gb: 16 }]], [['set', [{ key: 'agent.gpus', value: ['GPU-a'] }]]]],
  },
  ...OWN_MODEL_CASES,
  'host.start': {
    params: { scope: 'lan', announce: false },
    value: {},
    calls: ({ host, agent }) => [host.calls, agent.calls],
    expected: [[['start', 'lan', { plainHttpApi: undefined, announce: false }]], [toHost]],
  },
  'host.restart': { params: {}, value: {}, calls: ({ host }) => host.calls, expected: [['restart']] },
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
  'pools.list': {
    params: {},
    value: {
      pools: [
        { pool_id: REMEMBERED_ID, kind: 'joined', name: null, address: 'lab-b:7080', pin: null, is_current: false, last_used_at: 5 },
        { pool_id: 'own', kind: 'own', name: null, address: null, pin: null, is_current: false, last_used_at: null },
      ],
    },
  },
  'pools.test': {
    params: { pool_id: REMEMBERED_ID },
    value: { steps: [{ step: 'address', outcome: 'passed', code: null, details: { host: 'x' }, duration_ms: 1 }] },
  },
  'pools.switch': {
    params: { pool_id: REMEMBERED_ID },
    value: {},
    calls: ({ agent }) => agent.calls,
    expected: [['connectTo', { url: 'wss://lab-b:7080', joinToken: 'old', pin: null }]],
  },
  'pools.forget': {
    params: { pool_id: REMEMBERED_ID },
    value: {},
    calls: ({ agent }) => agent.calls,
    expected: [['forgetMember', 'wss://lab-b:7080', null]],
  },
  'update.check': { params: {}, value: {}, calls: ({ update }) => update.calls, expected: ['check'] },
  'update.download': { params: {}, value: {}, calls: ({ update }) => update.calls, expected: ['download'] },
  'update.cancel': { params: {}, value: {}, calls: ({ update }) => update.calls, expected: ['cancel'] },
  'update.install': { params: {}, value: {}, calls: ({ update }) => update.calls, expected: ['install'] },
  'desktop.set_look': {
    params: { language: 'zh', theme: 'dark' },
    value: {},
    calls: ({ desktop }) => desktop.calls,
    expected: [['setLook', { language: 'zh', theme: 'dark' }]],
  },
  'desktop.open_document': {
    params: { document: 'guide' },
    value: {},
    calls: ({ desktop }) => desktop.calls,
    expected: [['openDocument', 'guide']],
  },
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
  'settings.list': { params: {}, value: SETTINGS_VIEW },
  'settings.set': {
    params: { key: 'server.tls_cert_file', value: '/c.pem', with: [{ key: 'server.tls_key_file', value: '/k.pem' }] },
    value: settingViewOf('server.tls_cert_file'),
    calls: ({ settings }) => settings.calls,
    expected: [
      [
        'set',
        [
          { key: 'server.tls_cert_file', value: '/c.pem' },
          { key: 'server.tls_key_file', value: '/k.pem' },
        ],
      ],
    ],
  },
  'settings.open_folder': {
    params: { folder: 'logs' },
    value: {},
    calls: ({ settings }) => settings.calls,
    expected: [['openFolder', 'logs']],
  },
  'settings.choose_path': {
    params: { key: 'agent.model_folders' },
    value: { path: '/models' },
    calls: ({ settings }) => settings.calls,
    expected: [['choosePath', 'agent.model_folders']],
  },
  'settings.reset': {
    params: { key: 'agent.name' },
    value: settingViewOf('agent.name'),
    calls: ({ settings }) => settings.calls,
    expected: [['set', [{ key: 'agent.name', value: null }]]],
  },
  'logs.read': {
    params: { level: 'warn', node_id: 'node-A', before: 'app:1:120' },
    value: LOG_PAGE,
    calls: ({ logs }) => logs.calls,
    expected: [['read', { level: 'warn', node_id: 'node-A', before: 'app:1:120', limit: 200 }]],
  },
  'diagnostics.preview': {
    params: {},
    value: PREVIEW,
    calls: ({ logs }) => logs.calls,
    expected: [
      [
        'preview',
        [
          'versions.json',
          'settings.json',
          'agent.json',
          'network.json',
          'host.json',
          'pool.json',
          'nodes.json',
          'jobs.json',
          'failures.json',
        ],
      ],
    ],
  },
  'diagnostics.save': { params: { id: 'p1' }, value: SAVED, calls: ({ logs }) => logs.calls, expected: [['save', 'p1']] },
  'members.list': { params: {}, value: { members: [memberView('mem-1')] } },
  'members.update': {
    params: { id: 'mem-1', roles: ['node', 'viewer'], models: null },
    value: memberView('mem-1'),
    calls: ({ trust }) => trust.calls,
    expected: [['updateMember', 'mem-1', { roles: ['node', 'viewer'], models: null }]],
  },
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
  'keys.update': {
    params: { id: 'key-1', roles: ['viewer'], models: ['m'], limits: { tokens_per_day: 5, priority: 'low', max_queued: null } },
    value: keyView('key-1'),
    calls: ({ trust }) => trust.calls,
    expected: [
      ['updateKey', 'key-1', { roles: ['viewer'], models: ['m'], limits: { tokens_per_day: 5, priority: 'low', max_queued: null } }],
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
    params: { id: '00ff', roles: ['node', 'client'] },
    value: joinRequest({ id: '00ff', approved: true }),
    calls: ({ trust }) => trust.calls,
    expected: [['approveJoin', '00ff', ['node', 'client']]],
  },
  'join_requests.deny': { params: { id: '00ff' }, value: {}, calls: ({ trust }) => trust.calls, expected: [['denyJoin', '00ff']] },
  ...POOL_CASES,
};
