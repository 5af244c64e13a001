// The repeated status of many nodes that registered together.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { silentLogger } from '../../../../src/main/platform/logger';
import { DEFAULT_DISPATCH_POLICY } from '../../../../src/main/scheduler/dispatch/policy';
import { NodeAvailability } from '../../../../src/main/scheduler/nodes/node-availability';
import type { NodeLink } from '../../../../src/main/scheduler/nodes/node-link';
import { NodeRegistry } from '../../../../src/main/scheduler/nodes/node-registry';
import { StatusPushes } from '../../../../src/main/scheduler/pool/status-pushes';
import { ManualClock } from '../../../support/manual-clock';
import { aRecord, POLICY } from '../lifecycle/records';

const NODES = 1000;
const INTERVAL_MS = 30_000;

test('all nodes of a large pool are due -> their statuses are sent in several turns of the event loop, each once', async () => {
  const clock = new ManualClock();
  const registry = new NodeRegistry(POLICY, DEFAULT_DISPATCH_POLICY);
  const availability = new NodeAvailability({ registry, clock, logger: silentLogger, push: () => undefined });
  const sent: string[] = [];
  const linkOf = (nodeId: string): NodeLink => ({ send: () => sent.push(nodeId) }) as unknown as NodeLink;
  const pushes = new StatusPushes({ intervalMs: INTERVAL_MS, policy: POLICY, clock, registry, availability, linkOf });
  const nodeIds = Array.from({ length: NODES }, (_, i) => `node-${String(i)}`);
  for (const nodeId of nodeIds) {
    registry.keep(null, aRecord({ nodeId }));
    pushes.start(nodeId);
  }
  clock.advance(INTERVAL_MS);
  const repeated = pushes.repeatDue(clock.monotonicMs());
  expect(sent.length).toBeLessThan(NODES / 4);
  await pushes.repeatDue(clock.monotonicMs());
  for (let before = sent.length; sent.length < NODES; before = sent.length) {
    await nextTurn();
    expect(sent.length - before).toBeLessThan(NODES / 4);
  }
  await repeated;
  expect(sent).toEqual(nodeIds);
});
