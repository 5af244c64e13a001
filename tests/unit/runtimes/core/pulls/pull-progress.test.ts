// Ollama's progress lines, the choice of the next download, retries, and the view of a download.
import { describe, expect, test } from 'vitest';
import { pullStepOf, NO_PROGRESS, type PullStep, refusalMessageOf } from '../../../../../src/main/runtimes/core/pulls/pull-progress';
import {
  listedName,
  modelsToPull,
  nextPull,
  type PullState,
  pullView,
  retryDelayMs,
  listedNames,
} from '../../../../../src/main/runtimes/core/pulls/pull-machine';
import type { RuntimeModel } from '../../../../../src/main/runtimes/core/runtime-snapshot';
import { LAYER, PULL_LINES, pulling } from '../../../../support/stand-ins/ollama';

/** The step after these lines. */
function after(...lines: readonly object[]): PullStep {
  let step: PullStep = { kind: 'progress', progress: NO_PROGRESS };
  for (const line of lines) step = pullStepOf(step.kind === 'progress' ? step.progress : NO_PROGRESS, JSON.stringify(line));
  return step;
}
const bytes = (step: PullStep) =>
  step.kind === 'progress'
    ? `${step.progress.status}: ${String(step.progress.completedBytes)} of ${String(step.progress.totalBytes)}`
    : step.kind;

describe('pullStepOf', () => {
  test('lines of a download -> steps with the bytes of all layers, then done', () => {
    expect(PULL_LINES.map((_, i) => bytes(after(...PULL_LINES.slice(0, i + 1))))).toEqual([
      'pulling manifest: 0 of 0',
      'pulling dde5aa3fc5ff: 0 of 2019377376',
      'pulling dde5aa3fc5ff: 504844344 of 2019377376',
      'pulling dde5aa3fc5ff: 2019377376 of 2019377376',
      'pulling 966de95ca8a6: 2019378805 of 2019378805',
      'verifying sha256 digest: 2019378805 of 2019378805',
      'writing manifest: 2019378805 of 2019378805',
      'done',
    ]);
  });

  test.each<[string, string, object]>([
    [
      'error',
      '{"error":"pull model manifest: file does not exist"}',
      { kind: 'failed', message: 'pull model manifest: file does not exist' },
    ],
    ['very long error', JSON.stringify({ error: 'x'.repeat(1000) }), { kind: 'failed', message: 'x'.repeat(500) }],
    ['not JSON', '<html>', { kind: 'unreadable' }],
    ['not an object', '[1]', { kind: 'unreadable' }],
    ['negative bytes', JSON.stringify({ ...pulling(LAYER, 5), completed: -1 }), { kind: 'unreadable' }],
    ['nulls', '{"status":null,"digest":null,"total":null,"completed":null,"error":null}', { kind: 'progress', progress: NO_PROGRESS }],
    ['no known field', '{}', { kind: 'progress', progress: NO_PROGRESS }],
  ])('%s', (_title, line, expected) => {
    expect(pullStepOf(NO_PROGRESS, line)).toEqual(expected);
  });

  test('completed above total -> total; more than 1000 layers -> 1000', () => {
    expect(bytes(after(pulling(LAYER, 10, 99)))).toBe('pulling dde5aa3fc5ff: 10 of 10');
    const many = Array.from({ length: 1200 }, (_, i) => pulling(`sha256:${String(i).padStart(12, '0')}`, 1, 1));
    expect(bytes(after(...many))).toBe('pulling 000000001199: 1000 of 1000');
    expect(bytes(after(...many, pulling('sha256:000000000000', 5, 3)))).toBe('pulling 000000000000: 1002 of 1004');
  });
});

test.each([
  ['{"error":"invalid model name"}', 'invalid model name'],
  ['oops', 'HTTP status 400'],
  ['{"error":7}', 'HTTP status 400'],
])('refusalMessageOf: %s -> %s', (text, message) => {
  expect(refusalMessageOf(400, text)).toBe(message);
});

