// The times at which a benchmark runs, and its stored results. The test advances the clock and ends the runs.
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
let preconditions: { jobsRunning: boolean; draining: boolean; gpuUnusable: boolean; gpuBusy: boolean };
let hardware: string;
let changes: number;
let measurer: ModelMeasurer;

const open = (measureAll = false) =>
  new ModelMeasurer({
    runtimes,
    store: new MeasurementStore(path.join(folder, 'speeds.json'), silentLogger),
    measureAll: () => measureAll,
    preconditions: () => preconditions,
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
  preconditions = { jobsRunning: false, draining: false, gpuUnusable: false, gpuBusy: false };
  hardware = 'RTX 4090 580.1';
  changes = 0;
  measurer = open();
});
afterEach(async () => {
  await measurer.close();
  rmSync(folder, { recursive: true });
});

const requestsSent = () => runtimes.requests.map((task) => `${task.kind === 'openai' ? task.path : 'command'} ${modelOfTask(task)}`);
const state = (modelId = 'a') => measurer.measurements().get(modelId);
const speed = (modelId = 'a') => measurer.models().find(({ model: { model_id } }) => model_id === modelId)?.model.tokens_per_second ?? null;
const CHAT = '/v1/chat/completions a';

/** Answers the running request with `tokens` tokens, `apartMs` apart. */
async function answer(apartMs = 20, tokens = 11): Promise<void> {
  for (let i = 0; i < tokens; i++) {
    if (i > 0) clock.advance(apartMs);
    runtimes.context?.onChunk({ choices: [{ delta: { content: ' 1' } }] });
  }
  await runtimes.finish();
}

describe('no request', () => {
  test('nothing is sent', async () => {
    measurer.update();
    clock.advance(100_000);
    measurer.update();
    await settled();
    expect([requestsSent(), state(), changes]).toEqual([[], { state: 'none' }, 0]);
  });
});

describe('requested by the owner', () => {
  test('one request, speed stored and reported', async () => {
    expect(measurer.request('a')).toBeNull();
    expect([requestsSent(), state()]).toEqual([[CHAT], { state: 'running', sinceWallMs: clock.wallMs() }]);
    const before = changes;
    await answer();
    expect(state()).toEqual({
      state: 'measured',
      measured: { outcome: 'answered', tokensPerSecond: 50, tookMs: 200, measuredAtWallMs: clock.wallMs() },
    });
    expect([speed(), changes > before]).toEqual([50, true]);
    measurer.update();
    clock.advance(100_000);
    expect(requestsSent()).toEqual([CHAT]);
  });

  test('requested again -> measured again', async () => {
    measurer.request('a');
    await answer(20);
    measurer.request('a');
    expect([requestsSent(), speed(), state()?.state]).toEqual([[CHAT, CHAT], 50, 'running']);
    await answer(10);
    expect(speed()).toBe(100);
  });

  test('requested while running -> no second request', async () => {
    measurer.request('a');
    measurer.request('a');
    await answer();
    expect(requestsSent()).toEqual([CHAT]);
  });

  test('runtime ignores max_tokens -> stopped, speed known', async () => {
    measurer.request('a');
    await answer(20, 1000);
    expect(runtimes.context?.signal.aborted).toBe(true);
    expect([requestsSent(), speed()]).toEqual([[CHAT], 50]);
  });

  test('unknown model, or no suitable request -> refused', () => {
    runtimes.models = [model('a'), model('picture', {}, 'image'), model('vad', {}, 'vad')];
    expect(['x', 'picture', 'vad'].map((id) => measurer.request(id))).toEqual(['unknown_model', 'no_suited_request', 'no_suited_request']);
    expect([requestsSent(), state('vad')]).toEqual([[], { state: 'impossible', code: 'no_suited_request' }]);
  });

  test('several models -> one after the other', async () => {
    runtimes.models = [model('a'), model('b', {}, 'embedding')];
    measurer.request('a');
    measurer.request('b');
    expect([requestsSent(), state('b')]).toEqual([[CHAT], { state: 'waiting', code: 'next' }]);
    await answer();
    expect(requestsSent()).toEqual([CHAT, '/v1/embeddings b']);
  });

  test('embedding -> sent twice, second answer counts', async () => {
    runtimes.models = [model('b', {}, 'embedding')];
    measurer.request('b');
    clock.advance(5000);
    const answered: RunOutcome = { success: true, output: { status: 200, body: { usage: { prompt_tokens: 120 } } } };
    await runtimes.finish(answered);
    clock.advance(60);
    await runtimes.finish(answered);
    expect([requestsSent(), speed('b')]).toEqual([['/v1/embeddings b', '/v1/embeddings b'], 2000]);
  });

  test('model removed -> request dropped', () => {
    preconditions.draining = true;
    measurer.request('a');
    runtimes.models = [];
    measurer.update();
    runtimes.models = [model('a')];
    preconditions.draining = false;
    measurer.update();
    expect([requestsSent(), state()]).toEqual([[], { state: 'none' }]);
  });
});

