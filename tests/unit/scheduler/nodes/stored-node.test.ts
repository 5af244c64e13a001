// Which changes of a node are written to the store.
import { expect, it } from 'vitest';
import { differsInStore } from '../../../../src/main/scheduler/nodes/core/stored-node';
import type { InstalledModel } from '../../../../src/main/scheduler/lifecycle/node-report';
import { played } from '../lifecycle/play';
import { aModel, aProfile, aRecord, aUsage, healthyBeat } from '../lifecycle/records';

const before = aRecord({ profile: aProfile({ installedModels: [aModel({ isLoaded: false })] }) });
const afterModels = (installedModels: readonly InstalledModel[]) => played(before, [[1000, healthyBeat({ installedModels })]]);

it.each<readonly [string, boolean, readonly InstalledModel[]]>([
  ['model loaded', false, [aModel({ isLoaded: true })]],
  ['model disabled and loaded', true, [aModel({ isLoaded: true, enabled: false })]],
  ['model added', true, [aModel({ isLoaded: false }), aModel({ modelId: 'other' })]],
])('%s -> written: %s', (_title, expected, models) => {
  const after = afterModels(models);
  expect(after.profile).not.toBe(before.profile);
  expect(differsInStore(before, after)).toBe(expected);
});

it('slots changed -> written; load alone -> not written', () => {
  expect(differsInStore(before, played(before, [[1000, healthyBeat({ maxConcurrentJobs: 9 })]]))).toBe(true);
  expect(differsInStore(before, played(before, [[1000, healthyBeat({ usage: aUsage({ cpuPercent: 70 }) })]]))).toBe(false);
});