describe('model name', () => {
  test.each([
    ['llama3.2', 'llama3.2:latest'],
    ['llama3.2:3b', 'llama3.2:3b'],
    ['me/mine', 'me/mine:latest'],
    ['hub:5000/me/mine', 'hub:5000/me/mine:latest'],
    ['hf.co/org/repo:Q4_K_M', 'hf.co/org/repo:Q4_K_M'],
  ])('listedName: %s -> %s', (name, listed) => {
    expect(listedName(name)).toBe(listed);
  });

  test('listedNames: duplicates removed', () => {
    expect(listedNames(['a', 'b:1', 'A:latest', 'b'])).toEqual(['A:latest', 'b:1', 'b:latest']);
  });

  test('modelsToPull: case ignored', () => {
    const models = ['LLAMA3.2:latest', 'other:latest'].map((model_id) => ({ model: { model_id } }) as RuntimeModel);
    expect(modelsToPull(['llama3.2:latest', 'llama3.2:3b'], models)).toEqual(['llama3.2:3b']);
  });
});

const failed = (retryAtMonotonicMs: number): PullState => ({
  kind: 'failed',
  failure: { code: 'pull_broken', message: 'refused' },
  failures: 2,
  retryAtMonotonicMs,
  retryAtWallMs: 7,
});

test.each<[string, readonly [string, PullState][], string | null]>([
  ['first that never failed', [['a', failed(0)]], 'b'],
  [
    'first failed one that is due',
    [
      ['a', failed(101)],
      ['b', failed(100)],
      ['c', failed(0)],
    ],
    'b',
  ],
  [
    'none while all retries wait',
    [
      ['a', failed(101)],
      ['b', failed(102)],
      ['c', failed(103)],
    ],
    null,
  ],
])('nextPull: %s', (_title, states, expected) => {
  expect(nextPull(['a', 'b', 'c'], new Map(states), 100)).toBe(expected);
});

test('retryDelayMs: 15 s, doubled each time, at most one hour', () => {
  expect([1, 2, 3, 9, 50].map((failures) => retryDelayMs(failures, 0.5))).toEqual([15_000, 30_000, 60_000, 3_600_000, 3_600_000]);
  expect([retryDelayMs(1, 0), retryDelayMs(1, 1)]).toEqual([13_500, 16_500]);
});

test.each<[string, PullState, string | null, object]>([
  [
    'waiting',
    { kind: 'waiting' },
    'http://o',
    { state: 'not_installed', reasonCode: 'pull_waiting', details: {}, progress: null, sizeBytes: null },
  ],
  ['no Ollama', { kind: 'waiting' }, null, { runtimeId: 'ollama', state: 'not_installed', reasonCode: 'pull_no_ollama' }],
  [
    'before the first byte',
    { kind: 'pulling', progress: NO_PROGRESS, bytesPerSecond: null },
    'http://o',
    { state: 'downloading', reasonCode: 'pulling', progress: null, sizeBytes: null },
  ],
  [
    'downloading',
    {
      kind: 'pulling',
      progress: { status: 'pulling x', completedBytes: 999, totalBytes: 1000 },
      bytesPerSecond: 12.4,
    },
    'http://o',
    {
      state: 'downloading',
      progress: 0.99,
      sizeBytes: 1000,
      details: { status: 'pulling x', completed_bytes: 999, total_bytes: 1000, bytes_per_second: 12 },
    },
  ],
  [
    'paused',
    { kind: 'paused', progress: { status: 'pulling x', completedBytes: 500, totalBytes: 1000 } },
    'http://o',
    {
      state: 'not_installed',
      reasonCode: 'pull_paused',
      progress: 0.5,
      sizeBytes: 1000,
      details: { completed_bytes: 500, total_bytes: 1000 },
    },
  ],
  ['paused before the start', { kind: 'paused', progress: null }, null, { state: 'not_installed', reasonCode: 'pull_paused', details: {} }],
  [
    'after a failure',
    failed(5),
    'http://o',
    { state: 'error', reasonCode: 'pull_broken', details: { runtime_message: 'refused', failures: 2, retry_at: 7 } },
  ],
])('pullView: %s', (_title, state, ollama, expected) => {
  const view = (isRequested: boolean) => pullView('m:latest', state, { runtimeId: ollama, checkedAtWallMs: 3, isRequested });
  expect(view(false)).toMatchObject({ model: { model_id: 'm:latest', kind: 'other' }, checkedAtWallMs: 3, ...expected });
  expect([view(false).details['requested'], view(true).details['requested']]).toEqual([undefined, true]);
});
