// The text output of the commands nodes and explain.
import { describe, expect, test } from 'vitest';
import { explanationText } from '../../../src/main/cli/explain-command';
import { nodesText } from '../../../src/main/cli/nodes-command';
import { nodeView } from '../../support/app-fakes';
import { availabilityReasonText, countsText } from '../../../src/main/cli/core/availability-text';
import { availabilityOf } from '../../../src/shared/api/availability';
import { AVAILABILITY_TEXTS } from '../../../src/shared/reasons/availability';
import { NOW } from '../../fixtures/app-states/moment';
import { mixedPool } from '../../fixtures/app-states/mixed-pool';
import { nodeInEachState } from '../../fixtures/app-states/node-states';
import { messageContextOf } from '../../../src/main/cli/core/message-context';

const ENGLISH = messageContextOf({});

describe('nodes', () => {
  test('nodes: no nodes -> a sentence', () => {
    expect(nodesText([], 0, ENGLISH)).toBe('No node has registered.\n');
  });

  test('nodes: a row for each node, the counts, and the details of each node that gets no jobs', () => {
    const base = nodeView('n2').health;
    const nodes = [
      nodeView('n1', {
        since: 0,
        installed_models: [{ model_id: 'm', kind: 'llm', version: '1', enabled: true }],
        capability_state: { m: 'ready' },
      }),
      nodeView('n2', {
        name: 'evil\u001b[2J',
        status: 'registering',
        reason: 'warming up',
        since: 60_000,
        last_heartbeat_at: 60_000,
        online: false,
        hardware: { cpu_cores: 1, memory_gb: 1, gpus: [{ name: 'RTX', memory_gb: 24, simulated: true }] },
        health: {
          ...base,
          consecutive_successes: 1,
          required_successes: 3,
          failed_checks: [{ check: 'models', code: 'model_not_ready', message: 'none' }],
        },
      }),
    ];
    expect(nodesText(nodes, 120_000, ENGLISH)).toBe(
      [
        'NODE  NAME           AVAILABILITY  REASON                  FOR    GPUS                   MODELS READY  JOBS',
        'n1    n1             available     0 of 4 slots in use     2 min  RTX 4090 24 GB         1 of 1        0/4',
        'n2    evil\\u001b[2J  disconnected  no heartbeat for 1 min  1 min  RTX 24 GB (simulated)  0 of 0        0/4',
        '',
        '2 nodes, 1 ready: 1 available.',
        '',
        'n2: warming up (1 of 3 checks; model_not_ready: none)',
        '',
      ].join('\n'),
    );
  });
});

describe('nodes: availability', () => {
  test('every state -> its name and its reason with numbers', () => {
    const rows = nodeInEachState().map(
      (node) => `${AVAILABILITY_TEXTS[availabilityOf(node).state].en}: ${availabilityReasonText(node, NOW)}`,
    );
    expect(rows).toEqual([
      'available: 1 of 4 slots in use',
      'full: 4 of 4 slots in use',
      'full: 4 of 4 slots in use, 12 more after successful jobs',
      'busy: CPU 71 %, limit 60 %',
      'busy: GPU 71 %, limit 25 %',
      'busy: memory 93 %, limit 90 %',
      'busy: memory 98 %, limit 90 %; 1.3 GB of memory available, 2 GB needed',
      'busy: load not reported yet',
      'paused: stopped by its owner',
      'paused: drained by an operator: driver update',
      'draining: 2 jobs left, deadline in 57 min',
      'registering: 2 of 3 checks',
      'degraded: model not ready',
      'asleep: for 3 h',
      'disconnected: no heartbeat for 38 s',
      'offline: stopped by its owner: Muster was quit',
      'offline: no heartbeat for 2 h',
    ]);
  });

  test.each([
    [{ models: { installed: 0, enabled: 0, ready: 0 } }, 'without a model: gets no jobs'],
    [{ installed_models: [] }, 'without a model: gets no jobs'],
    [{ models: { installed: 0, enabled: 0, ready: 0 }, online: false, last_heartbeat_at: null }, 'no heartbeat yet'],
    [{ models: { installed: 1, enabled: 1, ready: 0 } }, '0 of 4 slots in use'],
  ])('node with %j -> %s', (change, reason) => {
    expect(availabilityReasonText(nodeView('n1', change), NOW)).toBe(reason);
  });

  test('mixed pool -> ready nodes by state', () => {
    expect(countsText(mixedPool())).toBe('48 nodes, 42 ready: 29 available, 6 full, 7 busy');
    expect(countsText([nodeView('n1', { online: false })])).toBe('1 node, none ready');
  });

  test('busy node -> each load with its limit, and where the limit is set', () => {
    const [busy] = nodeInEachState().filter(({ name }) => name === 'busy-cpu');
    expect(nodesText(busy === undefined ? [] : [busy], NOW, ENGLISH)).toContain(
      'node-busy-cpu: its owner uses 71 % of the CPU, limit 60 % (set by its owner, who can change agent.share or agent.limits.cpu_percent)\n',
    );
  });
});

test.each([
  [
    'operator' as const,
    'disk swap',
    'n1: drain complete; drain requested by an operator, resume with: muster resume n1; reason: disk swap\n',
  ],
  ['node' as const, null, 'n1: drain complete; drain requested by the node, until it resumes or registers again\n'],
])('nodes: drained by %s with reason %j -> who requested the drain and how it ends', (by, reason, line) => {
  const drained = nodeView('n1', {
    status: 'offline',
    reason: 'drain complete',
    drain: { by, reason, requested_at: 0, deadline_at: null },
  });
  expect(nodesText([drained], 0, ENGLISH)).toContain(`\n\n${line}`);
});

test('explain: the selected node, eligible nodes, and every exclusion as text', () => {
  const text = explanationText({
    chosen: 'n1',
    nodes_total: 3,
    reasons: { status_not_ready: { count: 1, examples: ['n3'] } },
    nodes: [
      { node_id: 'n1', excluded: [] },
      { node_id: 'n2', excluded: [] },
      {
        node_id: 'n3',
        excluded: [
          { filter: 'status', code: 'status_not_ready', wanted: 'ready', found: { status: 'offline', reason_code: 'drain_complete' } },
        ],
      },
    ],
  });
  expect(text).toBe(
    [
      'This job would go to n1.',
      '',
      'NODE  RESULT            DETAIL',
      'n1    selected',
      'n2    eligible',
      'n3    status_not_ready  status offline: drained, all jobs finished',
      '',
    ].join('\n'),
  );
});
