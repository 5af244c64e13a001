// Which nodes need attention.
import { expect, test } from 'vitest';
import { nodeAttention } from '../../../../src/shared/api/node-attention';
import { nodeInEachState } from '../../../fixtures/app-states/node-states';
import { nodeView } from '../../../fixtures/app-states/nodes';

test('nodes that need attention: degraded, disconnected, and offline after a heartbeat timeout; not asleep, paused or stopped', () => {
  const found = nodeInEachState().flatMap((node) => {
    const need = nodeAttention(node);
    return need === null ? [] : [[node.name, need]];
  });
  expect(found).toEqual([
    ['degraded-1', 'failing'],
    ['disconnected-1', 'lost'],
    ['offline-2', 'lost'],
  ]);
});

test('a registering node needs attention once a check has failed', () => {
  expect(nodeAttention(nodeView('registering'))).toBeNull();
  expect(nodeAttention(nodeView('registering', { health: nodeView('degraded').health }))).toBe('failing');
});
