// One contract, all transports: AppApi behaves in the same way in process, in the window and in the browser.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type AppApi, OPERATIONS, type OperationName } from '../../src/shared/api/app-api';
import { stateOf } from '../../src/shared/api/app-state';
import { fail } from '../../src/shared/result';
import { nodeView, poolSummary, RecordingListener } from '../support/app-fakes';
import { rememberedIdOf } from '../../src/main/app-api/joined-choice';
import { joinRequest } from '../support/trust-fakes';
import { CASES } from './operations';
import { type Program, REMEMBERED, TRANSPORTS } from './transports';

/** A call of a faulty or hostile caller. */
const callAnything = (api: AppApi, name: string, params: unknown) => api.call(name as OperationName, params as never);

describe.each(TRANSPORTS)('AppApi %s: refused before any service', (_name, open) => {
  let program: Program;
  beforeAll(async () => {
    program = await open();
  });
  afterAll(() => program.close());

  test.each<[string, object, string]>([
    ['pool.drain', {}, 'node_id'],
    ['pool.drain', { node_id: '../x' }, 'node_id'],
    ['pool.drain', { node_id: 'node-A', timeout_seconds: -1 }, 'timeout_seconds'],
    ['agent.pause', { until_ms: 'soon', running_jobs: 'finish' }, 'until_ms'],
    ['agent.pause', { until_ms: null, running_jobs: 'wait' }, 'running_jobs'],
    ['agent.pause', { running_jobs: 'finish' }, 'until_ms'],
    ['agent.recheck', { extra: 1 }, ''],
    ['agent.simulate', {}, 'on'],
    ['agent.measure_model', { model_id: '' }, 'model_id'],
    ['gpu.history', { range: '2h' }, 'range'],
    ['gpu.offer', { key: '' }, 'key'],
    ['gpu.offer', { key: 'GPU-a', vram_limit_gb: 0 }, 'vram_limit_gb'],
    ['models.download', { model_id: '--insecure x' }, 'model_id'],
    ['models.remove', { model_id: '' }, 'model_id'],
    ['models.control', { model_id: 'm', action: 'erase' }, 'action'],
    ['models.share', { model_id: 'm' }, 'shared'],
    ['host.start', { scope: 'world' }, 'scope'],
    ['join.connect', { address: '' }, 'address'],
    ['pools.switch', { pool_id: '../x' }, 'pool_id'],
    ['pools.forget', {}, 'pool_id'],
    ['host.start', { scope: 'lan', announce: 'yes' }, 'announce'],
    ['nearby.join', { pool_id: '../x' }, 'pool_id'],
    ['nearby.confirm', {}, 'same'],
    ['settings.set', { key: 'server.port' }, 'value'],
    ['settings.set', { key: '../x', value: 1 }, 'key'],
    ['settings.set', { key: 'agent.name', value: { toml: 1 } }, 'value'],
    ['settings.set', { key: 'agent.name', value: 'x'.repeat(4097) }, 'value'],
    ['settings.reset', {}, 'key'],
    ['logs.read', { level: 'trace' }, 'level'],
    ['logs.read', { before: '../x:1:1' }, 'before'],
    ['logs.read', { limit: 501 }, 'limit'],
    ['diagnostics.save', {}, 'id'],
    ['members.update', { id: 'mem-1', roles: [] }, 'roles'],
    ['members.revoke', { id: '' }, 'id'],
    ['invites.create', { roles: [] }, 'roles'],
    ['keys.create', { name: 'a\u001b[2J' }, 'name'],
    ['audit.list', { limit: 1001 }, 'limit'],
    ['join_requests.approve', { id: '..' }, 'id'],
    ['pool.explain', { required_models: [''] }, 'required_models[0]'],
    ['pool.usage', { from: '2026-11-31' }, 'from'],
    ['pool.usage', { by: 'node', key: 'k1' }, 'key'],
    ['pool.export_usage', { by: 'hour' }, 'by'],
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
    const { agent, host, pool, trust, nearby, settings, logs } = program;
    expect([agent, host, pool, trust, nearby, settings, logs].flatMap(({ calls }) => calls)).toEqual([]);
  });

  test.each(['agent.explode', 'constructor', '__proto__', 'toString'])('%s -> NOT_FOUND', async (name) => {
    expect(await callAnything(program.api, name, {})).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } });
  });
});

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

  test('failed outcome: code and numbers arrive', async () => {
    const error = { code: 'INVALID_STATE', message: 'no', details: { status: 'offline', seconds: 1.5 } };
    program.pool.outcome = fail(error);
    expect(await program.api.call('pool.drain', { node_id: 'node-A' })).toEqual({ ok: false, error });
  });

  test('setting refused -> the key, the problem and its reason', async () => {
    const refused = { key: 'agent.name', problem: 'file_read_only', related: null, reason: '/srv/config.toml' };
    program.settings.outcome = fail({ code: 'SETTING_REFUSED', message: 'the setting was not changed', details: refused });
    expect(await program.api.call('settings.set', { key: 'agent.name', value: 'x' })).toMatchObject({
      ok: false,
      error: { code: 'SETTING_REFUSED', details: refused },
    });
  });

  test('unknown model -> NOT_FOUND with its id', async () => {
    program.agent.measurable = [];
    expect(await program.api.call('agent.measure_model', { model_id: 'x' })).toMatchObject({
      ok: false,
      error: { code: 'NOT_FOUND', details: { model_id: 'x' } },
    });
  });

  test('simulated GPU in a pool of others -> INVALID_STATE; back to the real hardware is always possible', async () => {
    await program.api.call('pools.switch', { pool_id: rememberedIdOf(REMEMBERED) });
    expect(await program.api.call('agent.simulate', { on: true })).toMatchObject({
      ok: false,
      error: { code: 'INVALID_STATE', details: { reason: 'in_pool_of_others' } },
    });
    expect(await program.api.call('agent.simulate', { on: false })).toMatchObject({ ok: true });
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
