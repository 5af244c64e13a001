// What members see of each other's nodes. A new field of a node fails here until it is decided.
import { expect, test } from 'vitest';
import { historyForMember, limitedNodeOf } from '../../../../src/main/scheduler/pool/limited-node-view';
import { type NodeView, nodeViewSchema } from '../../../../src/shared/api/node-view';
import { PAUSE_CODES } from '../../../../src/shared/protocol/pauses';
import { nodeView } from '../../../support/app-fakes';
import { nodeHistory } from '../../../support/pool-figures';

const health = { ...nodeView('x').health, window: [true, false], consecutive_successes: 9 };
const WHOLE: Required<NodeView> = {
  node_id: 'node-A',
  name: 'kai-desktop',
  name_conflict: 'same',
  platform: 'linux',
  version: '1.2.3',
  hardware: {
    cpu_cores: 8,
    memory_gb: 32,
    gpus: [{ name: 'RTX 4090', memory_gb: 24, index: 0, uuid: 'GPU-secret', vendor: 'nvidia', driver_version: '560.1', simulated: false }],
  },
  simulated: false,
  models: { installed: 1, enabled: 1, ready: 1 },
  installed_models: [{ model_id: 'llm-a', kind: 'llm', version: '1', enabled: true, tasks: null }],
  capability_state: { 'llm-a': 'ready' },
  model_residency: { 'llm-a': 'loaded' },
  model_reasons: { 'llm-b': 'process_not_running' },
  model_rates: { 'llm-a': { tokens_per_second: 31, load_seconds: 4 } },
  model_control: true,
  features_supported: {},
  advanced_features: [],
  accept_public_jobs: true,
  status: 'ready',
  reason_code: 'health_check_passed',
  reason: 'CPU 97%',
  previous_status: 'registering',
  since: 5,
  online: true,
  availability: {
    state: 'busy',
    since: 6,
    reasons: [{ filter: 'resource_use', code: 'resource_threshold_exceeded', wanted: { gpu: 25 }, found: { gpu: 71 } }],
  },
  limits: { cpu_percent: 90, gpu_percent: 25, mem_percent: null, set_by: { cpu: 'default', gpu: 'owner', mem: 'default' } },
  last_heartbeat_at: 7,
  resource_usage: { cpu_percent: 97, mem_percent: 10, gpu_percent: 71, running_jobs: 1 },
  gpus: [{ index: 0, name: 'RTX 4090' }] as unknown as NodeView['gpus'],
  in_flight_jobs: 1,
  max_concurrent_jobs: 4,
  usable_slots: 2,
  next_slot_at: 12,
  health: { ...health, failed_checks: [{ check: 'heartbeat', code: 'heartbeat_missed', message: 'kai is away' }] as never },
  drain: { by: 'node', reason: 'holiday in Rome', requested_at: 8, deadline_at: null },
  pause: { reason_code: 'full_screen', detail: 'Factorio', since: 8, until: null, running_jobs: 'finish', deadline_at: null },
  quarantine: { by: 'operator', reason: 'kai answers wrongly', since: 9 },
  wake: { waking_since: 11, ready_after_seconds: 40 },
  tags: ['desk of kai'],
  use: { gpu_percent: { pool: 0, owner: 71 }, vram_gb: { pool: 8, owner: 4 } },
  tokens_per_second: 31,
  failing_models: [{ model_id: 'llm-a', failures: 2, until: null, last_error: { code: 'x', message: 'prompt text' } }],
  missed_jobs: { window_seconds: 3600, since: 10, total: 9, reasons: [{ code: 'gpu_unavailable', count: 9, wanted: null, found: null }] },
};

test('each field of a node -> shown, reduced or left out', () => {
  expect(Object.keys(WHOLE).sort()).toEqual(Object.keys(nodeViewSchema.shape).sort());
  const { model_control: _control, limits: _limits, tags: _tags, use: _use, tokens_per_second: _rate, ...rest } = WHOLE;
  const { model_rates: _rates, model_reasons: _reasons, next_slot_at: _next, ...shown } = rest;
  expect(limitedNodeOf(WHOLE)).toEqual({
    ...shown,
    hardware: { cpu_cores: 8, memory_gb: 32, gpus: [{ name: 'RTX 4090', memory_gb: 24, simulated: false }] },
    reason: '',
    availability: {
      state: 'busy',
      since: 6,
      reasons: [{ filter: 'resource_use', code: 'resource_threshold_exceeded', wanted: null, found: null }],
    },
    last_heartbeat_at: null,
    resource_usage: null,
    gpus: null,
    health: {
      ...health,
      consecutive_successes: 3,
      window: [],
      failed_checks: [{ check: 'heartbeat', code: 'heartbeat_missed', message: '' }],
    },
    drain: { by: 'node', reason: null, requested_at: 8, deadline_at: null },
    pause: { reason_code: 'owner', detail: null, since: 8, until: null, running_jobs: 'finish', deadline_at: null },
    quarantine: { by: 'operator', reason: null, since: 9 },
    failing_models: [],
    missed_jobs: { window_seconds: 3600, since: 0, total: 0, reasons: [] },
  });
});

/** Values that a newer version could add, in each nested object of the view. */
function withAdded(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withAdded);
  if (typeof value !== 'object' || value === null) return value;
  return { ...Object.fromEntries(Object.entries(value).map(([key, nested]) => [key, withAdded(nested)])), added: 'secret' };
}

test('a field that a newer version adds, also inside another field -> left out', () => {
  const { hardware, availability, health, drain, pause, quarantine, wake, missed_jobs } = WHOLE;
  const nested = { hardware, availability, health, drain, pause, quarantine, wake, missed_jobs };
  const added = { ...WHOLE, ...(withAdded(nested) as typeof nested) };
  expect(JSON.stringify(limitedNodeOf(added))).toBe(JSON.stringify(limitedNodeOf(WHOLE)));
});

test('node that is not connected -> the time of its last heartbeat', () => {
  expect(limitedNodeOf({ ...WHOLE, online: false }).last_heartbeat_at).toBe(7);
});

test('view of an older node -> valid', () => {
  expect(nodeViewSchema.safeParse(limitedNodeOf(nodeView('node-B'))).success).toBe(true);
});

test('history: of another node -> states and codes, no load, no notes; of the own node -> all', () => {
  const cause = { type: 'drain', by: 'operator', note: 'kai is away' } as const;
  const history = nodeHistory({ at: [0, 60_000], events: [{ kind: 'state', at: 5, state: 'draining', cause }] });
  const none = [null, null];
  expect(historyForMember(history, true)).toBe(history);
  expect(historyForMember(history, false)).toEqual({
    ...history,
    gpu_pool_percent: none,
    gpu_owner_percent: none,
    vram_pool_gb: none,
    vram_owner_gb: none,
    events: [{ kind: 'state', at: 5, state: 'draining', cause: { ...cause, note: null } }],
  });
});

test.each(PAUSE_CODES)('history: pause of another node with code %s -> code owner, no note', (code) => {
  const cause = { type: 'pause', code, until: 9, note: 'Factorio' } as const;
  const history = nodeHistory({ events: [{ kind: 'state', at: 5, state: 'paused', cause }] });
  const shown = { type: 'pause', code: 'owner', until: 9, note: null };
  expect(historyForMember(history, false).events).toEqual([{ kind: 'state', at: 5, state: 'paused', cause: shown }]);
});
