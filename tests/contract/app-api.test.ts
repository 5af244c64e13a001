// One contract, all transports: AppApi behaves in the same way in process, in the window and in the browser.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type AppApi, OPERATIONS, type OperationName } from '../../src/shared/api/app-api';
import { stateOf } from '../../src/shared/api/app-state';
import { jobSummarySchema } from '../../src/shared/api/job';
import { fail } from '../../src/shared/result';
import {
  inviteView,
  joinRequest,
  keyView,
  memberView,
  NETWORK_REPORT,
  nodeView,
  poolSummary,
  RecordingListener,
} from '../support/app-fakes';
import { jobView, succeededJob } from '../support/job-views';
import { type Program, TRANSPORTS } from './transports';

/** For each operation: params, the result, and the calls of its service. */
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
const CASES: Readonly<Record<OperationName, Case>> = {
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
    calls: ({ agent }) => agent.calls,
    expected: [['connectTo', { url: 'wss://lab-a:7080', joinToken: 't', pin: null }]],
  },
  'join.leave': { params: {}, value: {}, calls: ({ agent }) => agent.calls, expected: [['connectTo', null]] },
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
  'pool.node': {
    params: { node_id: 'node-A' },
    value: nodeView('node-A'),
    calls: ({ pool }) => pool.calls,
    expected: [['node', 'node-A']],
  },
  'pool.models': { params: {}, value: { models: [{ model_id: 'llm-a', kind: 'llm', tasks: null }] } },
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

/** A call of a faulty or hostile caller. */
const callAnything = (api: AppApi, name: string, params: unknown) => api.call(name as OperationName, params as never);

