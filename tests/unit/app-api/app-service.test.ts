import { expect, test } from 'vitest';
import type { OperationName } from '../../../src/shared/api/app-api';
import { stateOf } from '../../../src/shared/api/app-state';
import { AppService, type AppServiceOptions } from '../../../src/main/app-api/app-service';
import { silentLogger } from '../../../src/main/platform/logger';
import { appInfo, FakeAgent, FakeHost, FakePool, nodeView, poolSummary, RecordingListener } from '../../support/app-fakes';
import { KeptAnswer } from '../../support/kept-answer';
import { ManualClock } from '../../support/manual-clock';

function service(options: Partial<AppServiceOptions>): AppService {
  return new AppService({ info: appInfo, clock: new ManualClock(), logger: silentLogger, ...options });
}

const needsAgent: OperationName[] = [
  'agent.recheck',
  'agent.simulate',
  'agent.pause',
  'agent.resume',
  'agent.dismiss_notice',
  'agent.contribution',
  'gpu.history',
  'gpu.processes',
  'gpu.offer',
  'models.download',
  'models.remove',
  'models.control',
  'models.share',
  'models.storage',
];
const needsPool: OperationName[] = [
  ...(['pool.drain', 'pool.resume', 'pool.remove', 'pool.explain', 'pool.exclusions', 'pool.reset_exclusions'] as const),
  ...(['pool.jobs', 'pool.job', 'pool.job_content', 'pool.cancel_job'] as const),
];
const needsMembership: OperationName[] = ['host.start', 'host.stop', 'join.test', 'join.connect', 'join.leave'];
const params: Partial<Record<OperationName, object>> = {
  'agent.simulate': { on: true },
  'agent.pause': { until_ms: null, running_jobs: 'finish' },
  'agent.dismiss_notice': { id: 'x' },
  'gpu.history': { range: '1h' },
  'gpu.offer': { key: 'x' },
  'models.download': { model_id: 'x' },
  'models.remove': { model_id: 'x' },
  'models.control': { model_id: 'x', action: 'load' },
  'models.share': { model_id: 'x', shared: true },
  'pool.drain': { node_id: 'node-A' },
  'pool.resume': { node_id: 'node-A' },
  'pool.remove': { node_id: 'node-A' },
  'pool.job': { job_id: 'job-1' },
  'pool.job_content': { job_id: 'job-1' },
  'pool.cancel_job': { job_id: 'job-1' },
  'host.start': { scope: 'lan' },
  'join.test': { address: 'host' },
  'join.connect': { address: 'host' },
};

test.each([...needsAgent, ...needsPool, ...needsMembership])('%s: service missing in this program -> NOT_AVAILABLE_HERE', async (name) => {
  const api = service({ info: { ...appInfo, can_host: false, can_join: false } });
  expect(await api.call(name, (params[name] ?? {}) as never)).toMatchObject({ ok: false, error: { code: 'NOT_AVAILABLE_HERE' } });
});

test('operation: handler throws -> logged, INTERNAL_ERROR', async () => {
  const logged: unknown[] = [];
  const agent = new FakeAgent();
  agent.recheck = () => Promise.reject(new Error('probe exploded'));
  const api = service({ agent, logger: { log: (...line) => logged.push(line), isEnabled: () => true } });
  expect(await api.call('agent.recheck', {})).toMatchObject({ ok: false, error: { code: 'INTERNAL_ERROR' } });
  expect(logged).toEqual([['error', 'app_operation_failed', { operation: 'agent.recheck', error: 'probe exploded' }]]);
});

test('setPool: new pool -> its nodes are shown; null -> pool and nodes removed', () => {
  const clock = new ManualClock();
  const api = service({ clock, agent: new FakeAgent(), host: new FakeHost() });
  const listener = new RecordingListener();
  api.subscribe(listener);
  const pool = new FakePool();
  pool.nodes = [nodeView('node-A')];
  api.setPool(pool);
  clock.advance(1000);
  expect(api.state()).toMatchObject({ pool: poolSummary(), nodes: [nodeView('node-A')] });
  expect(listener.state).toEqual(stateOf(api.state()));

  pool.subject.publish({ type: 'node_changed', node: nodeView('node-B') });
  pool.subject.publish({ type: 'node_removed', node_id: 'node-A', reason_code: 'node_left' });
  pool.subject.publish({ type: 'pool_changed', pool: poolSummary({ required_models: ['m'] }) });
  clock.advance(1000);
  expect(api.state()).toMatchObject({ pool: poolSummary({ required_models: ['m'] }), nodes: [nodeView('node-B')] });
  expect(listener.state).toEqual(stateOf(api.state()));

  api.setPool(null);
  clock.advance(1000);
  expect(listener.state).toMatchObject({ pool: null, nodes: new Map() });
  expect(listener.state).toEqual(stateOf(api.state()));
  expect(pool.subject.count).toBe(0);
});

test('setPool: replaced pool -> its events are ignored', () => {
  const [old, present] = [new FakePool(), new FakePool()];
  const api = service({ pool: old });
  api.setPool(present);
  old.subject.publish({ type: 'node_changed', node: nodeView('ghost') });
  expect(api.state().nodes).toEqual([]);
});

test('close: unsubscribes from every service', () => {
  const [agent, host, pool] = [new FakeAgent(), new FakeHost(), new FakePool()];
  service({ agent, host, pool }).close();
  expect([agent.subject.count, host.subject.count, pool.subject.count]).toEqual([0, 0, 0]);
});

test('subscribe: agent is watched while there is a subscriber', () => {
  const agent = new FakeAgent();
  const api = service({ agent });
  expect(agent.watchers).toBe(0);
  const stops = [api.subscribe(new RecordingListener()), api.subscribe(new RecordingListener())];
  expect(agent.watchers).toBe(2);
  for (const stop of stops) stop();
  expect(agent.watchers).toBe(0);
});

test('question without a pool -> NOT_AVAILABLE_HERE', async () => {
  const answer = new KeptAnswer();
  service({}).ask({ task: 'chat', model: 'm', messages: [{ role: 'user', text: 'hello' }] }, answer);
  expect(await answer.ended()).toMatchObject({ error: { code: 'NOT_AVAILABLE_HERE' } });
});
