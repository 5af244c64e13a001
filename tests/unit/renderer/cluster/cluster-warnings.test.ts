import { expect, test } from 'vitest';
import type { ClusterView } from '../../../../src/shared/api/cluster';
import { closestStandby, clusterWarnings } from '../../../../src/renderer/pages/cluster/cluster-warnings';
import {
  clusterOfMixedVersions,
  clusterOfOne,
  clusterOfThree,
  clusterWithBus,
  clusterWithMissing,
} from '../../../fixtures/app-states/clusters';

const seenBefore = (...seconds: readonly number[]): ClusterView =>
  clusterOfThree({
    members: clusterOfThree().members.map((member, at) => ({ ...member, seen_seconds: seconds[at] ?? 0 })),
  });
const [leader, candidate, other] = clusterOfThree().members;
if (leader === undefined || candidate === undefined || other === undefined) throw new Error('three members');

test.each<[string, ClusterView, readonly unknown[]]>([
  ['three members, one synchronous standby -> none', clusterOfThree(), []],
  ['no standby -> none about replication', clusterOfThree({ database: { ...clusterOfThree().database, standbys: [] } }), []],
  ['no leader', clusterOfThree({ leader: null }), [{ kind: 'no_leader' }]],
  ['one member', clusterOfOne(), [{ kind: 'only_one', member: leader }]],
  ['seen 9.9 s ago -> not missing', seenBefore(0, 9.9), []],
  ['not seen for 10 s -> missing', seenBefore(0, 10), [{ kind: 'missing', member: { ...candidate, seen_seconds: 10 } }]],
  [
    'all others missing -> only one runs, before the missing ones',
    seenBefore(0, 60, 61),
    [
      { kind: 'only_one', member: { ...leader, seen_seconds: 0 } },
      { kind: 'missing', member: { ...candidate, seen_seconds: 60 } },
      { kind: 'missing', member: { ...other, seen_seconds: 61 } },
    ],
  ],
  ['a member that has lost the bus', clusterWithBus(), [{ kind: 'without_bus', member: { ...candidate, has_bus: false } }]],
  ['one missing', clusterWithMissing(), [{ kind: 'missing', member: { ...other, seen_seconds: 1500 } }]],
  [
    'two versions, no synchronous standby',
    clusterOfMixedVersions(),
    [{ kind: 'versions', versions: ['0.1.0', '0.2.0'] }, { kind: 'no_sync' }],
  ],
  [
    'the other version is of a missing member -> versions do not differ',
    clusterOfThree({ members: [leader, candidate, { ...other, version: '0.0.9', seen_seconds: 3600 }] }),
    [{ kind: 'missing', member: { ...other, version: '0.0.9', seen_seconds: 3600 } }],
  ],
])('%s', (_title, cluster, expected) => {
  expect(clusterWarnings(cluster)).toEqual(expected);
});

test('the closest standby: a synchronous one, else the one with the least lag, an unknown lag last', () => {
  const standby = (name: string, sync: 'async' | 'sync' | 'quorum', lag: number | null) => ({ name, sync, lag_seconds: lag });
  const far = standby('far', 'async', 3);
  const near = standby('near', 'async', 0.1);
  const unknown = standby('unknown', 'async', null);
  const quorum = standby('quorum', 'quorum', 5);
  expect(closestStandby([unknown, far, near])).toBe(near);
  expect(closestStandby([near, unknown, quorum])).toBe(quorum);
  expect(closestStandby([unknown])).toBe(unknown);
  expect(closestStandby([])).toBeNull();
});