describe.each(TRANSPORTS)('AppApi %s', (_name, open) => {
  let program: Program;
  beforeEach(async () => {
    program = await open();
  });
  afterEach(() => program.close());

  test.each(Object.keys(OPERATIONS) as OperationName[])('%s: calls its service, returns the result', async (name) => {
    const { params, value, calls, expected } = CASES[name];
    expect(await callAnything(program.api, name, params)).toEqual({ ok: true, value });
    expect(calls?.(program)).toEqual(expected);
  });

  test.each<[string, object, string]>([
    ['pool.drain', {}, 'node_id'],
    ['pool.drain', { node_id: '../x' }, 'node_id'],
    ['pool.drain', { node_id: 'node-A', timeout_seconds: -1 }, 'timeout_seconds'],
    ['agent.drain', { timeout_seconds: 'soon' }, 'timeout_seconds'],
    ['agent.recheck', { extra: 1 }, ''],
    ['agent.measure_model', { model_id: '' }, 'model_id'],
    ['host.start', { scope: 'world' }, 'scope'],
    ['join.connect', { address: '' }, 'address'],
    ['host.start', { scope: 'lan', announce: 'yes' }, 'announce'],
    ['nearby.join', { pool_id: '../x' }, 'pool_id'],
    ['nearby.confirm', {}, 'same'],
    ['members.revoke', { id: '' }, 'id'],
    ['invites.create', { roles: ['client'] }, 'roles'],
    ['keys.create', { name: 'a\u001b[2J' }, 'name'],
    ['audit.list', { limit: 1001 }, 'limit'],
    ['join_requests.approve', { id: '..' }, 'id'],
    ['pool.explain', { required_models: [''] }, 'required_models[0]'],
    ['pool.jobs', { limit: 101 }, 'limit'],
    ['pool.jobs', { status: 'lost' }, 'status'],
    ['pool.jobs', { cursor: '1; DROP' }, 'cursor'],
    ['pool.job', { job_id: '' }, 'job_id'],
    ['pool.job_content', { job_id: 'x'.repeat(129) }, 'job_id'],
    ['pool.cancel_job', {}, 'job_id'],
  ])('%s with %j -> INVALID_REQUEST with the field, no service is called', async (name, params, field) => {
    expect(await callAnything(program.api, name, params)).toMatchObject({
      ok: false,
      error: { code: 'INVALID_REQUEST', details: { field } },
    });
    const { agent, host, pool, trust, nearby } = program;
    expect([agent, host, pool, trust, nearby].flatMap(({ calls }) => calls)).toEqual([]);
  });

  test.each(['agent.explode', 'constructor', '__proto__', 'toString'])('%s -> NOT_FOUND', async (name) => {
    expect(await callAnything(program.api, name, {})).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } });
  });

  test('failed outcome: code and numbers arrive', async () => {
    const error = { code: 'INVALID_STATE', message: 'no', details: { status: 'offline', seconds: 1.5 } };
    program.pool.outcome = fail(error);
    expect(await program.api.call('pool.drain', { node_id: 'node-A' })).toEqual({ ok: false, error });
  });

  test('unknown model -> NOT_FOUND with its id', async () => {
    program.agent.measurable = [];
    expect(await program.api.call('agent.measure_model', { model_id: 'x' })).toMatchObject({
      ok: false,
      error: { code: 'NOT_FOUND', details: { model_id: 'x' } },
    });
  });

  test('service missing -> NOT_AVAILABLE_HERE', async () => {
    program.service.setPool(null);
    expect(await program.api.call('pool.exclusions', {})).toMatchObject({ ok: false, error: { code: 'NOT_AVAILABLE_HERE' } });
  });

  test('subscriber: snapshot first, then changes, same state at the end', async () => {
    const listener = new RecordingListener();
    const stop = program.api.subscribe(listener);
    await vi.waitFor(() => {
      expect(listener.state).toEqual(stateOf(program.service.state()));
    });
    expect(listener.types()[0]).toBe('snapshot');
    expect(listener.connections.at(-1)).toBe('open');

    program.agent.change({ name: 'renamed' });
    program.pool.subject.publish({ type: 'node_changed', node: nodeView('node-A') });
    program.pool.subject.publish({ type: 'node_changed', node: nodeView('node-B') });
    program.pool.subject.publish({ type: 'node_removed', node_id: 'node-A', reason_code: 'node_left' });
    program.pool.subject.publish({ type: 'pool_changed', pool: poolSummary({ required_models: ['m'] }) });
    program.host.change({ state: 'running', url: 'http://127.0.0.1:1' });
    await vi.waitFor(() => {
      expect(listener.state).toEqual(stateOf(program.service.state()));
    });
    expect(listener.state).toMatchObject({
      agent: { name: 'renamed' },
      host: { state: 'running' },
      pool: { required_models: ['m'] },
    });
    expect([...(listener.state?.nodes.keys() ?? [])]).toEqual(['node-B']);

    program.pool.subject.publish({ type: 'join_requests', join_requests: [joinRequest()] });
    program.nearby.change({ is_browsing: true });
    await vi.waitFor(() => {
      expect(listener.state).toMatchObject({ join_requests: [{ digits: '123456' }], nearby: { is_browsing: true } });
    });
    program.service.setPool(null);
    await vi.waitFor(() => {
      expect(listener.state).toMatchObject({ join_requests: [], pool: null });
    });
    stop();
  });

  test('changes gathered -> one message', async () => {
    const listener = new RecordingListener();
    const stop = program.api.subscribe(listener);
    await vi.waitFor(() => {
      expect(listener.types()).toEqual(['snapshot']);
    });
    for (let id = 0; id < 100; id++) program.pool.subject.publish({ type: 'node_changed', node: nodeView(`node-${String(id)}`) });
    await vi.waitFor(() => {
      expect(listener.state?.nodes.size).toBe(100);
    });
    expect(listener.messages.map((events) => events.length)).toEqual([1, 100]);
    stop();
  });

  test('stream lost -> a snapshot with the changes meanwhile, then changes', async () => {
    const listener = new RecordingListener();
    const first = program.api.subscribe(listener);
    program.pool.subject.publish({ type: 'node_changed', node: nodeView('node-A') });
    await vi.waitFor(() => {
      expect(listener.state).toEqual(stateOf(program.service.state()));
    });
    const before = listener.events.length;

    const stop = program.interrupt(listener, first);
    program.pool.subject.publish({ type: 'node_removed', node_id: 'node-A', reason_code: 'node_left' });
    program.pool.subject.publish({ type: 'node_changed', node: nodeView('node-B') });
    await vi.waitFor(() => {
      expect(listener.types()[before]).toBe('snapshot');
      expect([...(listener.state?.nodes.keys() ?? [])]).toEqual(['node-B']);
    });
    expect(listener.connections.at(-1)).toBe('open');

    program.agent.change({ name: 'renamed' });
    await vi.waitFor(() => {
      expect(listener.state).toEqual(stateOf(program.service.state()));
    });
    stop();
  });

  test('two subscribers get the same; unsubscribed -> no more events', async () => {
    const [unsubscribed, subscribed] = [new RecordingListener(), new RecordingListener()];
    const [stopFirst, stopSecond] = [program.api.subscribe(unsubscribed), program.api.subscribe(subscribed)];
    await vi.waitFor(() => {
      expect([unsubscribed.events.length, subscribed.events.length]).toEqual([1, 1]);
    });
    stopFirst();
    program.agent.change({ name: 'renamed' });
    await vi.waitFor(() => {
      expect(subscribed.state?.agent?.name).toBe('renamed');
    });
    expect(unsubscribed.events).toHaveLength(1);
    stopSecond();
  });
});

test('operations: every one has a case', () => {
  expect(Object.keys(CASES)).toEqual(Object.keys(OPERATIONS));
});

test.each(TRANSPORTS.filter(([name]) => name === 'over HTTP'))(
  'program stopped, %s -> DISCONNECTED, subscribers get "lost"',
  async (_name, open) => {
    const program = await open();
    const listener = new RecordingListener();
    const stop = program.api.subscribe(listener);
    await vi.waitFor(() => {
      expect(listener.connections).toContain('open');
    });
    await program.close();
    expect(await program.api.call('agent.resume', {})).toMatchObject({ ok: false, error: { code: 'DISCONNECTED' } });
    await vi.waitFor(() => {
      expect(listener.connections.at(-1)).toBe('lost');
    });
    stop();
  },
);
