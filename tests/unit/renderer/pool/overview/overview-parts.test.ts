// The pure parts of the overview: groups of nodes, the next step after a failure, and the charts.
import { expect, test } from 'vitest';
import { failureStep } from '../../../../../src/renderer/pages/pool/overview/failure-step';
import { historyCharts } from '../../../../../src/renderer/pages/pool/overview/history-data';
import { nodeGroups } from '../../../../../src/renderer/pages/pool/overview/node-groups';
import type { AppFailedJob } from '../../../../../src/shared/api/pool-failures';
import { nodeInEachState } from '../../../../fixtures/app-states/node-states';
import { nodeView } from '../../../../fixtures/app-states/nodes';
import { appFailedJob, poolHistory } from '../../../../support/pool-figures';
import { labelsIn } from '../../support/labels';

test('groups: a node in each state -> in the order of the states, causes of several nodes counted, an only node named', () => {
  const groups = nodeGroups(nodeInEachState());
  expect(groups.map(({ state, count }) => [state, count])).toEqual([
    ['available', 1],
    ['full', 2],
    ['busy', 5],
    ['paused', 2],
    ['draining', 1],
    ['registering', 1],
    ['degraded', 1],
    ['asleep', 1],
    ['disconnected', 1],
    ['offline', 2],
  ]);
  const groupOf = (state: string) => groups.find((group) => group.state === state);
  expect(groupOf('busy')?.causes).toEqual([
    { cause: 'mem', count: 2 },
    { cause: 'cpu', count: 1 },
    { cause: 'gpu', count: 1 },
    { cause: 'unknown', count: 1 },
  ]);
  expect(groupOf('paused')?.causes).toEqual([
    { cause: 'owner', count: 1 },
    { cause: 'operator', count: 1 },
  ]);
  expect(groupOf('draining')?.only?.name).toBe('draining-1');
  expect(groupOf('full')).toEqual({ state: 'full', count: 2, only: null, causes: [], names: [] });
});

test('groups: several nodes without a cause of their own -> the first three are named', () => {
  const lost = ['alice', 'bob', 'carol', 'dave'].map((name) => nodeView('offline', { name }));
  expect(nodeGroups(lost).find(({ state }) => state !== 'available')).toMatchObject({
    count: 4,
    causes: [],
    names: ['alice', 'bob', 'carol'],
  });
});

test('groups: no nodes -> available with none; no available node -> still listed', () => {
  expect(nodeGroups([])).toEqual([{ state: 'available', count: 0, only: null, causes: [], names: [] }]);
  expect(nodeGroups([nodeView('degraded')]).map(({ state, count }) => [state, count])).toEqual([
    ['available', 0],
    ['degraded', 1],
  ]);
});

const withError = (code: string, message = '', reasons: NonNullable<AppFailedJob['error']>['reasons'] = null): Partial<AppFailedJob> => ({
  error: { code, message, details: {}, reasons },
});
const counted = (...codes: readonly string[]) => Object.fromEntries(codes.map((code) => [code, { count: 1, examples: [] }]));

test.each<readonly [name: string, change: Partial<AppFailedJob>, expected: string]>([
  ['another node did the job', { status: 'succeeded', retried_on: 'node-B' }, 'done'],
  ['HTTP error of the model server', withError('runtime_http_500'), 'output'],
  ['program failed', withError('command_failed'), 'output'],
  ['node lost', withError('node_lost'), 'node'],
  ['model server silent', withError('runtime_unreachable'), 'node'],
  ['silent, no node known', { ...withError('runtime_unreachable'), node_id: null }, 'details'],
  ['waited: nodes full', withError('queue_timeout', '', counted('capacity_exceeded', 'model_not_available')), 'nodes'],
  ['waited: no node has the model', withError('queue_timeout', '', counted('model_not_available')), 'models'],
  ['waited: other reason', withError('total_timeout', '', counted('status_not_ready')), 'details'],
  ['waited: reason not known', withError('queue_timeout'), 'details'],
  ['pool busy', withError('cancelled', 'pool_busy'), 'nodes'],
  ['client too slow', withError('cancelled', 'client_too_slow'), 'details'],
  ['code of a newer version', withError('from_the_future'), 'details'],
  ['no reason', { error: null }, 'details'],
])('next step: %s', (_name, change, expected) => {
  expect(failureStep(appFailedJob('job-1', change))).toBe(expected);
});

test('charts: same times in all three, gaps from the step, marks with their causes', () => {
  const history = poolHistory({
    range: '24h',
    at: [0, 300_000, 86_250_000],
    gpu_pool_percent: [40, null, 60],
    marks: [
      { kind: 'scheduler_started', at: 1, cause: 'crashed', away_seconds: 5 },
      { kind: 'jobs_lost', at: 2, node_id: 'node-a', name: 'lab', cause: 'restarted', jobs: 1 },
      { kind: 'jobs_lost', at: 3, node_id: 'node-a', name: 'lab', cause: 'lost', jobs: 2 },
      { kind: 'mass_loss', at: 4, lost: 5, of: 6 },
    ],
  });
  const { load, output, waiting, events } = historyCharts(labelsIn('en'), history);
  for (const chart of [load, output, waiting])
    expect([chart.timesWallMs, chart.stepMs, chart.fromWallMs, chart.toWallMs]).toEqual([
      // The last period has not ended.
      [150_000, 450_000, 86_400_000],
      300_000,
      0,
      86_400_000,
    ]);
  expect(load.series.map(({ kind, values }) => [kind, values])).toEqual([
    ['owner', [5, 5, 5]],
    ['pool', [40, null, 60]],
  ]);
  expect(waiting.series[0]?.kind).toBe('steps');
  expect(events).toEqual([
    { atWallMs: 1, label: 'Scheduler crashed and restarted' },
    { atWallMs: 2, label: 'lab restarted, 1 job lost' },
    { atWallMs: 3, label: 'lab lost with 2 jobs' },
    { atWallMs: 4, label: '5 of 6 nodes lost at once' },
  ]);
});
