// The load of a node as rows: shares, limits and results.
import { describe, expect, test } from 'vitest';
import { type LoadRow, nodeLoadRows, ownLoadRows } from '../../../../src/renderer/components/Load/load-rows';
import type { NodeView } from '../../../../src/shared/api/node-view';
import { agentView } from '../../../fixtures/app-states/agents';
import { busy, limitsSetBy, overLoad } from '../../../fixtures/app-states/availability';
import { gpuView, hardwareView, idleGpu, known, lostGpu, unknown } from '../../../fixtures/app-states/gpus';
import { nodeView } from '../../../fixtures/app-states/nodes';

const usage = (change: Partial<NonNullable<NodeView['resource_usage']>> = {}) => ({
  cpu_percent: 34,
  gpu_percent: 62,
  mem_percent: 61,
  owner_cpu_percent: 12,
  owner_gpu_percent: 4,
  running_jobs: 1,
  ...change,
});

const rowOf = (use: LoadRow['use'], change: Partial<NodeView>): LoadRow | undefined =>
  nodeLoadRows(nodeView('ready', { resource_usage: usage(), ...change })).find((row) => row.use === use);

describe('nodeLoadRows', () => {
  const limit = (percent: number | null) => ({ percent, setBy: 'default' });
  test.each<[string, LoadRow['use'], Partial<NodeView>, Partial<LoadRow>]>([
    [
      'owner and pool',
      'cpu',
      {},
      { totalPercent: 34, shares: { ownerPercent: 12, poolPercent: 22 }, limit: limit(60) as never, result: 'below' },
    ],
    ['memory is not divided', 'mem', {}, { totalPercent: 61, shares: null, limit: limit(90) as never, result: 'below' }],
    [
      'average of the owner above the present total -> the pool has 0',
      'gpu',
      { resource_usage: usage({ gpu_percent: 2, owner_gpu_percent: 9 }) },
      { totalPercent: 2, shares: { ownerPercent: 9, poolPercent: 0 } },
    ],
    [
      'node without owner figures -> not divided, not judged',
      'cpu',
      { resource_usage: usage({ owner_cpu_percent: undefined }) },
      { totalPercent: 34, shares: null, result: null },
    ],
    ['owner figure not known yet', 'gpu', { resource_usage: usage({ owner_gpu_percent: null }) }, { shares: null, result: null }],
    ['GPU not measured', 'gpu', { resource_usage: usage({ gpu_percent: undefined }) }, { totalPercent: null, shares: null, result: null }],
    ['no heartbeat yet', 'cpu', { resource_usage: null }, { totalPercent: null, shares: null, result: null }],
    ['no connection -> the last figures are old', 'mem', { online: false }, { totalPercent: null, result: null }],
    ['older scheduler -> no limit is known', 'cpu', { limits: undefined }, { limit: null, result: null }],
    ['no limit', 'gpu', { limits: limitsSetBy('own_pool') }, { limit: { percent: null, setBy: 'own_pool' }, result: null }],
    ['over its limit', 'cpu', { availability: busy(overLoad({ cpu_percent: 71 })) }, { result: 'above' }],
    ['too little memory available', 'mem', { availability: busy(overLoad({ available_memory_gb: 1.3 })) }, { result: 'above' }],
    ['at the limit, not judged yet', 'cpu', { resource_usage: usage({ owner_cpu_percent: 60 }) }, { result: null }],
  ])('%s', (_case, use, change, expected) => {
    expect(rowOf(use, change)).toMatchObject(expected);
  });
});

describe('ownLoadRows', () => {
  test('several GPUs -> the highest figure of the usable ones', () => {
    const gpus = [gpuView({ utilization_percent: known(30) }), idleGpu(), { ...lostGpu(), utilization_percent: known(99) }];
    expect(ownLoadRows(agentView({ hardware: hardwareView({ gpus }) }), null)[1]?.totalPercent).toBe(30);
    const silent = hardwareView({ gpus: [gpuView({ utilization_percent: unknown() })] });
    expect(ownLoadRows(agentView({ hardware: silent }), null)[1]?.totalPercent).toBeNull();
  });

  test('agent without owner figures -> those of the node in the pool', () => {
    const { owner_cpu_percent: _cpu, owner_gpu_percent: _gpu, ...older } = hardwareView();
    const rows = ownLoadRows(agentView({ hardware: older }), nodeView('ready', { resource_usage: usage({ owner_cpu_percent: 7 }) }));
    expect(rows[0]?.shares).toEqual({ ownerPercent: 7, poolPercent: 27 });
    expect(ownLoadRows(agentView({ hardware: older }), null)[0]?.shares).toBeNull();
  });

  test('hardware not read yet, no connection -> nothing is known', () => {
    const rows = ownLoadRows(agentView({ hardware: null, link: { state: 'idle' }, node_status: null }), null);
    expect(rows.map(({ totalPercent, shares, limit, result }) => [totalPercent, shares, limit, result])).toEqual(
      Array.from({ length: 3 }, () => [null, null, null, null]),
    );
  });
});
