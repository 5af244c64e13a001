import { expect, test } from 'vitest';
import { stateOf } from '../../../src/shared/api/app-state';
import { StatePublisher } from '../../../src/main/app-api/state-publisher';
import { agentView, appInfo, hostView, nodeView, poolSummary, RecordingListener } from '../../support/app-fakes';
import { ManualClock } from '../../support/manual-clock';

const EMPTY = { app: appInfo, agent: null, host: null, pool: null, join_requests: [], nearby: null, opened_link: null, update: null };

function setUp() {
  const clock = new ManualClock();
  const publisher = new StatePublisher({ app: appInfo, clock, coalesceMs: 50 });
  const listener = new RecordingListener();
  const stop = publisher.subscribe(listener);
  return { clock, publisher, listener, stop };
}

test('subscribe: a snapshot first', () => {
  const { listener } = setUp();
  expect(listener.events).toEqual([{ type: 'snapshot', state: { ...EMPTY, nodes: [] } }]);
  expect(listener.connections).toEqual(['open']);
});

test('coalescing: many changes of one node -> one event with the newest state', () => {
  const { clock, publisher, listener } = setUp();
  for (let jobs = 0; jobs < 100; jobs++) publisher.publish({ type: 'node', node: nodeView('a', { in_flight_jobs: jobs }) });
  clock.advance(49);
  expect(listener.events).toHaveLength(1);
  clock.advance(1);
  expect(listener.events.slice(1)).toEqual([{ type: 'node', node: nodeView('a', { in_flight_jobs: 99 }) }]);
});

test('coalescing: several subjects -> one message, in the order of their last changes', () => {
  const { clock, publisher, listener } = setUp();
  publisher.publish({ type: 'agent', agent: agentView() });
  publisher.publish({ type: 'node', node: nodeView('a') });
  publisher.publish({ type: 'host', host: hostView() });
  publisher.publish({ type: 'agent', agent: agentView({ name: 'later' }) });
  clock.advance(50);
  expect(listener.messages.map((events) => events.map(({ type }) => type))).toEqual([['snapshot'], ['node', 'host', 'agent']]);
});

test('coalescing: node added and removed -> node_removed', () => {
  const { clock, publisher, listener } = setUp();
  publisher.publish({ type: 'node', node: nodeView('a') });
  publisher.publish({ type: 'node_removed', node_id: 'a' });
  clock.advance(50);
  expect(listener.events.slice(1)).toEqual([{ type: 'node_removed', node_id: 'a' }]);
});

test('pool removed: nodes removed, pending node events dropped', () => {
  const { clock, publisher, listener } = setUp();
  publisher.publish({ type: 'snapshot', state: { ...publisher.current(), pool: poolSummary(), nodes: [nodeView('a')] } });
  clock.advance(50);
  publisher.publish({ type: 'node', node: nodeView('b') });
  publisher.publish({ type: 'pool', pool: null });
  clock.advance(50);
  expect(listener.types()).toEqual(['snapshot', 'snapshot', 'pool']);
  expect(listener.state).toEqual({ ...EMPTY, nodes: new Map() });
});

test('subscribe: pending changes are in the snapshot and not sent again', () => {
  const { clock, publisher, listener } = setUp();
  publisher.publish({ type: 'node', node: nodeView('a') });
  const second = new RecordingListener();
  publisher.subscribe(second);
  clock.advance(50);
  expect(second.types()).toEqual(['snapshot']);
  expect(second.state?.nodes).toEqual(new Map([['a', nodeView('a')]]));
  expect(listener.types()).toEqual(['snapshot', 'node']);
});

test('subscriber: applies all events -> has the state of the publisher', () => {
  const { clock, publisher, listener } = setUp();
  publisher.publish({ type: 'pool', pool: poolSummary() });
  for (const id of ['a', 'b', 'c']) publisher.publish({ type: 'node', node: nodeView(id) });
  clock.advance(50);
  publisher.publish({ type: 'node_removed', node_id: 'b' });
  publisher.publish({ type: 'node', node: nodeView('a', { status: 'degraded' }) });
  clock.advance(50);
  expect(listener.state).toEqual(stateOf(publisher.current()));
});

test('unsubscribe: no more events, and no timer without subscribers', () => {
  const { clock, publisher, listener, stop } = setUp();
  stop();
  publisher.publish({ type: 'agent', agent: agentView() });
  expect(clock.pending).toBe(0);
  expect(listener.events).toHaveLength(1);
});

test('subscribe: the same listener twice -> every event twice', () => {
  const { clock, publisher, listener } = setUp();
  publisher.subscribe(listener);
  publisher.publish({ type: 'agent', agent: agentView() });
  clock.advance(50);
  expect(listener.types()).toEqual(['snapshot', 'snapshot', 'agent', 'agent']);
});

test('headless program -> each snapshot has its addresses of now', () => {
  let lanUrls = ['https://10.9.9.1:7080'];
  const served = () => ({ shared: true, lan_urls: lanUrls, pin: null, ca_file: null, loopback_needs_key: true });
  const publisher = new StatePublisher({ app: appInfo, served, clock: new ManualClock() });
  expect(publisher.current().app).toEqual({ ...appInfo, served: served() });
  lanUrls = ['https://10.9.9.2:7080'];
  expect(publisher.current().app.served?.lan_urls).toEqual(['https://10.9.9.2:7080']);
});
