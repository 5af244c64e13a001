import { describe, expect, test } from 'vitest';
import { exclusionTexts } from '../../../../src/renderer/labels/exclusion-labels';
import type { Exclusion } from '../../../../src/shared/api/dispatch';
import { EXCLUSION_REASONS } from '../../../../src/shared/protocol/status';
import { labelsIn } from '../support/labels';

type Reason = Pick<Exclusion, 'code' | 'wanted' | 'found'>;

/** The sentences without their tags. */
function said(reason: Reason): string {
  const labels = labelsIn('en');
  return exclusionTexts(labels, reason)
    .map(({ key, values }) => (labels.t as (key: string, values: object) => string)(key, values).replace(/<\/?b>/g, ''))
    .join('; ')
    .replaceAll('\u00a0', ' ');
}

const set_by = { cpu: 'default', gpu: 'default', mem: 'default' };
const thresholds = { cpu_percent_below: 25, gpu_percent_below: 25, mem_percent_below: 30, available_memory_gb: 2, set_by };

describe('exclusionTexts', () => {
  test.each<readonly [Reason, string]>([
    [{ code: 'not_requested_node', wanted: 'node-A', found: 'node-B' }, 'the job is for node node-A'],
    [{ code: 'not_requested_node', wanted: { other_than: 'node-A' }, found: 'node-A' }, 'another node must confirm the error of this node'],
    [{ code: 'quarantined', wanted: null, found: { by: 'operator', reason: null, since: 1 } }, 'set by an operator'],
    [
      { code: 'quarantined', wanted: null, found: { by: 'operator', reason: 'wrong answers', since: 1 } },
      'set by an operator, note: wrong answers',
    ],
    [
      {
        code: 'model_failing',
        wanted: { failures_in_row_below: 3 },
        found: { model_id: 'm', failures: 4, until: null, last_error: { code: 'command_failed', message: 'it broke' } },
      },
      'm failed 4 times in a row, one job tests it now; last error: it broke',
    ],
    [
      { code: 'model_failing', wanted: { failures_in_row_below: 3 }, found: { model_id: 'm', failures: 4, until: null, last_error: null } },
      'm failed 4 times in a row, one job tests it now',
    ],
    [
      { code: 'status_not_ready', wanted: 'ready', found: { status: 'degraded', reason_code: 'warmup_timeout' } },
      'status Degraded (Health checks not passed within the warm-up time)',
    ],
    ...['drain_complete', 'drain_timeout'].map(
      (reason_code) =>
        [
          { code: 'status_not_ready', wanted: 'ready', found: { status: 'offline', reason_code } },
          'drained: gets no jobs until the node is resumed',
        ] as [Reason, string],
    ),
    [{ code: 'not_online', wanted: true, found: false }, 'no connection to the scheduler'],
    [
      { code: 'not_in_public_pool', wanted: { accept_public_jobs: true }, found: { accept_public_jobs: false } },
      'the job is not private, and the node accepts private jobs only',
    ],
    [
      { code: 'gpu_unavailable', wanted: { usable: true }, found: { usable: false, fault: 'none_available', memory_gb: null } },
      'no usable GPU (no GPU responds)',
    ],
    [
      { code: 'gpu_unavailable', wanted: { usable: true, memory_gb: 40 }, found: { usable: true, fault: null, memory_gb: 24 } },
      'requires a GPU with 40 GB, the largest usable GPU has 24 GB',
    ],
    [
      {
        code: 'model_not_available',
        wanted: {
          models: ['m'],
          kinds: [
            { kind: 'nmt', src_lang: 'en', tgt_lang: 'zh' },
            { kind: 'tts', src_lang: null, tgt_lang: null },
          ],
          features: ['emotion_detection'],
        },
        found: { models: { m: 'downloading' }, kinds: [[{ model_id: 'x' }], []], features: { emotion_detection: null } },
      },
      'requires m (downloading), translation en → zh (no ready model for this language), speech synthesis (no model installed), Emotion detection (not supported)',
    ],
    ...(
      [
        [['command', '/v1/rerank'], 'requires m (does not support speech, only command jobs, reranking)'],
        [['dream'], 'requires m (does not support speech, only dream)'],
        [[], 'requires m (cannot run jobs on this node)'],
      ] as const
    ).map(
      ([tasks, labels]) =>
        [
          {
            code: 'model_not_available',
            wanted: { models: [], kinds: [], features: [], task: { model_id: 'm', task: '/v1/audio/speech' } },
            found: { models: {}, kinds: [], features: {}, tasks: [...tasks] },
          },
          labels,
        ] as [Reason, string],
    ),
    [{ code: 'capacity_exceeded', wanted: { in_flight_jobs_below: 4 }, found: { in_flight_jobs: 5 } }, '5 of 4 job slots in use'],
    [
      { code: 'resource_threshold_exceeded', wanted: thresholds, found: { cpu_percent: 25, mem_percent: 41 } },
      'owner uses 25% of the CPU, limit 25%; 41% of memory in use, limit 30%',
    ],
    [{ code: 'resource_threshold_exceeded', wanted: thresholds, found: { gpu_percent: 71 } }, 'owner uses 71% of the GPU, limit 25%'],
    [
      { code: 'resource_threshold_exceeded', wanted: thresholds, found: { available_memory_gb: 1.3 } },
      '1.3 GB of memory available, 2 GB needed',
    ],
    [{ code: 'resource_threshold_exceeded', wanted: thresholds, found: null }, 'usage not reported yet'],
    // A member does not see the load of other computers.
    [{ code: 'resource_threshold_exceeded', wanted: null, found: null }, ''],
  ])('%j', (reason, sentence) => {
    expect(said(reason)).toBe(sentence);
  });

  test.each(EXCLUSION_REASONS)('%s: wanted and found of another shape -> shown as JSON, or not needed', (code) => {
    expect(said({ code, wanted: 'x', found: 'y' })).toMatch(
      /required "x", found "y"|the job is for node x|no connection to the scheduler|accepts private jobs only/,
    );
  });
});
