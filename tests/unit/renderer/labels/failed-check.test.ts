import { describe, expect, test } from 'vitest';
import { failedCheckLabel } from '../../../../src/renderer/labels/failed-check';
import type { FailedCheck } from '../../../../src/shared/protocol/scheduler-messages';
import { gpuUnavailable, lateHeartbeat, modelNotReady } from '../../../fixtures/app-states/statuses';
import { labelsIn } from '../support/labels';

const models = (details: Record<string, unknown>): FailedCheck => ({ ...modelNotReady, details });

describe('failedCheckLabel', () => {
  test.each<readonly [string, FailedCheck, string, string | null]>([
    ['a late heartbeat says by how much', lateHeartbeat, 'Heartbeat late', '12 s late, 45 s allowed'],
    ['no usable GPU says of how many', gpuUnavailable, 'No usable GPU', 'no GPU responds: 0 of 2 GPUs usable'],
    [
      'GPUs without live figures are not counted as none',
      { ...gpuUnavailable, details: { fault: 'use_unreadable', available: null, of: 2 } },
      'No usable GPU',
      'the driver reports no readable usage',
    ],
    ['a required model is named with its state', modelNotReady, 'Model not ready', 'the pool requires piper-zh (not usable)'],
    [
      'a node without an enabled model says so',
      models({ rule: 'any', models: [], not_ready: 0, of: 0 }),
      'Model not ready',
      'no model is enabled',
    ],
    [
      'more models than are named are counted',
      models({ rule: 'all', models: [{ model_id: 'a', state: 'downloading' }], not_ready: 3, of: 4 }),
      'Model not ready',
      '3 of 4 not ready: a (downloading), and 2 more',
    ],
    [
      'a state that is not known is shown as it is',
      models({ rule: 'required', models: [{ model_id: 'a', state: 'frozen' }], not_ready: 1, of: 1 }),
      'Model not ready',
      'the pool requires a (frozen)',
    ],
    ['numbers of another shape are left out', models({ rule: 1 }), 'Model not ready', null],
    ['no numbers at all', { check: 'gpu', code: 'gpu_unavailable', message: 'not shown' }, 'No usable GPU', null],
  ])('%s', (_name, check, title, detail) => {
    const labels = failedCheckLabel(labelsIn('en'), check);
    expect({ ...labels, detail: labels.detail?.replaceAll('\u00a0', ' ') ?? null }).toEqual({ title, detail });
  });

  test('Chinese punctuation', () => {
    expect(failedCheckLabel(labelsIn('zh-CN'), gpuUnavailable)).toEqual({
      title: '没有可用显卡',
      detail: '没有显卡响应：0/2 张显卡可用',
    });
  });
});
