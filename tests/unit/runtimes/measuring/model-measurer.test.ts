// When a model is measured, and what becomes of it: on a clock that the test moves, with a runtime that waits for the test.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { silentLogger } from '../../../../src/main/platform/logger';
import { MeasurementStore } from '../../../../src/main/runtimes/measuring/measurement-store';
import { ModelMeasurer } from '../../../../src/main/runtimes/measuring/model-measurer';
import type { RunOutcome } from '../../../../src/main/runtimes/runtime';
import { modelOfTask } from '../../../../src/shared/protocol/tasks';
import { ManualClock } from '../../../support/manual-clock';
import { model, settled, WaitingRuntimes } from '../../../support/waiting-runtimes';

let folder: string;
let clock: ManualClock;
let runtimes: WaitingRuntimes;
let around: { jobsRunning: boolean; draining: boolean; gpuUnusable: boolean; gpuBusy: boolean };
let hardware: string;
let changes: number;
let measurer: ModelMeasurer;

const open = (measureAll = false) =>
  new ModelMeasurer({
    runtimes,
    store: new MeasurementStore(path.join(folder, 'speeds.json'), silentLogger),
    measureAll,
    surroundings: () => around,
    hardware: () => hardware,
    clock,
    logger: silentLogger,
    onChange: () => {
      changes += 1;
    },
  });
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'muster-measurer-'));
  clock = new ManualClock();
  runtimes = new WaitingRuntimes();
  around = { jobsRunning: false, draining: false, gpuUnusable: false, gpuBusy: false };
  hardware = 'RTX 4090 580.1';
  changes = 0;
  measurer = open();
});
afterEach(async () => {
  await measurer.close();
  rmSync(folder, { recursive: true });
});

const asked = () => runtimes.asked.map((task) => `${task.kind === 'openai' ? task.path : 'command'} ${modelOfTask(task)}`);
const state = (modelId = 'a') => measurer.measurements().get(modelId);
const speed = (modelId = 'a') => measurer.models().find(({ model: { model_id } }) => model_id === modelId)?.model.tokens_per_second ?? null;
const CHAT = '/v1/chat/completions a';

/** Answers the request under way with this many tokens, so many ms apart. */
async function answer(apartMs = 20, tokens = 11): Promise<void> {
  for (let i = 0; i < tokens; i++) {
    if (i > 0) clock.advance(apartMs);
    runtimes.context?.onChunk({ choices: [{ delta: { content: ' 1' } }] });
  }
  await runtimes.finish();
}

describe('without a wish', () => {
  test('nothing is asked, whatever happens', async () => {
    measurer.consider();
    clock.advance(100_000);
    measurer.consider();
    await settled();
    expect([asked(), state(), changes]).toEqual([[], { state: 'none' }, 0]);
  });
});

describe('on its owner’s wish', () => {
  test('a model is asked once, and its speed is known and told', async () => {
    expect(measurer.wish('a')).toBeNull();
    expect([asked(), state()]).toEqual([[CHAT], { state: 'running', sinceMs: clock.wallMs() }]);
    const before = changes;
    await answer();
    expect(state()).toEqual({
      state: 'measured',
      measured: { outcome: 'answered', tokensPerSecond: 50, tookMs: 200, measuredAtMs: clock.wallMs() },
    });
    expect([speed(), changes > before]).toEqual([50, true]);
    measurer.consider();
    clock.advance(100_000);
    expect(asked()).toEqual([CHAT]);
  });

  test('a model can be measured again', async () => {
    measurer.wish('a');
    await answer(20);
    measurer.wish('a');
    expect([asked(), speed(), state()?.state]).toEqual([[CHAT, CHAT], 50, 'running']);
    await answer(10);
    expect(speed()).toBe(100);
  });

  test('a second press while it runs asks nothing more', async () => {
    measurer.wish('a');
    measurer.wish('a');
    await answer();
    expect(asked()).toEqual([CHAT]);
  });

  test('a runtime that does not heed how many tokens were asked for is stopped, and its pace is known by then', async () => {
    measurer.wish('a');
    await answer(20, 1000);
    expect(runtimes.context?.signal.aborted).toBe(true);
    expect([asked(), speed()]).toEqual([[CHAT], 50]);
  });

  test('a model that nobody knows, or that no request suits, is refused', () => {
    runtimes.models = [model('a'), model('picture', {}, 'image'), model('vad', {}, 'vad')];
    expect(['x', 'picture', 'vad'].map((id) => measurer.wish(id))).toEqual(['unknown_model', 'no_suited_request', 'no_suited_request']);
    expect([asked(), state('vad')]).toEqual([[], { state: 'impossible', code: 'no_suited_request' }]);
  });

  test('models are measured one after the other', async () => {
    runtimes.models = [model('a'), model('b', {}, 'embedding')];
    measurer.wish('a');
    measurer.wish('b');
    expect([asked(), state('b')]).toEqual([[CHAT], { state: 'waiting', code: 'next' }]);
    await answer();
    expect(asked()).toEqual([CHAT, '/v1/embeddings b']);
  });

  test('an embedding is asked twice, and the second answer counts: the first may load the model', async () => {
    runtimes.models = [model('b', {}, 'embedding')];
    measurer.wish('b');
    clock.advance(5000);
    const told: RunOutcome = { success: true, output: { status: 200, body: { usage: { prompt_tokens: 120 } } } };
    await runtimes.finish(told);
    clock.advance(60);
    await runtimes.finish(told);
    expect([asked(), speed('b')]).toEqual([['/v1/embeddings b', '/v1/embeddings b'], 2000]);
  });

  test('a wish for a model that went away is forgotten', () => {
    around.draining = true;
    measurer.wish('a');
    runtimes.models = [];
    measurer.consider();
    runtimes.models = [model('a')];
    around.draining = false;
    measurer.consider();
    expect([asked(), state()]).toEqual([[], { state: 'none' }]);
  });
});

