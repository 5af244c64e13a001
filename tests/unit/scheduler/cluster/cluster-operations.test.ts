import { expect, test } from 'vitest';
import type { ClusterView } from '../../../../src/shared/api/cluster';
import { clusterOperations } from '../../../../src/main/scheduler/cluster/cluster-operations';
import { clusterOfOne, clusterOfThree, clusterWithBus, schedulerAlone } from '../../../fixtures/app-states/clusters';
import { ManualClock } from '../../../support/manual-clock';

function open(view: ClusterView) {
  const clock = new ManualClock();
  const acts: string[] = [];
  const port = {
    view: () => Promise.resolve(view),
    stepDown: () => {
      acts.push('step down');
      return Promise.resolve(true);
    },
  };
  const operations = clusterOperations({
    port,
    clock,
    version: '1.2.3',
    address: () => ({ host: '127.0.0.1', port: 7080 }),
    channels: () => 3,
  });
  return { operations, clock, acts };
}

test('step down: the answer goes before the connections end', async () => {
  const { operations, clock, acts } = open(clusterOfThree());
  expect(await operations.stepDown()).toEqual({ ok: true, value: undefined });
  expect(acts).toEqual([]);
  clock.advance(100);
  expect(acts).toEqual(['step down']);
});

test.each<[string, ClusterView, string]>([
  ['alone', schedulerAlone(), 'not_a_cluster'],
  ['one member', clusterOfOne(), 'no_other_member'],
  [
    'the others were not seen for 10 s',
    clusterOfThree({ members: clusterOfThree().members.map((member, at) => ({ ...member, seen_seconds: at * 10 })) }),
    'no_other_member',
  ],
])('step down, %s -> refused, the leader stays', async (_title, view, reason) => {
  const { operations, clock, acts } = open(view);
  expect(await operations.stepDown()).toMatchObject({ ok: false, error: { code: 'INVALID_STATE', details: { reason } } });
  clock.advance(60_000);
  expect(acts).toEqual([]);
});

test('without a cluster the view is of this scheduler', async () => {
  const clock = new ManualClock();
  const operations = clusterOperations({
    port: undefined,
    clock,
    version: '1.2.3',
    address: () => ({ host: '127.0.0.1', port: 7080 }),
    channels: () => 0,
  });
  expect(await operations.cluster()).toMatchObject({ ok: true, value: { epoch: null, members: [{ address: '127.0.0.1:7080' }] } });
});

test('with a bus the view has the number of channels', async () => {
  const { operations } = open(clusterWithBus());
  expect(await operations.cluster()).toMatchObject({ ok: true, value: { bus: { server: 'bus-1.example:4222', channels: 3 } } });
});
