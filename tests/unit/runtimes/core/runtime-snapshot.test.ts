// Which changes of models are logged after a probe.
import { expect, test } from 'vitest';
import { modelChanges, type RuntimeModel } from '../../../../src/main/runtimes/core/runtime-snapshot';

const model = (modelId: string, change: Partial<RuntimeModel> = {}): RuntimeModel => ({
  runtimeId: 'folders',
  model: { model_id: modelId, kind: 'llm', version: '1', enabled: true },
  state: 'ready',
  reasonCode: 'all_verified',
  details: {},
  sizeBytes: 1,
  progress: null,
  checkedAtWallMs: 1,
  ...change,
});
const READY = { state: 'ready', reasonCode: 'all_verified', details: {} };
const SIZE = { expected: 9, found: 8 };
const wrong = { state: 'error', reasonCode: 'size_differs', details: SIZE } as const;

test.each<[string, readonly RuntimeModel[], readonly RuntimeModel[], readonly object[]]>([
  ['only the time of the probe', [model('a')], [model('a', { checkedAtWallMs: 9 })], []],
  ['new model', [], [model('a')], [{ modelId: 'a', now: READY }]],
  ['model removed', [model('a'), model('b')], [model('b')], [{ modelId: 'a', now: null }]],
  ['another state, with details', [model('a')], [model('a', wrong)], [{ modelId: 'a', now: wrong }]],
  [
    'same state, another reason',
    [model('a', wrong)],
    [model('a', { state: 'error', reasonCode: 'program_missing' })],
    [{ modelId: 'a', now: { state: 'error', reasonCode: 'program_missing', details: {} } }],
  ],
  ['download progress', [model('a', { details: { bytes: 1 } })], [model('a', { details: { bytes: 2 } })], []],
])('modelChanges: %s', (_title, before, after, changes) => {
  expect(modelChanges(before, after)).toEqual(changes);
});
