import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AppEvent, applyAppEvents, stateOf } from '../../../../src/shared/api/app-state';
import { nodeView, poolSummary } from '../../../fixtures/app-states/nodes';
import { appState, hosting } from '../../../fixtures/app-states/states';

const node = (id: string, name = id): AppEvent => ({ type: 'node', node: nodeView('ready', { node_id: id, name }) });
const removed = (id: string): AppEvent => ({ type: 'node_removed', node_id: id });

describe('applyAppEvents', () => {
  test('events before the first snapshot -> null', () => {
    expect(applyAppEvents(null, [node('a'), { type: 'agent', agent: null }])).toBeNull();
  });

  test('snapshot within a message -> earlier events dropped, later events applied', () => {
    const snapshot: AppEvent = { type: 'snapshot', state: appState({ pool: poolSummary() }) };
    const state = applyAppEvents(stateOf(hosting()), [node('a'), snapshot, node('b')]);
    expect([...(state?.nodes.keys() ?? [])]).toEqual(['b']);
  });

  test('pool removed -> its nodes removed', () => {
    const state = applyAppEvents(stateOf(hosting()), [node('a'), { type: 'pool', pool: null }]);
    expect([state?.pool, state?.nodes.size]).toEqual([null, 0]);
  });

  test('any event -> the previous state is unchanged', () => {
    const before = stateOf(hosting());
    const ids = [...before.nodes.keys()];
    applyAppEvents(before, [node('a'), removed('node-5C0FFEE1'), { type: 'pool', pool: null }]);
    expect([...before.nodes.keys()]).toEqual(ids);
  });

  test('no event of a node -> the same nodes object', () => {
    const before = stateOf(hosting());
    expect(applyAppEvents(before, [{ type: 'agent', agent: null }])?.nodes).toBe(before.nodes);
  });

  test.each(['__proto__', 'constructor', '7'])('node id %s -> added', (id) => {
    const state = applyAppEvents(stateOf(appState()), [node(id)]);
    expect(state?.nodes.get(id)?.node_id).toBe(id);
  });

  test('one message of n events -> same state as n messages of one event', () => {
    const id = fc.constantFrom('a', 'b', 'c', 'd');
    const event: fc.Arbitrary<AppEvent> = fc.oneof(
      { weight: 6, arbitrary: fc.tuple(id, fc.constantFrom('x', 'y')).map(([some, name]) => node(some, name)) },
      { weight: 3, arbitrary: id.map(removed) },
      fc.constant<AppEvent>({ type: 'pool', pool: null }),
      fc.constant<AppEvent>({ type: 'pool', pool: poolSummary() }),
      fc.constant<AppEvent>({ type: 'snapshot', state: hosting() }),
      fc.constant<AppEvent>({ type: 'host', host: null }),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), (events) => {
        const start = stateOf(appState());
        const single = events.reduce<typeof start | null>((state, one) => applyAppEvents(state, [one]), start);
        expect(applyAppEvents(start, events)).toEqual(single);
      }),
    );
  });
});
