// The status of this computer, as sent to it and as the pool has it: the newer one counts in both places.
import { describe, expect, test } from 'vitest';
import { type AppState, stateOf } from '../../../../src/shared/api/app-state';
import { withOneOwnState } from '../../../../src/shared/api/one-own-state';
import type { NodeView } from '../../../../src/shared/api/node-view';
import type { NodeStatusMessage } from '../../../../src/shared/protocol/scheduler-messages';
import { agentView } from '../../../fixtures/app-states/agents';
import { NOW, SECOND } from '../../../fixtures/app-states/moment';
import { nodeView } from '../../../fixtures/app-states/nodes';
import { appState } from '../../../fixtures/app-states/states';
import { health, statusMessage } from '../../../fixtures/app-states/statuses';

const SINCE = NOW - 8 * SECOND;
const checks = (passed: number) => health({ consecutive_successes: passed });

function stateWith(message: Partial<NodeStatusMessage>, node: Partial<NodeView>): AppState {
  const { node_id: id } = nodeView('registering');
  const sent = { ...statusMessage('registering'), node_id: id, since: SINCE, ...message };
  const agent = agentView({ node_id: id, node_status: { received_at: NOW, message: sent } });
  return stateOf(appState({ agent, nodes: [nodeView('registering', { since: SINCE, ...node })] }));
}

const shown = ({ agent, nodes }: AppState) => {
  const [node] = nodes.values();
  return [agent?.node_status?.message, node].map((known) => [known?.status, known?.health.consecutive_successes]);
};

describe('status of this computer', () => {
  test.each([
    ['the message is newer', { timestamp: NOW, health: checks(2) }, { last_heartbeat_at: NOW - SECOND, health: checks(1) }, 2],
    ['both are of the same heartbeat', { timestamp: NOW, health: checks(2) }, { last_heartbeat_at: NOW, health: checks(1) }, 2],
    ['the pool is newer', { timestamp: NOW - SECOND, health: checks(1) }, { last_heartbeat_at: NOW, health: checks(2) }, 2],
    ['a check has failed since', { timestamp: NOW, health: checks(0) }, { last_heartbeat_at: NOW - SECOND, health: checks(2) }, 0],
  ])('registering, %s -> its number of checks in both places', (_case, message, node, passed) => {
    expect(shown(withOneOwnState(stateWith(message, node)))).toEqual([
      ['registering', passed],
      ['registering', passed],
    ]);
  });

  test('ready since the later time, in the message or in the pool -> ready in both places', () => {
    const { status, reason_code: reason, availability, health: passed } = statusMessage('ready');
    const ready = { status, reason_code: reason, since: NOW, health: passed, ...(availability === undefined ? {} : { availability }) };
    for (const state of [stateWith(ready, {}), stateWith({}, ready)])
      expect(shown(withOneOwnState(state))).toEqual([
        ['ready', 40],
        ['ready', 40],
      ]);
  });

  test.each<[string, AppState]>([
    ['equal', stateWith({}, {})],
    ['the slots differ', stateWith({ in_flight_jobs: 1 }, { in_flight_jobs: 2 })],
    ['the node is not in the pool', { ...stateWith({}, {}), nodes: new Map() }],
    ['no agent', { ...stateWith({}, {}), agent: null }],
  ])('%s -> the same state', (_case, state) => {
    expect(withOneOwnState(state)).toBe(state);
  });

  test('connection lost -> the last status of the agent is old, and stays so', () => {
    const state = stateWith({ timestamp: NOW, health: checks(2) }, { last_heartbeat_at: NOW - SECOND, health: checks(1) });
    const { agent } = state;
    const lost = { ...state, agent: agent === null ? null : { ...agent, link: { state: 'idle' } as const } };
    expect(withOneOwnState(lost)).toBe(lost);
  });
});
