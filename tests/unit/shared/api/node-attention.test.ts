// Which nodes need attention.
import { expect, test } from 'vitest';
import { nodeAttention } from '../../../../src/shared/api/node-attention';
import { nodeInEachState } from '../../../fixtures/app-states/node-states';
import { MINUTE, NOW } from '../../../fixtures/app-states/moment';
import { nodeView } from '../../../fixtures/app-states/nodes';

test('nodes that need attention: degraded, disconnected, and offline after a heartbeat timeout; not asleep, paused or stopped', () => {
  const found = nodeInEachState().flatMap((node) => {
    const need = nodeAttention(node, NOW + 5 * MINUTE);
    return need === null ? [] : [[node.name, need]];
  });
  expect(found).toEqual([
    ['degraded-1', 'failing'],
    ['disconnected-1', 'lost'],
    ['offline-2', 'lost'],
  ]);
});

test('a registering node needs attention when a check still fails a minute after it has registered', () => {
  const { health } = nodeView('degraded');
  const registeredFor = (ms: number, change: Parameters<typeof nodeView>[1]) =>
    nodeAttention(nodeView('registering', { since: NOW - ms, ...change }), NOW);
  expect(registeredFor(5 * MINUTE, {})).toBeNull();
  expect([registeredFor(MINUTE - 1, { health }), registeredFor(MINUTE, { health })]).toEqual([null, 'failing']);
});

test('a node without a heartbeat is lost after 5 minutes; one that never sent one is not', () => {
  const found = nodeInEachState().find(({ name }) => name === 'disconnected-1');
  const silentFor = (ms: number | null) =>
    found === undefined ? null : nodeAttention({ ...found, last_heartbeat_at: ms === null ? null : NOW - ms }, NOW);
  expect([silentFor(5 * MINUTE - 1), silentFor(5 * MINUTE), silentFor(null)]).toEqual([null, 'lost', null]);
});
