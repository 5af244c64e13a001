// The availability of a node in a view, and the fact that explains the state.
import { describe, expect, test } from 'vitest';
import { type AvailabilityFacts, availabilityFacts, availabilityOf, type ExplainedSource } from '../../../../src/shared/api/availability';
import type { PauseView } from '../../../../src/shared/protocol/pauses';
import type { AvailabilityView } from '../../../../src/shared/protocol/scheduler-messages';
import { AVAILABILITY_STATES, type AvailabilityState, NODE_STATUSES, type NodeStatus } from '../../../../src/shared/protocol/status';
import { allSlots, availability, limitsSetBy, notOnline, overLoad } from '../../../fixtures/app-states/availability';
import { MINUTE, NOW } from '../../../fixtures/app-states/moment';
import { nodeView } from '../../../fixtures/app-states/nodes';
import { health, modelNotReady, statusMessage } from '../../../fixtures/app-states/statuses';

const node = (status: NodeStatus, change: Partial<ExplainedSource> = {}): ExplainedSource => ({
  status,
  online: true,
  since: 5,
  in_flight_jobs: 1,
  max_concurrent_jobs: 4,
  reason_code: 'health_check_passed',
  health: health(),
  ...change,
});

describe('availabilityOf: older scheduler -> from status, connection and slots', () => {
  test.each<[NodeStatus, Partial<ExplainedSource>, AvailabilityState]>([
    ['ready', {}, 'available'],
    ['ready', { in_flight_jobs: 4 }, 'full'],
    ['ready', { in_flight_jobs: 5 }, 'full'],
    ['ready', { online: false }, 'disconnected'],
    ['registering', {}, 'registering'],
    ['registering', { online: false }, 'disconnected'],
    ['degraded', {}, 'degraded'],
    ['draining', {}, 'draining'],
    ['draining', { online: false }, 'disconnected'],
    ['offline', {}, 'paused'],
    ['offline', { online: false }, 'offline'],
  ])('%s, %j -> %s', (status, change, state) => {
    expect(availabilityOf(node(status, change))).toEqual({ state, reasons: [], since: 5 });
  });
});

describe('availabilityOf: the scheduler sends the availability', () => {
  test.each(AVAILABILITY_STATES)('connected: %s is repeated', (state) => {
    const view: AvailabilityView = availability(state, [notOnline], 7);
    expect(availabilityOf(node('ready', { availability: view }))).toEqual(view);
  });

  test.each(NODE_STATUSES.flatMap((status) => AVAILABILITY_STATES.map((state) => [status, state] as const)))(
    'without a connection: status %s, state %s -> never a state of a connected node',
    (status, state) => {
      const view = availabilityOf(node(status, { online: false, availability: availability(state, [notOnline], 7) }));
      expect(['offline', 'disconnected', 'asleep']).toContain(view.state);
      expect(view).toMatchObject({ reasons: [notOnline], since: 7 });
    },
  );
});

