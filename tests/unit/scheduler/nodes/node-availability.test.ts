// Changes of the availability of many nodes at once.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { DEFAULT_DISPATCH_POLICY } from '../../../../src/main/scheduler/dispatch/policy';
import { DEFAULT_LIFECYCLE_POLICY } from '../../../../src/main/scheduler/lifecycle/policy';
import { NodeAvailability } from '../../../../src/main/scheduler/nodes/node-availability';
import { NodeRegistry } from '../../../../src/main/scheduler/nodes/node-registry';
import { silentLogger } from '../../../../src/main/platform/logger';
import type { NodeRecord } from '../../../../src/main/scheduler/lifecycle/node-record';
import { ManualClock } from '../../../support/manual-clock';
import { KeptLog } from '../../../support/test-scheduler';
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

const LEVELS: readonly (readonly [string, Partial<NodeRecord>, 'info' | 'warn'])[] = [
  ['busy', { assignedJobs: 64 }, 'info'],
  ['disconnected', { online: false }, 'warn'],
  ['degraded', { status: 'degraded', reasonCode: 'health_check_failed' }, 'warn'],
  ['offline after a heartbeat timeout', { status: 'offline', reasonCode: 'heartbeat_timeout', online: false }, 'warn'],
  ['offline after a drain', { status: 'offline', reasonCode: 'drain_complete', online: false }, 'info'],
  ['asleep', { status: 'offline', reasonCode: 'asleep', online: false, isAsleep: true }, 'info'],
  ['quarantined', { quarantine: { by: 'operator', reason: null, since: { wallMs: 1, monotonicMs: 1 } } }, 'warn'],
];

test.each(LEVELS)('node of the pool becomes %s -> level in the log', async (_, change, level) => {
  const { log, keep, availability } = announcing();
  keep(aRecord());
  await availability.announce();
  keep(aRecord(change));
  await availability.announce();
  expect(log.lines.map((line) => line.level)).toEqual(['info', level]);
});

test('scheduler starts with a node that is not connected yet -> no warning', async () => {
  const { log, keep, availability } = announcing();
  keep(aRecord({ online: false }));
  await availability.announce();
  expect(log.lines.map(({ level, fields }) => [level, fields['to']])).toEqual([['info', 'disconnected']]);
});

function announcing() {
  const registry = new NodeRegistry(DEFAULT_LIFECYCLE_POLICY, DEFAULT_DISPATCH_POLICY);
  const log = new KeptLog();
  const availability = new NodeAvailability({ registry, clock: new ManualClock(), logger: log, push: () => undefined });
  const keep = (record: NodeRecord): void => {
    registry.keep(registry.get(record.nodeId) ?? null, record);
    availability.update(record);
  };
  return { log, keep, availability };
}
