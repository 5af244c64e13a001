// Why a node is no candidate, in a sentence.
import { expect, test } from 'vitest';
import { exclusionText } from '../../../../src/main/cli/core/exclusion-text';
import { EXCLUSION_REASONS, type ExclusionReason } from '../../../../src/shared/protocol/status';

type Json = Parameters<typeof exclusionText>[0]['wanted'];

const lack = (change: Record<string, Json>) => ({ models: [], kinds: [], features: [], ...change });
const have = (change: Record<string, Json>) => ({ models: {}, kinds: [], features: {}, ...change });
const limits = (cpu: number, gpu: number, mem: number) => ({ cpu_percent_below: cpu, gpu_percent_below: gpu, mem_percent_below: mem });

const CASES: readonly (readonly [ExclusionReason, Json, Json, string])[] = [
  ['not_requested_node', 'n2', 'n1', 'the job asks for n2'],
  ['status_not_ready', 'ready', { status: 'draining', reason_code: 'drain_requested' }, 'it is draining: drain requested'],
  ['status_not_ready', 'ready', { status: 'resting', reason_code: 'tired' }, 'it is resting: tired'],
  ['not_online', true, false, 'it is not connected'],
  ['not_in_public_pool', {}, {}, 'the job is public, and its owner takes no public jobs'],
  ['gpu_unavailable', { usable: true }, { usable: false, fault: 'gpu_lost', memory_gb: null }, 'none of its GPUs can be used (gpu_lost)'],
  [
    'gpu_unavailable',
    { usable: true, memory_gb: 48 },
    { usable: true, fault: null, memory_gb: 24 },
    'its largest usable GPU has 24 GB, 48 GB are asked for',
  ],
  ['model_not_available', lack({ models: ['m'] }), have({ models: { m: 'not_installed' } }), 'm is not installed'],
  ['model_not_available', lack({ models: ['m'] }), have({ models: { m: 'downloading' } }), 'm is still being downloaded'],
  ['model_not_available', lack({ models: ['m'] }), have({ models: { m: 'asleep' } }), 'm is not known to be ready'],
  [
    'model_not_available',
    lack({ kinds: [{ kind: 'nmt', src_lang: 'en', tgt_lang: null }], features: ['rag'] }),
    have({ kinds: [[]] }),
    'no model for nmt en is ready; it has no rag',
  ],
  [
    'model_not_available',
    lack({ task: { model_id: 'm', task: '/v1/chat/completions' } }),
    have({ tasks: ['command', '/v1/audio/speech'] }),
    'm takes command, audio/speech, not chat',
  ],
  ['model_not_available', lack({ task: { model_id: 'm', task: 'command' } }), have({ tasks: [] }), 'm takes no jobs, not command'],
  [
    'capacity_exceeded',
    { in_flight_jobs_below: 4 },
    { in_flight_jobs: 4, assigned_jobs: 4, reported_jobs: null },
    'it has 4 jobs of the 4 that it takes at a time',
  ],
  [
    'resource_threshold_exceeded',
    limits(25, 25, 25),
    { cpu_percent: 99.8 },
    'its processor is at 99.8 %, jobs go where it is below 25 % (scheduler.load_balancer.resource_threshold)',
  ],
  [
    'resource_threshold_exceeded',
    limits(25, 50, 80),
    { gpu_percent: null, mem_percent: 90 },
    'its GPU is at an unknown use, jobs go where it is below 50 % (scheduler.load_balancer.gpu_threshold); ' +
      'its memory is at 90 %, jobs go where it is below 80 % (scheduler.load_balancer.memory_threshold)',
  ],
  ['resource_threshold_exceeded', limits(25, 25, 25), null, 'it has not told its load yet'],
];

test.each(CASES)('%s, wanted %j and found %j, is a sentence', (code, wanted, found, words) => {
  expect(exclusionText({ code, wanted, found })).toBe(words);
});

test('every reason is among these cases', () => {
  expect(new Set(CASES.map(([code]) => code))).toEqual(new Set(EXCLUSION_REASONS));
});

test.each<[ExclusionReason, Json, Json]>([
  ['status_not_ready', 'ready', 7],
  ['gpu_unavailable', {}, {}],
  ['model_not_available', 'm', []],
  ['capacity_exceeded', 1, {}],
  ['resource_threshold_exceeded', limits(1, 1, 1), {}],
])('%s of another version is shown as it is', (code, wanted, found) => {
  expect(exclusionText({ code, wanted, found })).toBe(`wanted ${JSON.stringify(wanted)}, found ${JSON.stringify(found)}`);
});

test('a name from outside steers no terminal', () => {
  expect(exclusionText({ code: 'not_requested_node', wanted: '\u001b[2J', found: 'n1' })).toBe('the job asks for \\u001b[2J');
});