describe('a refusal', () => {
  test.each<readonly [string, RunOutcome, object]>([
    [
      'of the request has its status and the runtime’s words',
      { success: true, output: { status: 400, body: { error: { message: 'no chat template' } } } },
      { code: 'runtime_http_400', message: 'no chat template' },
    ],
    [
      'of the runtime has its code',
      {
        success: false,
        error: { code: 'runtime_http_500', message: 'ours', details: { retryable: true, runtime_message: 'out of memory' } },
      },
      { code: 'runtime_http_500', message: 'out of memory' },
    ],
    [
      'without words has none',
      { success: false, error: { code: 'runtime_unreachable', message: 'ours', details: { retryable: true } } },
      { code: 'runtime_unreachable', message: null },
    ],
  ])('%s; it is shown, replaces the old figure, and is not tried again', async (_title, outcome, expected) => {
    measurer.wish('a');
    await answer();
    measurer.wish('a');
    await runtimes.finish(outcome);
    expect(state()).toEqual({ state: 'measured', measured: { outcome: 'failed', ...expected, measuredAtMs: clock.wallMs() } });
    expect(speed()).toBeNull();
    measurer.consider();
    expect(asked()).toEqual([CHAT, CHAT]);
  });

  test('is all that a bug of the runtime is', async () => {
    runtimes.run = () => Promise.reject(new TypeError('a bug'));
    measurer.wish('a');
    await settled();
    expect(state()).toMatchObject({ state: 'measured', measured: { outcome: 'failed', code: 'internal_error' } });
  });
});

describe('on the configuration’s wish', () => {
  beforeEach(() => {
    measurer = open(true);
  });

  test('every ready model is measured once, also over a restart', async () => {
    runtimes.models = [model('a'), model('cold', { reasonCode: 'cold' }), model('broken', { state: 'error' })];
    measurer.consider();
    await answer();
    await answer();
    expect(asked()).toEqual([CHAT, '/v1/chat/completions cold']);
    await measurer.close();
    measurer = open(true);
    measurer.consider();
    expect([asked().length, speed()]).toEqual([2, 50]);
  });

  test.each<readonly [string, () => void]>([
    ['version', () => (runtimes.models = [model('a', {}, 'llm', '2')])],
    ['driver', () => (hardware = 'RTX 4090 590.2')],
  ])('with another %s the old figure is not told, and it is measured anew', async (_what, change) => {
    measurer.consider();
    await answer();
    change();
    expect(speed()).toBeNull();
    measurer.consider();
    expect(asked()).toEqual([CHAT, CHAT]);
  });

  test('a GPU that somebody uses is left alone', async () => {
    around.gpuBusy = true;
    measurer.consider();
    expect([asked(), state()]).toEqual([[], { state: 'waiting', code: 'gpu_busy' }]);
    around.gpuBusy = false;
    measurer.consider();
    expect(asked()).toEqual([CHAT]);
    // Now it is the measurement that uses it.
    around.gpuBusy = true;
    measurer.consider();
    expect(runtimes.context?.signal.aborted).toBe(false);
    await answer();
  });
});

describe('a job', () => {
  test('stops the measurement at once; it is tried again after ten quiet seconds', async () => {
    measurer.wish('a');
    around.jobsRunning = true;
    measurer.consider();
    expect(runtimes.context?.signal.aborted).toBe(true);
    await settled();
    expect([speed(), state()]).toEqual([null, { state: 'waiting', code: 'jobs_running' }]);
    clock.advance(60_000);
    around.jobsRunning = false;
    measurer.consider();
    clock.advance(9999);
    expect([asked().length, state()]).toEqual([1, { state: 'waiting', code: 'jobs_running' }]);
    clock.advance(1);
    expect(asked()).toEqual([CHAT, CHAT]);
    await answer();
    expect(speed()).toBe(50);
  });

  test('that comes in the quiet time begins it anew', () => {
    measurer.wish('a');
    for (let i = 0; i < 5; i++) {
      around.jobsRunning = true;
      measurer.consider();
      around.jobsRunning = false;
      measurer.consider();
      clock.advance(9000);
    }
    expect(asked()).toEqual([CHAT]);
  });
});

test('a node that finishes measures nothing, and stops what it measures', async () => {
  measurer.wish('a');
  around.draining = true;
  measurer.consider();
  await settled();
  expect([asked(), state()]).toEqual([[CHAT], { state: 'waiting', code: 'draining' }]);
  around.draining = false;
  measurer.consider();
  expect(asked()).toEqual([CHAT, CHAT]);
});

test('a machine that slept measures again', async () => {
  measurer.wish('a');
  measurer.interrupt();
  await settled();
  expect([asked(), speed()]).toEqual([[CHAT, CHAT], null]);
});

test('when it closes, what runs is stopped and nothing begins any more', async () => {
  runtimes.models = [model('a'), model('b')];
  measurer.wish('a');
  measurer.wish('b');
  await measurer.close();
  measurer.consider();
  expect([asked(), runtimes.context?.signal.aborted, clock.pending]).toEqual([[CHAT], true, 0]);
});
