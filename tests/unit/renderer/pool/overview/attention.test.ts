// What needs attention: one table over the states of nodes, requests to join and missing models.
import { expect, test } from 'vitest';
import { type Attention, attentionOf } from '../../../../../src/renderer/pages/pool/overview/attention';
import type { NodeView } from '../../../../../src/shared/api/node-view';
import { availability, busy, limitsSetBy, notReady, overLoad } from '../../../../fixtures/app-states/availability';
import { NOW } from '../../../../fixtures/app-states/moment';
import { mixedPool } from '../../../../fixtures/app-states/mixed-pool';
import { nodeInEachState } from '../../../../fixtures/app-states/node-states';
import { nodeView } from '../../../../fixtures/app-states/nodes';
import { joinRequest } from '../../../../fixtures/app-states/trust';
import { missingModel } from '../../../../support/pool-figures';

const VERSION = '0.1.0';
const named = (name: string, change: Partial<NodeView> = {}): NodeView => nodeView('ready', { name, node_id: `node-${name}`, ...change });
const busyAt = (name: string, percent: number, limit = 25): NodeView =>
  named(name, { availability: busy(overLoad({ gpu_percent: percent }, limitsSetBy('default', { gpu: limit }))) });
const degraded = (name: string, check?: string): NodeView =>
  nodeView('degraded', {
    name,
    node_id: `node-${name}`,
    ...(check === undefined ? {} : { reason_code: check, health: { ...nodeView('degraded').health, failed_checks: [] } }),
  });
const failsCheck = (name: string): NodeView =>
  nodeView('registering', { since: NOW - MINUTE, name, node_id: `node-${name}`, health: nodeView('degraded').health });
const paused = (name: string, by: 'node' | 'operator'): NodeView =>
  nodeView('offline', {
    name,
    node_id: `node-${name}`,
    online: true,
    availability: availability('paused', [notReady('offline', 'drain_complete')]),
    drain: { by, reason: null, requested_at: NOW, deadline_at: null },
  });
const quarantined = (name: string): NodeView =>
  named(name, { availability: availability('paused'), quarantine: { by: 'operator', reason: null, since: NOW } });

const MINUTE = 60_000;
const silent = (name: string, minutes: number, status: 'ready' | 'offline' = 'offline'): NodeView =>
  nodeView(status, {
    name,
    node_id: `node-${name}`,
    online: false,
    reason_code: 'heartbeat_timeout',
    last_heartbeat_at: NOW - minutes * MINUTE,
    availability: availability(status === 'offline' ? 'offline' : 'disconnected'),
  });
const LOSS = { lost: 3, of: 4, since: NOW - MINUTE };

const aPause = (until: number | null): NonNullable<NodeView['pause']> => ({
  reason_code: 'owner',
  detail: null,
  since: NOW,
  until,
  running_jobs: 'finish',
  deadline_at: null,
});

interface Given {
  readonly nodes?: readonly NodeView[];
  readonly requests?: Parameters<typeof attentionOf>[0]['joinRequests'];
  readonly missing?: Parameters<typeof attentionOf>[0]['missing'];
  readonly massLoss?: Parameters<typeof attentionOf>[0]['massLoss'];
}
const attention = ({ nodes = [], requests = [], missing = [], massLoss = null }: Given): readonly Attention[] =>
  attentionOf({ nodes, joinRequests: requests, missing, version: VERSION, massLoss, nowWallMs: NOW });

const some = (...names: string[]) => ({
  count: names.length,
  names: names.slice(0, 3),
  onlyId: names.length === 1 ? `node-${names[0] ?? ''}` : null,
});

