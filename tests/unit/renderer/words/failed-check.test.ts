import { describe, expect, test } from 'vitest';
import { failedCheckWords } from '../../../../src/renderer/words/failed-check';
import type { FailedCheck } from '../../../../src/shared/protocol/scheduler-messages';
import { gpuUnavailable, lateHeartbeat, modelNotReady } from '../../../fixtures/app-states/statuses';
import { wordsIn } from '../support/words';

const models = (details: Record<string, unknown>): FailedCheck => ({ ...modelNotReady, details });

describe('a failed check in words', () => {
  test.each<readonly [string, FailedCheck, string, string | null]>([
    ['a late heartbeat says by how much', lateHeartbeat, 'The heartbeat came late', '12 s late, 45 s allowed'],
    ['no usable GPU says of how many', gpuUnavailable, 'No GPU can be used now', 'none answers: 0 of 2 GPUs usable'],
    [
      'GPUs without live figures are not counted as none',
      { ...gpuUnavailable, details: { fault: 'use_unreadable', available: null, of: 2 } },
      'No GPU can be used now',
      'the driver reports no readable use',
    ],
    ['a required model is named with its state', modelNotReady, 'A model is not ready', 'required here: piper-zh (not usable)'],
    [
      'a node without an enabled model says so',
      models({ rule: 'any', models: [], not_ready: 0, of: 0 }),
      'A model is not ready',
      'no model is enabled',
    ],
    [
      'more models than are named are counted',
      models({ rule: 'all', models: [{ model_id: 'a', state: 'downloading' }], not_ready: 3, of: 4 }),
      'A model is not ready',
      '3 of 4 not ready: a (downloading), and 2 more',
    ],
    [
      'a state that is not known is shown as it is',
      models({ rule: 'required', models: [{ model_id: 'a', state: 'frozen' }], not_ready: 1, of: 1 }),
      'A model is not ready',
      'required here: a (frozen)',
    ],
    ['numbers of another shape are left out', models({ rule: 1 }), 'A model is not ready', null],
    ['no numbers at all', { check: 'gpu', code: 'gpu_unavailable', message: 'not shown' }, 'No GPU can be used now', null],
  ])('%s', (_name, check, title, detail) => {
    const words = failedCheckWords(wordsIn('en'), check);
    expect({ ...words, detail: words.detail?.replaceAll('\u00a0', ' ') ?? null }).toEqual({ title, detail });
  });

  test('is said in Chinese with Chinese punctuation', () => {
    expect(failedCheckWords(wordsIn('zh-CN'), gpuUnavailable)).toEqual({
      title: '当前没有可用显卡',
      detail: '没有显卡应答：2 张显卡中 0 张可用',
    });
  });
});
