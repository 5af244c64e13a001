// Settings of dispatch that change while nodes are known: the registry is the same as one that had the settings from the beginning.
import { expect, test } from 'vitest';
import { choose } from '../../../../src/main/scheduler/dispatch/choose';
import { DEFAULT_DISPATCH_POLICY, type DispatchSettings, type Strategy } from '../../../../src/main/scheduler/dispatch/policy';
import { afterSample, NO_RATES } from '../../../../src/main/scheduler/lifecycle/model-rates';
import type { NodeRecord } from '../../../../src/main/scheduler/lifecycle/node-record';
import { DEFAULT_LIFECYCLE_POLICY } from '../../../../src/main/scheduler/lifecycle/policy';
import { NodeRegistry } from '../../../../src/main/scheduler/nodes/node-registry';
import { aRecord } from '../lifecycle/records';

const MODEL = 'nmt-en-zh';
const JOB = { requiredModels: [MODEL], public: true };
const STRATEGIES: readonly Strategy[] = ['predicted', 'least_connections', 'round_robin'];
const { limits, holdsJobs } = DEFAULT_DISPATCH_POLICY;
const settingsOf = (strategy: Strategy, cpuPercent: number | null = null): DispatchSettings => ({
  strategy,
  holdsJobs,
  limits: { ...limits, cpuPercent },
});

const ratesOf = (perSecond: number) =>
  afterSample(
    NO_RATES,
    MODEL,
    { inputPerSecond: perSecond, outputPerSecond: perSecond, concurrency: 1, loadSeconds: null, slowdown: null },
    0,
  );

const RECORDS: readonly NodeRecord[] = [
  aRecord({ nodeId: 'a', rates: ratesOf(10), turn: 5 }),
  aRecord({ nodeId: 'b', rates: ratesOf(400), turn: 9, assignedJobs: 1 }),
  aRecord({ nodeId: 'c', turn: 1, assignedJobs: 3 }),
  aRecord({ nodeId: 'd', turn: 7, assignedJobs: 2 }),
  aRecord({ nodeId: 'full', rates: ratesOf(500), assignedJobs: 4 }),
];

function registryWith(settings: DispatchSettings): NodeRegistry {
  const registry = new NodeRegistry(DEFAULT_LIFECYCLE_POLICY, { ...DEFAULT_DISPATCH_POLICY, ...settings });
  for (const record of RECORDS) registry.keep(null, record);
  return registry;
}

const stateOf = (registry: NodeRegistry) => ({
  order: Array.from(registry.candidates.candidatesFor(JOB), ({ nodeId }) => nodeId),
  ofModel: registry.candidates
    .groupsOf(MODEL, JOB)
    .map(({ tried, untried }) => [tried.size, Array.from(untried, ({ record }) => record.nodeId)]),
  chosen: choose(registry.candidates, JOB).node?.nodeId,
  full: RECORDS.filter(({ nodeId }) => registry.full.get(nodeId) !== undefined).map(({ nodeId }) => nodeId),
  tally: registry.tallies.of(JOB, registry.records()),
});

test.each(STRATEGIES.flatMap((from) => STRATEGIES.map((to) => [from, to] as const)))(
  'configure: strategy %s -> %s: order, choice and full nodes are those of a new registry',
  (from, to) => {
    const registry = registryWith(settingsOf(from));
    expect(registry.configure(settingsOf(to))).toBe(from !== to);
    expect(stateOf(registry)).toEqual(stateOf(registryWith(settingsOf(to))));
    for (const record of RECORDS) registry.keep(record, null);
    expect([registry.candidates.size, registry.candidates.modelCount, registry.full.modelCount]).toEqual([0, 0, 0]);
  },
);

test('configure: lower limit -> no candidate; higher again -> all of them', () => {
  const registry = registryWith(settingsOf('predicted'));
  const before = stateOf(registry);
  registry.configure(settingsOf('predicted', 0));
  expect(stateOf(registry)).toEqual(stateOf(registryWith(settingsOf('predicted', 0))));
  expect(registry.candidates.size).toBe(0);
  registry.configure(settingsOf('predicted'));
  expect(stateOf(registry)).toEqual(before);
});
