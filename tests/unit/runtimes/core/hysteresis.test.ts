// Flap damping: the state of a runtime after a series of probes, and which probes count as failed.
import { describe, expect, test } from 'vitest';
import type { RuntimeSnapshot, RuntimeStatus } from '../../../../src/main/runtimes/core/runtime-snapshot';
import { isBusyWithJob, type DampedSnapshot, withHysteresis } from '../../../../src/main/runtimes/core/hysteresis';

const status = (state: RuntimeStatus['state'], reasonCode: RuntimeStatus['reasonCode']): RuntimeStatus => ({
  id: 'r',
  type: 'ollama',
  url: 'r',
  version: null,
  state,
  reasonCode,
  details: {},
  checkedAtWallMs: 0,
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
    checkedAtWallMs: 0,
  })),
});
const RUNNING = found('running', 'ok', 'm');
const after = (...probes: RuntimeSnapshot[]) => {
  const damped = probes.reduce<DampedSnapshot | null>((before, probe) => withHysteresis(before, probe), null);
  return [
    damped?.snapshot.runtime.state,
    damped?.failedProbes,
    ...(damped?.snapshot.models ?? []).map(({ state, reasonCode }) => `${state} ${reasonCode}`),
  ];
};

describe('list of models not answered', () => {
  const LOST = found('starting', 'list_not_answered');

  test.each([
    ['once', [RUNNING, LOST], ['running', 1, 'ready loaded']],
    ['twice', [RUNNING, LOST, LOST], ['running', 2, 'ready loaded']],
    ['twice, then answered', [RUNNING, LOST, LOST, RUNNING], ['running', 0, 'ready loaded']],
    ['three times', [RUNNING, LOST, LOST, LOST], ['starting', 3, 'not_installed runtime_starting']],
    [
      'between probes without any answer',
      [RUNNING, LOST, found('not_running', 'timeout'), LOST],
      ['starting', 3, 'not_installed runtime_starting'],
    ],
    ['in the first probe', [LOST], ['starting', 1]],
  ])('%s', (_title, probes, expected) => {
    expect(after(...probes)).toEqual(expected);
  });
});

test('hysteresis: server loads a model -> starting immediately', () => {
  expect(after(RUNNING, found('starting', 'loading_model'))).toEqual(['starting', 0, 'not_installed runtime_starting']);
});

test.each([
  ['timeout', 0, true],
  ['timeout', 10_000, true],
  ['list_not_answered', 3000, true],
  ['timeout', 10_001, false],
  ['timeout', Infinity, false],
  // Nothing listens any more: the running job is the last one.
  ['refused', 0, false],
] as const)('isBusyWithJob: %s, bytes of a job %d ms ago -> %s', (reasonCode, agoMs, expected) => {
  expect(isBusyWithJob({ reasonCode }, agoMs)).toBe(expected);
});
