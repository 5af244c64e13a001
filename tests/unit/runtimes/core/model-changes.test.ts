// Which models a log speaks of after a look.
import { expect, test } from 'vitest';
import { modelChanges } from '../../../../src/main/runtimes/core/model-changes';
import type { RuntimeModel } from '../../../../src/main/runtimes/core/runtime-snapshot';

const model = (modelId: string, change: Partial<RuntimeModel> = {}): RuntimeModel => ({
  runtimeId: 'folders',
  model: { model_id: modelId, kind: 'llm', version: '1', enabled: true },
  state: 'ready',
  reasonCode: 'all_verified',
  details: {},
  sizeBytes: 1,
  progress: null,
  checkedAtMs: 1,
  ...change,
});
const READY = { state: 'ready', reasonCode: 'all_verified', details: {} };
const SIZE = { expected: 9, found: 8 };
const wrong = { state: 'error', reasonCode: 'size_differs', details: SIZE } as const;

test.each<[string, readonly RuntimeModel[], readonly RuntimeModel[], readonly object[]]>([
  ['nothing', [model('a')], [model('a', { checkedAtMs: 9 })], []],
  ['a model that is new', [], [model('a')], [{ modelId: 'a', now: READY }]],
  ['a model that is gone', [model('a'), model('b')], [model('b')], [{ modelId: 'a', now: null }]],
  ['another state, with its numbers', [model('a')], [model('a', wrong)], [{ modelId: 'a', now: wrong }]],
  [
    'another reason for the same state',
    [model('a', wrong)],
    [model('a', { state: 'error', reasonCode: 'program_missing' })],
    [{ modelId: 'a', now: { state: 'error', reasonCode: 'program_missing', details: {} } }],
  ],
  ['a download that only grows', [model('a', { details: { bytes: 1 } })], [model('a', { details: { bytes: 2 } })], []],
])('of %s', (_what, before, after, changes) => {
  expect(modelChanges(before, after)).toEqual(changes);
});
