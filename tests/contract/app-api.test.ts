// One contract, three transports: whatever is true of AppApi in the program is true of it in the window and in the browser.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type AppApi, OPERATIONS, type OperationName } from '../../src/shared/api/app-api';
import { jobSummarySchema } from '../../src/shared/api/job';
import { fail } from '../../src/shared/result';
import { nodeView, poolSummary, RecordingListener } from '../support/app-fakes';
import { jobView, succeededJob } from '../support/job-views';
import { type Program, TRANSPORTS } from './transports';

/** Of each operation: params, the result, and what its part was told. */
interface Case {
  readonly params: object;
  readonly value: object;
  readonly told?: (program: Program) => unknown;
  readonly tells?: unknown;
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
  'agent.recheck': { params: {}, value: {}, told: ({ agent }) => agent.calls, tells: [['recheck']] },
  'agent.drain': { params: { timeout_seconds: 5 }, value: {}, told: ({ agent }) => agent.calls, tells: [['drain', 5]] },
  'agent.resume': { params: {}, value: {}, told: ({ agent }) => agent.calls, tells: [['resume']] },
  'agent.measure_model': {
    params: { model_id: 'org/model:7b' },
    value: {},
    told: ({ agent }) => agent.calls,
    tells: [['measureModel', 'org/model:7b']],
  },
  'agent.dismiss_notice': { params: { id: 'n1' }, value: {}, told: ({ agent }) => agent.calls, tells: [['dismissNotice', 'n1']] },
  'host.start': {
    params: { scope: 'lan' },
    value: {},
    told: ({ host, agent }) => [host.calls, agent.calls],
    tells: [[['start', 'lan']], [toHost]],
  },
  'host.stop': { params: {}, value: {}, told: ({ host }) => host.calls, tells: [['stop']] },
  'join.test': {
    params: { address: 'x' },
    value: { steps: [{ step: 'address', outcome: 'failed', code: 'host_invalid', details: { host: 'x' }, duration_ms: 1 }] },
  },
  'join.connect': {
    params: { address: ' lab-a ', token: 't' },
    value: {},
    told: ({ agent }) => agent.calls,
    tells: [['connectTo', { url: 'ws://lab-a:7080', joinToken: 't' }]],
  },
  'join.leave': { params: {}, value: {}, told: ({ agent }) => agent.calls, tells: [['connectTo', null]] },
  'pool.drain': {
    params: { node_id: 'node-A', reason: '维护' },
    value: nodeView('node-A'),
    told: ({ pool }) => pool.calls,
    tells: [['drain', 'node-A', { reason: '维护' }]],
  },
  'pool.resume': {
    params: { node_id: 'node-A' },
    value: nodeView('node-A'),
    told: ({ pool }) => pool.calls,
    tells: [['resume', 'node-A']],
  },
  'pool.remove': { params: { node_id: 'node-A' }, value: {}, told: ({ pool }) => pool.calls, tells: [['remove', 'node-A']] },
  'pool.explain': {
    params: {},
    value: { chosen: 'node-A', nodes_total: 1, reasons: {}, nodes: [{ node_id: 'node-A', excluded: [] }] },
    told: ({ pool }) => pool.calls,
    tells: [['explain', { required_models: [], public: true, node_limit: 50 }]],
  },
  'pool.exclusions': { params: {}, value: { since: 1, reasons: { gpu_unavailable: { count: 2, examples: ['node-B'] } } } },
  'pool.reset_exclusions': { params: {}, value: {}, told: ({ pool }) => pool.calls, tells: [['resetExclusions']] },
  'pool.jobs': {
    params: { status: 'queued', cursor: '9' },
    value: { jobs: [jobSummary], next_cursor: '7', open: { queued: 1, assigned: 0, running: 0 } },
    told: ({ pool }) => pool.calls,
    tells: [['jobs', { status: 'queued', limit: 50, cursor: '9' }]],
  },
  'pool.job': { params: { job_id: 'job-2' }, value: shownJob, told: ({ pool }) => pool.calls, tells: [['job', 'job-2']] },
  'pool.job_content': {
    params: { job_id: 'job-2' },
    value: { content: { kind: 'text', text: 'hola', characters: 4 }, program_output: null },
    told: ({ pool }) => pool.calls,
    tells: [['job', 'job-2']],
  },
  'pool.cancel_job': { params: { job_id: 'job-2' }, value: {}, told: ({ pool }) => pool.calls, tells: [['cancelJob', 'job-2']] },
};

/** A call as a faulty or hostile caller may make it. */
const callAnything = (api: AppApi, name: string, params: unknown) => api.call(name as OperationName, params as never);