test.each<readonly [name: string, given: Given, expected: readonly object[]]>([
  ['nothing', { nodes: [named('a')] }, []],
  ['a request to join', { requests: [joinRequest()] }, [{ kind: 'join_request', request: joinRequest() }]],
  ['an approved request', { requests: [joinRequest({ approved: true })] }, []],
  ['a degraded node', { nodes: [degraded('a')] }, [{ kind: 'degraded', node: degraded('a'), nodes: some('a') }]],
  [
    'five degraded nodes: those with the same reason are one item, the largest group first',
    { nodes: [...['e', 'c', 'a', 'd'].map((name) => degraded(name)), degraded('b', 'gpu_unavailable')] },
    [
      { kind: 'degraded', node: degraded('a'), nodes: some('a', 'c', 'd', 'e') },
      { kind: 'degraded', node: degraded('b', 'gpu_unavailable'), nodes: some('b') },
    ],
  ],
  [
    'four missing models -> the three with the most requests',
    { missing: ['a', 'b', 'c', 'd'].map((id) => missingModel(id)) },
    ['a', 'b', 'c'].map((id) => ({ kind: 'missing_model', model: missingModel(id) })),
  ],
  [
    'five nodes above their limit -> the lowest round limit at which half of them take jobs',
    { nodes: [busyAt('a', 29), busyAt('b', 40), busyAt('c', 44), busyAt('d', 71), busyAt('e', 95)] },
    [
      {
        kind: 'over_limit',
        use: 'gpu',
        isOwners: false,
        nodes: some('a', 'b', 'c', 'd', 'e'),
        limitPercent: 25,
        percents: [29, 40, 44, 71, 95],
        suggestion: { limitPercent: 45, nodes: 3 },
      },
    ],
  ],
  [
    'a node exactly at a round figure -> the next one, since the load must be below the limit',
    { nodes: [busyAt('a', 30)] },
    [
      {
        kind: 'over_limit',
        use: 'gpu',
        isOwners: false,
        nodes: some('a'),
        limitPercent: 25,
        percents: [30],
        suggestion: { limitPercent: 35, nodes: 1 },
      },
    ],
  ],
  [
    'a node above each sensible limit -> no suggestion',
    { nodes: [busyAt('a', 96)] },
    [{ kind: 'over_limit', use: 'gpu', isOwners: false, nodes: some('a'), limitPercent: 25, percents: [96], suggestion: null }],
  ],
  [
    'two limits on one node: no single change helps',
    { nodes: [named('a', { availability: busy(overLoad({ cpu_percent: 90, gpu_percent: 90 }, limitsSetBy('default'))) })] },
    [],
  ],
  ['load not reported', { nodes: [named('a', { availability: busy(overLoad(null, limitsSetBy('default'))) })] }, []],
  [
    'old versions, one of them offline',
    { nodes: [named('a', { version: '0.0.9' }), named('b', { version: '0.0.9' }), nodeView('offline', { name: 'c', version: '0.0.1' })] },
    [{ kind: 'old_version', nodes: some('a', 'b'), version: '0.0.9', current: VERSION }],
  ],
  [
    'several old versions',
    { nodes: [named('a', { version: '0.0.9' }), named('b', { version: '0.0.8' })] },
    [{ kind: 'old_version', nodes: some('a', 'b'), version: null, current: VERSION }],
  ],
  ['a registering node that fails a check', { nodes: [failsCheck('a')] }, [{ kind: 'degraded', node: failsCheck('a'), nodes: some('a') }]],
  ['a node lost for four minutes', { nodes: [silent('a', 4)] }, []],
  [
    'nodes lost for five minutes',
    { nodes: [silent('b', 5), silent('a', 90)] },
    [{ kind: 'lost', node: silent('b', 5), nodes: some('a', 'b') }],
  ],
  [
    'mass loss -> the banner names it, so its nodes are no items; a node that was lost long before is one',
    {
      nodes: [silent('c', 2, 'ready'), silent('b', 2), silent('a', 90), named('d')],
      massLoss: LOSS,
      requests: [joinRequest()],
    },
    [
      { kind: 'join_request', request: joinRequest() },
      { kind: 'lost', node: silent('a', 90), nodes: some('a') },
    ],
  ],
  ['quarantined', { nodes: [quarantined('a')] }, [{ kind: 'quarantined', nodes: some('a') }]],
  [
    'paused by owners with and without an end -> only those without',
    {
      nodes: [
        named('a', { availability: availability('paused'), pause: aPause(null) }),
        named('b', { availability: availability('paused'), pause: aPause(NOW + 1000) }),
      ],
    },
    [{ kind: 'paused_by_owner', nodes: some('a') }],
  ],
  [
    'paused by owners -> counted; drained by an operator -> not',
    { nodes: [paused('b', 'node'), paused('a', 'node'), paused('c', 'operator')] },
    [{ kind: 'paused_by_owner', nodes: some('a', 'b') }],
  ],
])('attention: %s', (_name, given, expected) => {
  expect(attention(given)).toEqual(expected);
});

test('attention: several at once -> requests first, then broken nodes, missing models, limits, versions, paused nodes', () => {
  const nodes = [paused('p', 'node'), quarantined('q'), named('v', { version: '0.0.1' }), busyAt('b', 40), degraded('d')];
  const kinds = attention({ nodes, requests: [joinRequest()], missing: [missingModel('m')] }).map(({ kind }) => kind);
  expect(kinds).toEqual(['join_request', 'degraded', 'missing_model', 'over_limit', 'old_version', 'quarantined', 'paused_by_owner']);
});

test('attention: a node in each state and 48 mixed nodes -> each item once', () => {
  for (const nodes of [nodeInEachState(), mixedPool()]) {
    const keys = attention({ nodes }).map((one) =>
      one.kind === 'over_limit' ? `${one.kind} ${one.use} ${String(one.isOwners)}` : one.kind === 'degraded' ? one.node.node_id : one.kind,
    );
    expect(new Set(keys).size).toBe(keys.length);
  }
});
