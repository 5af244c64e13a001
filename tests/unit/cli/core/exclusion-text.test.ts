// Why a node is not a candidate, as text.
import { expect, test } from 'vitest';
import { exclusionText, failingModelText } from '../../../../src/main/cli/core/exclusion-text';
import { EXCLUSION_REASONS, type ExclusionReason } from '../../../../src/shared/protocol/status';

type Json = Parameters<typeof exclusionText>[0]['wanted'];

const lack = (change: Record<string, Json>) => ({ models: [], kinds: [], features: [], ...change });
const have = (change: Record<string, Json>) => ({ models: {}, kinds: [], features: {}, ...change });
const limits = (cpu: number | null, gpu: number | null, mem: number | null, setBy = 'default') => ({
  cpu_percent_below: cpu,
  gpu_percent_below: gpu,
  mem_percent_below: mem,
  available_memory_gb: 2,
  set_by: { cpu: setBy, gpu: setBy, mem: setBy },
});

const CASES: readonly (readonly [ExclusionReason, Json, Json, string])[] = [
  ['not_requested_node', 'n2', 'n1', 'the job requires node n2'],
  ['status_not_ready', 'ready', { status: 'draining', reason_code: 'drain_requested' }, 'status draining: drain requested'],
  ['status_not_ready', 'ready', { status: 'resting', reason_code: 'tired' }, 'status resting: tired'],
  ['not_online', true, false, 'not connected'],
  ['not_requested_node', { other_than: 'n1' }, 'n1', 'another node must confirm the error of this one'],
  ['quarantined', null, { by: 'operator', reason: null, since: 1 }, 'quarantined by an operator'],
  ['quarantined', null, { by: 'operator', reason: 'wrong answers', since: 1 }, 'quarantined by an operator: wrong answers'],
  [
    'model_failing',
    { failures_in_row_below: 3 },
    { model_id: 'm', failures: 3, until: 30_000, last_error: { code: 'command_failed', message: 'it broke' } },
    'm failed 3 times in a row on this node, excluded until 1970-01-01T00:00:30.000Z; last error command_failed: it broke',
  ],
  [
    'model_failing',
    { failures_in_row_below: 3 },
    { model_id: 'm', failures: 4, until: null, last_error: null },
    'm failed 4 times in a row on this node, one job tests the model now',
  ],
  ['not_in_public_pool', {}, {}, 'accepts private jobs only'],
  ['gpu_unavailable', { usable: true }, { usable: false, fault: 'gpu_lost', memory_gb: null }, 'no usable GPU (gpu_lost)'],
  [
    'gpu_unavailable',
    { usable: true, memory_gb: 48 },
    { usable: true, fault: null, memory_gb: 24 },
    'largest usable GPU has 24 GB, the job requires 48 GB',
  ],
  ['model_not_available', lack({ models: ['m'] }), have({ models: { m: 'not_installed' } }), 'm is not installed'],
  ['model_not_available', lack({ models: ['m'] }), have({ models: { m: 'downloading' } }), 'm is downloading'],
  ['model_not_available', lack({ models: ['m'] }), have({ models: { m: 'asleep' } }), 'm has an unknown state'],
  [
    'model_not_available',
    lack({ kinds: [{ kind: 'nmt', src_lang: 'en', tgt_lang: null }], features: ['rag'] }),
    have({ kinds: [[]] }),
    'no ready model of kind nmt en; feature rag is missing',
  ],
  [
    'model_not_available',
    lack({ task: { model_id: 'm', task: '/v1/chat/completions' } }),
    have({ tasks: ['command', '/v1/audio/speech'] }),
    'm supports command, audio/speech, not chat',
  ],
  ['model_not_available', lack({ task: { model_id: 'm', task: 'command' } }), have({ tasks: [] }), 'm supports no task, not command'],
  [
    'capacity_exceeded',
    { in_flight_jobs_below: 4 },
    { in_flight_jobs: 4, assigned_jobs: 4, reported_jobs: null },
    '4 of 4 job slots in use',
  ],
  [
    'resource_threshold_exceeded',
    limits(60, 25, 90),
    { cpu_percent: 71.4 },
    'its owner uses 71 % of the CPU, limit 60 % (default; its owner can set agent.limits.cpu_percent, an operator scheduler.load_balancer.cpu_threshold)',
  ],
  [
    'resource_threshold_exceeded',
    limits(null, 50, 80, 'scheduler'),
    { gpu_percent: 51, mem_percent: 90 },
    'its owner uses 51 % of the GPU, limit 50 % (set by an operator, who can change scheduler.load_balancer.gpu_threshold); ' +
      '90 % of the memory in use, limit 80 % (set by an operator, who can change scheduler.load_balancer.memory_threshold)',
  ],
  [
    'resource_threshold_exceeded',
    limits(60, 40, null, 'owner'),
    { gpu_percent: 41, available_memory_gb: 1.5 },
    'its owner uses 41 % of the GPU, limit 40 % (set by its owner, who can change agent.share or agent.limits.gpu_percent); 1.5 GB of memory available, 2 GB needed (default; its owner can set agent.limits.mem_percent, an operator scheduler.load_balancer.memory_threshold)',
  ],
  ['vram_insufficient', { model_id: 'm', vram_gb: 20 }, { free_vram_gb: 3.5 }, 'm needs 20 GB of GPU memory, 3.5 GB are free'],
  ['resource_threshold_exceeded', limits(25, 25, 25), null, 'load not reported yet'],
];

test.each(CASES)('exclusion: %s, wanted %j, found %j -> text', (code, wanted, found, text) => {
  expect(exclusionText({ code, wanted, found })).toBe(text);
});

test('exclusion: every reason is tested', () => {
  expect(new Set(CASES.map(([code]) => code))).toEqual(new Set(EXCLUSION_REASONS));
});

test.each<[ExclusionReason, Json, Json]>([
  ['status_not_ready', 'ready', 7],
  ['gpu_unavailable', {}, {}],
  ['model_not_available', 'm', []],
  ['capacity_exceeded', 1, {}],
  ['vram_insufficient', {}, {}],
  ['resource_threshold_exceeded', limits(1, 1, 1), {}],
  ['resource_threshold_exceeded', { cpu_percent_below: 25, gpu_percent_below: 25, mem_percent_below: 25 }, { cpu_percent: 99 }],
])('exclusion: %s of another version -> JSON', (code, wanted, found) => {
  expect(exclusionText({ code, wanted, found })).toBe(`wanted ${JSON.stringify(wanted)}, found ${JSON.stringify(found)}`);
});

test('exclusion: control characters -> escaped', () => {
  expect(exclusionText({ code: 'not_requested_node', wanted: '\u001b[2J', found: 'n1' })).toBe('the job requires node \\u001b[2J');
});

test('failing model that no other node judges -> still gets jobs', () => {
  const facts = { model: 'm', failures: 3, untilWallMs: null, lastError: { code: 'crashed', message: 'no file' } };
  expect(failingModelText(facts, { takesJobs: true })).toBe(
    'm failed 3 times in a row on this node and still gets jobs; last error crashed: no file',
  );
});
