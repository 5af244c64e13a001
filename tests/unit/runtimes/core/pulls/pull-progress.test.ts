// What Ollama's lines mean, which model is pulled next and when again, and what is shown of it.
import { describe, expect, test } from 'vitest';
import { afterLine, NO_PROGRESS, type PullStep, refusalIn } from '../../../../../src/main/runtimes/core/pulls/pull-progress';
import {
  listedName,
  missing,
  nextPull,
  type PullState,
  pullView,
  retryDelayMs,
  wantedNames,
} from '../../../../../src/main/runtimes/core/pulls/pull-machine';
import type { RuntimeModel } from '../../../../../src/main/runtimes/core/runtime-snapshot';
import { LAYER, PULL_LINES, pulling } from '../../../../support/stand-ins/ollama';

/** What is known after these lines. */
function after(...lines: readonly object[]): PullStep {
  let step: PullStep = { kind: 'progress', progress: NO_PROGRESS };
  for (const line of lines) step = afterLine(step.kind === 'progress' ? step.progress : NO_PROGRESS, JSON.stringify(line));
  return step;
}
const bytes = (step: PullStep) =>
  step.kind === 'progress'
    ? `${step.progress.status}: ${String(step.progress.completedBytes)} of ${String(step.progress.totalBytes)}`
    : step.kind;

describe('a line', () => {
  test('after the other tells the step and the bytes of all layers, and that it is done', () => {
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
      'an error',
      '{"error":"pull model manifest: file does not exist"}',
      { kind: 'failed', message: 'pull model manifest: file does not exist' },
    ],
    ['a very long error', JSON.stringify({ error: 'x'.repeat(1000) }), { kind: 'failed', message: 'x'.repeat(500) }],
    ['no JSON', '<html>', { kind: 'unreadable' }],
    ['no object', '[1]', { kind: 'unreadable' }],
    ['negative bytes', JSON.stringify({ ...pulling(LAYER, 5), completed: -1 }), { kind: 'unreadable' }],
    ['nulls', '{"status":null,"digest":null,"total":null,"completed":null,"error":null}', { kind: 'progress', progress: NO_PROGRESS }],
    ['nothing that is known', '{}', { kind: 'progress', progress: NO_PROGRESS }],
  ])('with %s', (_what, line, expected) => {
    expect(afterLine(NO_PROGRESS, line)).toEqual(expected);
  });

  test('that has more bytes than there are counts what there are, and of endless layers a thousand', () => {
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
])('a refusal %s reads %s', (text, words) => {
  expect(refusalIn(400, text)).toBe(words);
});

describe('a name', () => {
  test.each([
    ['llama3.2', 'llama3.2:latest'],
    ['llama3.2:3b', 'llama3.2:3b'],
    ['me/mine', 'me/mine:latest'],
    ['hub:5000/me/mine', 'hub:5000/me/mine:latest'],
    ['hf.co/org/repo:Q4_K_M', 'hf.co/org/repo:Q4_K_M'],
  ])('%s is listed as %s', (name, listed) => {
    expect(listedName(name)).toBe(listed);
  });

  test('that is wanted twice is wanted once', () => {
    expect(wantedNames(['a', 'b:1', 'A:latest', 'b'])).toEqual(['A:latest', 'b:1', 'b:latest']);
  });

  test('is missing unless some model has it, in whatever case', () => {
    const models = ['LLAMA3.2:latest', 'other:latest'].map((model_id) => ({ model: { model_id } }) as RuntimeModel);
    expect(missing(['llama3.2:latest', 'llama3.2:3b'], models)).toEqual(['llama3.2:3b']);
  });
});

const failed = (retryAtMs: number): PullState => ({
  kind: 'failed',
  failure: { code: 'pull_broken', message: 'refused' },
  failures: 2,
  retryAtMs,
  retryAtWallMs: 7,
});

test.each<[string, readonly [string, PullState][], string | null]>([
  ['the first that never failed', [['a', failed(0)]], 'b'],
  [
    'the first that failed and is due',
    [
      ['a', failed(101)],
      ['b', failed(100)],
      ['c', failed(0)],
    ],
    'b',
  ],
  [
    'none while all that failed wait',
    [
      ['a', failed(101)],
      ['b', failed(102)],
      ['c', failed(103)],
    ],
    null,
  ],
])('next is %s', (_what, states, expected) => {
  expect(nextPull(['a', 'b', 'c'], new Map(states), 100)).toBe(expected);
});

test('a failed pull is tried again after 15 s, twice as long each time, and an hour at most', () => {
  expect([1, 2, 3, 9, 50].map((failures) => retryDelayMs(failures, 0.5))).toEqual([15_000, 30_000, 60_000, 3_600_000, 3_600_000]);
  expect([retryDelayMs(1, 0), retryDelayMs(1, 1)]).toEqual([13_500, 16_500]);
});

test.each<[string, PullState, string | null, object]>([
  [
    'waiting for its turn',
    { kind: 'waiting' },
    'http://o',
    { state: 'not_installed', reasonCode: 'pull_waiting', details: {}, progress: null, sizeBytes: null },
  ],
  ['without an Ollama', { kind: 'waiting' }, null, { runtimeId: 'ollama', state: 'not_installed', reasonCode: 'pull_no_ollama' }],
  [
    'before the first byte',
    { kind: 'pulling', progress: NO_PROGRESS },
    'http://o',
    { state: 'downloading', reasonCode: 'pulling', progress: null, sizeBytes: null },
  ],
  [
    'on its way',
    {
      kind: 'pulling',
      progress: { status: 'pulling x', completedBytes: 999, totalBytes: 1000 },
    },
    'http://o',
    { state: 'downloading', progress: 0.99, sizeBytes: 1000, details: { status: 'pulling x', completed_bytes: 999, total_bytes: 1000 } },
  ],
  [
    'after a failure',
    failed(5),
    'http://o',
    { state: 'error', reasonCode: 'pull_broken', details: { runtime_message: 'refused', failures: 2, retry_at: 7 } },
  ],
])('a model %s is shown as such', (_what, state, ollama, expected) => {
  expect(pullView('m:latest', state, ollama, 3)).toMatchObject({
    model: { model_id: 'm:latest', kind: 'other' },
    checkedAtMs: 3,
    ...expected,
  });
});
