// Changes of the availability of many nodes at once.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { DEFAULT_DISPATCH_POLICY } from '../../../../src/main/scheduler/dispatch/policy';
import { DEFAULT_LIFECYCLE_POLICY } from '../../../../src/main/scheduler/lifecycle/policy';
import { NodeAvailability } from '../../../../src/main/scheduler/nodes/node-availability';
import { NodeRegistry } from '../../../../src/main/scheduler/nodes/node-registry';
import { silentLogger } from '../../../../src/main/platform/logger';
import { ManualClock } from '../../../support/manual-clock';
import { aRecord } from '../lifecycle/records';

const NODES = 1000;

test('all nodes of a large pool change -> announced in several turns of the event loop, each once', async () => {
  const registry = new NodeRegistry(DEFAULT_LIFECYCLE_POLICY, DEFAULT_DISPATCH_POLICY);
  const pushed: string[] = [];
  const push = ({ nodeId }: { readonly nodeId: string }): void => void pushed.push(nodeId);
  const availability = new NodeAvailability({ registry, clock: new ManualClock(), logger: silentLogger, push });
  const nodeIds = Array.from({ length: NODES }, (_, i) => `node-${String(i)}`);
  for (const nodeId of nodeIds) {
    const record = aRecord({ nodeId });
    registry.keep(null, record);
    availability.update(record);
  }
  const announced = availability.announce();
  expect(pushed.length).toBeLessThan(NODES / 5);
  // A second call meanwhile has nothing to announce.
  await availability.announce();
  for (let before = pushed.length; pushed.length < NODES; before = pushed.length) {
    await nextTurn();
    expect(pushed.length - before).toBeLessThan(NODES / 4);
  }
  await announced;
  expect(pushed).toEqual(nodeIds);
});