describe('availabilityFacts', () => {
  const set = limitsSetBy('owner');
  const drain = { by: 'operator', reason: 'disk swap', requested_at: 1, deadline_at: null } as const;
  const pause: PauseView = {
    reason_code: 'full_screen',
    detail: 'Factorio',
    since: 5,
    until: null,
    running_jobs: 'finish',
    deadline_at: null,
  };
  const noGpu = {
    filter: 'gpu',
    code: 'gpu_unavailable',
    wanted: { usable: true },
    found: { fault: 'none_available', memory_gb: null },
  } as const;
  const at = (state: AvailabilityState, reasons: AvailabilityView['reasons'] = []) => ({ availability: availability(state, reasons, 7) });
  const away = { online: false };

  test.each<[string, ExplainedSource, AvailabilityFacts]>([
    ['available -> slots', node('ready', at('available')), { kind: 'slots', used: 1, total: 4, later: 0, nextAtWallMs: null }],
    [
      'full -> slots',
      node('ready', { ...at('full', [allSlots(4)]), in_flight_jobs: 4 }),
      { kind: 'slots', used: 4, total: 4, later: 0, nextAtWallMs: null },
    ],
    [
      'full, predicted end of a job -> when a slot should be free',
      node('ready', { ...at('full', [allSlots(4)]), in_flight_jobs: 4, next_slot_at: 9000 }),
      { kind: 'slots', used: 4, total: 4, later: 0, nextAtWallMs: 9000 },
    ],
    [
      'full, fewer slots than its owner set -> how many follow',
      node('ready', { ...at('full', [allSlots(4)]), in_flight_jobs: 4, max_concurrent_jobs: 16, usable_slots: 4 }),
      { kind: 'slots', used: 4, total: 4, later: 12, nextAtWallMs: null },
    ],
    [
      'available, fewer slots than its owner set -> only those in use now',
      node('ready', { ...at('available'), in_flight_jobs: 1, max_concurrent_jobs: 16, usable_slots: 5 }),
      { kind: 'slots', used: 1, total: 5, later: 0, nextAtWallMs: null },
    ],
    [
      'busy -> every load over its limit, with its source',
      node('ready', at('busy', [overLoad({ cpu_percent: 71, mem_percent: 95 }, set)])),
      {
        kind: 'load',
        over: [
          { use: 'cpu', percent: 71, limitPercent: 60, setBy: 'owner' },
          { use: 'mem', percent: 95, limitPercent: 90, setBy: 'owner' },
        ],
        isHidden: false,
      },
    ],
    [
      'busy, too little memory -> the memory that is available',
      node('ready', at('busy', [overLoad({ available_memory_gb: 1.3 })])),
      { kind: 'load', over: [{ use: 'available_memory', availableGb: 1.3, requiredGb: 2 }], isHidden: false },
    ],
    ['busy, no load reported', node('ready', at('busy', [overLoad(null)])), { kind: 'load', over: null, isHidden: false }],
    [
      'busy, reader may not see the load',
      node('ready', at('busy', [{ ...overLoad(null), wanted: null }])),
      { kind: 'load', over: null, isHidden: true },
    ],
    [
      'busy, reasons of another version',
      node('ready', at('busy', [{ ...overLoad(null), wanted: 'x' }])),
      { kind: 'load', over: null, isHidden: false },
    ],
    [
      'paused -> who drained it, and the note',
      node('offline', { ...at('paused'), drain }),
      { kind: 'drained', by: 'operator', note: 'disk swap' },
    ],
    [
      'paused, pushed status -> the reason of the status',
      node('offline', { ...at('paused'), reason_code: 'drain_complete' }),
      { kind: 'status', reasonCode: 'drain_complete' },
    ],
    [
      'draining -> jobs and deadline',
      node('draining', { ...at('draining'), drain: { ...drain, deadline_at: 9 } }),
      { kind: 'draining', jobs: 1, deadlineAtWallMs: 9, pause: null },
    ],
    [
      'draining for a pause -> the pause, and the earlier deadline',
      node('draining', { ...at('draining'), drain: { ...drain, deadline_at: 9 }, pause: { ...pause, deadline_at: 8 } }),
      { kind: 'draining', jobs: 1, deadlineAtWallMs: 8, pause: { ...pause, deadline_at: 8 } },
    ],
    [
      'paused by its owner -> the pause, also beside a drain',
      node('offline', { ...at('paused'), drain, pause }),
      { kind: 'paused', pause },
    ],
    ['offline, paused by its owner -> the pause', node('offline', { ...away, pause, last_heartbeat_at: 3 }), { kind: 'paused', pause }],
    [
      'registering -> checks, at most the required ones',
      node('registering', { ...at('registering'), health: health({ consecutive_successes: 9, required_successes: 3 }) }),
      { kind: 'checks', passed: 3, required: 3 },
    ],
    [
      'degraded -> the first failed check',
      node('degraded', { ...at('degraded'), health: health({ failed_checks: [modelNotReady] }) }),
      { kind: 'failed_check', check: modelNotReady },
    ],
    ['degraded, ready without a usable GPU', node('ready', at('degraded', [{ ...noGpu }])), { kind: 'gpu', fault: 'none_available' }],
    [
      'degraded, no failed check in the last heartbeat',
      node('degraded', { ...at('degraded'), reason_code: 'warmup_timeout' }),
      { kind: 'status', reasonCode: 'warmup_timeout' },
    ],
    ['asleep -> since', node('ready', { ...at('asleep'), ...away }), { kind: 'asleep', sinceWallMs: 7, waking: null }],
    [
      'asleep and waking -> since when, and the usual time',
      { ...node('ready', { ...at('asleep'), ...away }), wake: { waking_since: 9, ready_after_seconds: 40 } },
      { kind: 'asleep', sinceWallMs: 7, waking: { sinceWallMs: 9, usualSeconds: 40 } },
    ],
    ['disconnected -> last heartbeat', node('ready', { ...away, last_heartbeat_at: 3 }), { kind: 'silent', sinceWallMs: 3 }],
    ['disconnected before the first heartbeat', node('ready', { ...away, last_heartbeat_at: null }), { kind: 'silent', sinceWallMs: null }],
    [
      'offline after a timeout -> last heartbeat',
      node('offline', { ...away, reason_code: 'heartbeat_timeout', last_heartbeat_at: 3 }),
      { kind: 'silent', sinceWallMs: 3 },
    ],
    [
      'offline, drained -> who drained it',
      node('offline', { ...away, drain, last_heartbeat_at: 3 }),
      { kind: 'drained', by: 'operator', note: 'disk swap' },
    ],
  ])('%s', (_case, source, facts) => {
    expect(availabilityFacts(source)).toEqual(facts);
  });

  test('node view and pushed status: both have the facts of the same state', () => {
    expect(availabilityFacts(nodeView('ready'))).toEqual(availabilityFacts(statusMessage('ready')));
    expect(availabilityOf(nodeView('ready')).since).toBe(NOW - 6 * MINUTE);
  });
});
