// What a look means after those before it: a missed answer, and what counts as one.
import { describe, expect, test } from 'vitest';
import type { RuntimeSnapshot, RuntimeStatus } from '../../../../src/main/runtimes/core/runtime-snapshot';
import { isAtWorkForUs, type Settled, settle } from '../../../../src/main/runtimes/core/hysteresis';

const status = (state: RuntimeStatus['state'], reasonCode: RuntimeStatus['reasonCode']): RuntimeStatus => ({
  id: 'r',
  flavour: 'ollama',
  url: 'r',
  version: null,
  state,
  reasonCode,
  details: {},
  checkedAtMs: 0,
});
const found = (state: RuntimeStatus['state'], reasonCode: RuntimeStatus['reasonCode'], ...ids: string[]): RuntimeSnapshot => ({
  runtime: status(state, reasonCode),
  models: ids.map((id) => ({
    runtimeId: 'r',
    model: { model_id: id, kind: 'llm', version: '1', enabled: true },
    state: 'ready',
    reasonCode: 'loaded',
    details: {},
    sizeBytes: null,
    progress: null,
    checkedAtMs: 0,
  })),
});
const RUNNING = found('running', 'ok', 'm');
const after = (...looks: RuntimeSnapshot[]) => {
  const settled = looks.reduce<Settled | null>((before, look) => settle(before, look), null);
  return [
    settled?.snapshot.runtime.state,
    settled?.misses,
    ...(settled?.snapshot.models ?? []).map(({ state, reasonCode }) => `${state} ${reasonCode}`),
  ];
};

describe('a list that does not come', () => {
  const LOST = found('starting', 'list_not_answered');

  test.each([
    ['once', [RUNNING, LOST], ['running', 1, 'ready loaded']],
    ['twice', [RUNNING, LOST, LOST], ['running', 2, 'ready loaded']],
    ['twice and then does', [RUNNING, LOST, LOST, RUNNING], ['running', 0, 'ready loaded']],
    ['three times', [RUNNING, LOST, LOST, LOST], ['starting', 3, 'not_installed runtime_starting']],
    [
      'between looks without any answer',
      [RUNNING, LOST, found('not_running', 'timeout'), LOST],
      ['starting', 3, 'not_installed runtime_starting'],
    ],
    ['at the first look', [LOST], ['starting', 1]],
  ])('%s', (_when, looks, expected) => {
    expect(after(...looks)).toEqual(expected);
  });
});

test('a model that is still being loaded is told at once', () => {
  expect(after(RUNNING, found('starting', 'loading_model'))).toEqual(['starting', 0, 'not_installed runtime_starting']);
});

test.each([
  ['timeout', 0, true],
  ['timeout', 10_000, true],
  ['list_not_answered', 3000, true],
  ['timeout', 10_001, false],
  ['timeout', Infinity, false],
  // Nothing listens any more: the job that still comes is its last.
  ['refused', 0, false],
] as const)('%s, with bytes of a job %d ms ago: it is at work for us: %s', (reasonCode, agoMs, expected) => {
  expect(isAtWorkForUs({ reasonCode }, agoMs)).toBe(expected);
});
