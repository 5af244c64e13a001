import { describe, expect, test } from 'vitest';
import { failedCheckLabel } from '../../../../src/renderer/labels/failed-check';
import type { FailedCheck } from '../../../../src/shared/protocol/scheduler-messages';
import { gpuUnavailable, lateHeartbeat, modelNotReady } from '../../../fixtures/app-states/statuses';
import { labelsIn } from '../support/labels';

const models = (details: Record<string, unknown>): FailedCheck => ({ ...modelNotReady, details });

describe('failedCheckLabel', () => {
  test.each<readonly [string, FailedCheck, string, string | null]>([
    ['late heartbeat -> delay and limit', lateHeartbeat, 'Heartbeat late', '12 s late, 45 s allowed'],
    ['no usable GPU -> number of GPUs', gpuUnavailable, 'No usable GPU', 'no GPU responds: 0 of 2 GPUs usable'],
    [
      'GPUs without live figures -> no count',
      { ...gpuUnavailable, details: { fault: 'use_unreadable', available: null, of: 2 } },
      'No usable GPU',
      'the driver reports no readable usage',
    ],
    ['required model -> named with its state', modelNotReady, 'Model not ready', 'the pool requires piper-zh (not usable)'],
    ['no enabled model -> text', models({ rule: 'any', models: [], not_ready: 0, of: 0 }), 'Model not ready', 'no model is enabled'],
    [
      'more models than are named -> counted',
      models({ rule: 'all', models: [{ model_id: 'a', state: 'downloading' }], not_ready: 3, of: 4 }),
      'Model not ready',
      '3 of 4 not ready: a (downloading), and 2 more',
    ],
    [
      'unknown state -> shown unchanged',
      models({ rule: 'required', models: [{ model_id: 'a', state: 'frozen' }], not_ready: 1, of: 1 }),
      'Model not ready',
      'the pool requires a (frozen)',
    ],
    ['details of another shape -> left out', models({ rule: 1 }), 'Model not ready', null],
    ['no details -> null', { check: 'gpu', code: 'gpu_unavailable', message: 'not shown' }, 'No usable GPU', null],
  ])('%s', (_name, check, title, detail) => {
    const labels = failedCheckLabel(labelsIn('en'), check);
    expect({ ...labels, detail: labels.detail?.replaceAll('\u00a0', ' ') ?? null }).toEqual({ title, detail });
  });

  test('Chinese punctuation', () => {
    expect(failedCheckLabel(labelsIn('zh-CN'), gpuUnavailable)).toEqual({
      title: '没有可用显卡',
      detail: '没有显卡响应：0/2 块显卡可用',
    });
  });
});