describe('failure', () => {
  test.each<readonly [string, RunOutcome, object]>([
    [
      'status 400 -> code and runtime message',
      { success: true, output: { status: 400, body: { error: { message: 'no chat template' } } } },
      { code: 'runtime_http_400', message: 'no chat template' },
    ],
    [
      'runtime failure -> code and runtime message',
      {
        success: false,
        error: { code: 'runtime_http_500', message: 'ours', details: { retryable: true, runtime_message: 'out of memory' } },
      },
      { code: 'runtime_http_500', message: 'out of memory' },
    ],
    [
      'no runtime message -> message null',
      { success: false, error: { code: 'runtime_unreachable', message: 'ours', details: { retryable: true } } },
      { code: 'runtime_unreachable', message: null },
    ],
  ])('%s; replaces the old result, not repeated', async (_title, outcome, expected) => {
    measurer.request('a');
    await answer();
    measurer.request('a');
    await runtimes.finish(outcome);
    expect(state()).toEqual({ state: 'measured', measured: { outcome: 'failed', ...expected, measuredAtWallMs: clock.wallMs() } });
    expect(speed()).toBeNull();
    measurer.update();
    expect(requestsSent()).toEqual([CHAT, CHAT]);
  });

  test('runtime throws -> internal_error', async () => {
    runtimes.run = () => Promise.reject(new TypeError('a bug'));
    measurer.request('a');
    await settled();
    expect(state()).toMatchObject({ state: 'measured', measured: { outcome: 'failed', code: 'internal_error' } });
  });
});

describe('requested by the configuration', () => {
  beforeEach(() => {
    measurer = open(true);
  });

  test('every ready model once, also after a restart', async () => {
    runtimes.models = [model('a'), model('cold', { reasonCode: 'cold' }), model('broken', { state: 'error' })];
    measurer.update();
    await answer();
    await answer();
    expect(requestsSent()).toEqual([CHAT, '/v1/chat/completions cold']);
    await measurer.close();
    measurer = open(true);
    measurer.update();
    expect([requestsSent().length, speed()]).toEqual([2, 50]);
  });

  test.each<readonly [string, () => void]>([
    ['version', () => (runtimes.models = [model('a', {}, 'llm', '2')])],
    ['driver', () => (hardware = 'RTX 4090 590.2')],
  ])('another %s -> old result not reported, measured again', async (_title, change) => {
    measurer.update();
    await answer();
    change();
    expect(speed()).toBeNull();
    measurer.update();
    expect(requestsSent()).toEqual([CHAT, CHAT]);
  });

  test('GPU busy -> waits; busy with the benchmark itself -> goes on', async () => {
    preconditions.gpuBusy = true;
    measurer.update();
    expect([requestsSent(), state()]).toEqual([[], { state: 'waiting', code: 'gpu_busy' }]);
    preconditions.gpuBusy = false;
    measurer.update();
    expect(requestsSent()).toEqual([CHAT]);
    // Now the benchmark uses the GPU.
    preconditions.gpuBusy = true;
    measurer.update();
    expect(runtimes.context?.signal.aborted).toBe(false);
    await answer();
  });
});

describe('job', () => {
  test('starts -> benchmark stopped, repeated after 10 s without jobs', async () => {
    measurer.request('a');
    preconditions.jobsRunning = true;
    measurer.update();
    expect(runtimes.context?.signal.aborted).toBe(true);
    await settled();
    expect([speed(), state()]).toEqual([null, { state: 'waiting', code: 'jobs_running' }]);
    clock.advance(60_000);
    preconditions.jobsRunning = false;
    measurer.update();
    clock.advance(9999);
    expect([requestsSent().length, state()]).toEqual([1, { state: 'waiting', code: 'jobs_running' }]);
    clock.advance(1);
    expect(requestsSent()).toEqual([CHAT, CHAT]);
    await answer();
    expect(speed()).toBe(50);
  });

  test('starts within the 10 s -> the time starts again', () => {
    measurer.request('a');
    for (let i = 0; i < 5; i++) {
      preconditions.jobsRunning = true;
      measurer.update();
      preconditions.jobsRunning = false;
      measurer.update();
      clock.advance(9000);
    }
    expect(requestsSent()).toEqual([CHAT]);
  });
});

test('measurer: draining -> benchmark stopped, repeated after the resume', async () => {
  measurer.request('a');
  preconditions.draining = true;
  measurer.update();
  await settled();
  expect([requestsSent(), state()]).toEqual([[CHAT], { state: 'waiting', code: 'draining' }]);
  preconditions.draining = false;
  measurer.update();
  expect(requestsSent()).toEqual([CHAT, CHAT]);
});

test('measurer: machine slept -> benchmark repeated', async () => {
  measurer.request('a');
  measurer.interrupt();
  await settled();
  expect([requestsSent(), speed()]).toEqual([[CHAT, CHAT], null]);
});

test('measurer: closed -> benchmark stopped, none started', async () => {
  runtimes.models = [model('a'), model('b')];
  measurer.request('a');
  measurer.request('b');
  await measurer.close();
  measurer.update();
  expect([requestsSent(), runtimes.context?.signal.aborted, clock.pending]).toEqual([[CHAT], true, 0]);
});
