import { describe, expect, test } from 'vitest';
import { exclusionWords } from '../../../../src/renderer/words/exclusion-words';
import type { Exclusion } from '../../../../src/shared/api/dispatch';
import { EXCLUSION_REASONS } from '../../../../src/shared/protocol/status';
import { wordsIn } from '../support/words';

type Reason = Pick<Exclusion, 'code' | 'wanted' | 'found'>;

/** The sentences as they read, tags taken off. */
function said(reason: Reason): string {
  const words = wordsIn('en');
  return exclusionWords(words, reason)
    .map(({ key, values }) => (words.t as (key: string, values: object) => string)(key, values).replace(/<\/?b>/g, ''))
    .join('; ')
    .replaceAll('\u00a0', ' ');
}

const thresholds = { cpu_percent_below: 25, gpu_percent_below: 25, mem_percent_below: 30 };

describe('an exclusion in words', () => {
  test.each<readonly [Reason, string]>([
    [{ code: 'not_requested_node', wanted: 'node-A', found: 'node-B' }, 'the job asked for node-A'],
    [
      { code: 'status_not_ready', wanted: 'ready', found: { status: 'degraded', reason_code: 'warmup_timeout' } },
      'its status was Degraded: Not healthy within the warm-up time',
    ],
    [{ code: 'not_online', wanted: true, found: false }, 'its connection was down'],
    [
      { code: 'not_in_public_pool', wanted: { accept_public_jobs: true }, found: { accept_public_jobs: false } },
      'the job is public, and the owner takes no public jobs',
    ],
    [
      { code: 'gpu_unavailable', wanted: { usable: true }, found: { usable: false, fault: 'none_available', memory_gb: null } },
      'no usable GPU: none answers',
    ],
    [
      { code: 'gpu_unavailable', wanted: { usable: true, memory_gb: 40 }, found: { usable: true, fault: null, memory_gb: 24 } },
      'a GPU with 40 GB was asked for, the largest usable one has 24 GB',
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
      'needed m (downloading), translation en → zh (not ready in this language), speech synthesis (none installed), Emotion detection (not supported)',
    ],
    ...(
      [
        [['command', '/v1/rerank'], 'needed m (takes no speech there, only command jobs, reranking)'],
        [['dream'], 'needed m (takes no speech there, only dream)'],
        [[], 'needed m (takes no jobs there)'],
      ] as const
    ).map(
      ([tasks, words]) =>
        [
          {
            code: 'model_not_available',
            wanted: { models: [], kinds: [], features: [], task: { model_id: 'm', task: '/v1/audio/speech' } },
            found: { models: {}, kinds: [], features: {}, tasks: [...tasks] },
          },
          words,
        ] as [Reason, string],
    ),
    [{ code: 'capacity_exceeded', wanted: { in_flight_jobs_below: 4 }, found: { in_flight_jobs: 5 } }, 'job slots taken: 5 of 4'],
    [
      { code: 'resource_threshold_exceeded', wanted: thresholds, found: { cpu_percent: 25, mem_percent: 41 } },
      'processor use was 25 %, the limit is 25 %; memory use was 41 %, the limit is 30 %',
    ],
    [
      { code: 'resource_threshold_exceeded', wanted: thresholds, found: { gpu_percent: null } },
      'GPU use was not reported, the limit is 25 %',
    ],
    [{ code: 'resource_threshold_exceeded', wanted: thresholds, found: null }, 'it has not told its load yet'],
  ])('%j', (reason, sentence) => {
    expect(said(reason)).toBe(sentence);
  });

  test.each(EXCLUSION_REASONS)('%s with figures of another shape is shown raw, or needs none', (code) => {
    expect(said({ code, wanted: 'x', found: 'y' })).toMatch(
      /wanted "x", found "y"|the job asked for x|its connection was down|takes no public jobs/,
    );
  });
});