describe.each(TRANSPORTS)('AppApi %s', (_name, open) => {
  let program: Program;
  beforeEach(async () => {
    program = await open();
  });
  afterEach(() => program.close());

  test.each(Object.keys(OPERATIONS) as OperationName[])('%s tells its part and answers with the result', async (name) => {
    const { params, value, told, tells } = CASES[name];
    expect(await callAnything(program.api, name, params)).toEqual({ ok: true, value });
    expect(told?.(program)).toEqual(tells);
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
    ['pool.explain', { required_models: [''] }, 'required_models[0]'],
    ['pool.jobs', { limit: 101 }, 'limit'],
    ['pool.jobs', { status: 'lost' }, 'status'],
    ['pool.jobs', { cursor: '1; DROP' }, 'cursor'],
    ['pool.job', { job_id: '' }, 'job_id'],
    ['pool.job_content', { job_id: 'x'.repeat(129) }, 'job_id'],
    ['pool.cancel_job', {}, 'job_id'],
  ])('%s with %j is refused by its field, and no part is told', async (name, params, field) => {
    expect(await callAnything(program.api, name, params)).toMatchObject({
      ok: false,
      error: { code: 'INVALID_REQUEST', details: { field } },
    });
    expect([program.agent.calls, program.host.calls, program.pool.calls]).toEqual([[], [], []]);
  });

  test.each(['agent.explode', 'constructor', '__proto__', 'toString'])('%s is no operation', async (name) => {
    expect(await callAnything(program.api, name, {})).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } });
  });

  test('a refusal arrives with its code and numbers', async () => {
    const error = { code: 'INVALID_STATE', message: 'no', details: { status: 'offline', seconds: 1.5 } };
    program.pool.outcome = fail(error);
    expect(await program.api.call('pool.drain', { node_id: 'node-A' })).toEqual({ ok: false, error });
  });

  test('a model that is not there is refused by its id', async () => {
    program.agent.measurable = [];
    expect(await program.api.call('agent.measure_model', { model_id: 'x' })).toMatchObject({
      ok: false,
      error: { code: 'NOT_FOUND', details: { model_id: 'x' } },
    });
  });

  test('a part that is missing now is NOT_AVAILABLE_HERE', async () => {
    program.service.setPool(null);
    expect(await program.api.call('pool.exclusions', {})).toMatchObject({ ok: false, error: { code: 'NOT_AVAILABLE_HERE' } });
  });

  test('a subscriber gets the state first, then every change, and ends with the same state', async () => {
    const listener = new RecordingListener();
    const stop = program.api.subscribe(listener);
    await vi.waitFor(() => {
      expect(listener.state).toEqual(program.service.state());
    });
    expect(listener.types()[0]).toBe('snapshot');
    expect(listener.connections.at(-1)).toBe('open');

    program.agent.change({ name: 'renamed' });
    program.pool.subject.tell({ type: 'node_changed', node: nodeView('node-A') });
    program.pool.subject.tell({ type: 'node_changed', node: nodeView('node-B') });
    program.pool.subject.tell({ type: 'node_removed', node_id: 'node-A', reason_code: 'node_left' });
    program.pool.subject.tell({ type: 'pool_changed', pool: poolSummary({ required_models: ['m'] }) });
    program.host.change({ state: 'running', url: 'http://127.0.0.1:1' });
    await vi.waitFor(() => {
      expect(listener.state).toEqual(program.service.state());
    });
    expect(listener.state).toMatchObject({
      agent: { name: 'renamed' },
      host: { state: 'running' },
      pool: { required_models: ['m'] },
      nodes: [{ node_id: 'node-B' }],
    });
    stop();
  });

  test('two subscribers are told the same, and one that stopped nothing more', async () => {
    const [gone, stays] = [new RecordingListener(), new RecordingListener()];
    const [stopGone, stopStays] = [program.api.subscribe(gone), program.api.subscribe(stays)];
    await vi.waitFor(() => {
      expect([gone.events.length, stays.events.length]).toEqual([1, 1]);
    });
    stopGone();
    program.agent.change({ name: 'renamed' });
    await vi.waitFor(() => {
      expect(stays.state?.agent?.name).toBe('renamed');
    });
    expect(gone.events).toHaveLength(1);
    stopStays();
  });
});

test('every operation of the table has a case', () => {
  expect(Object.keys(CASES)).toEqual(Object.keys(OPERATIONS));
});

test.each(TRANSPORTS.filter(([name]) => name === 'over HTTP'))(
  'a program that is gone is DISCONNECTED %s, and its subscribers hear of it',
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
