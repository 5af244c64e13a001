// Several runtimes as one: when each is probed, failed probes, which runtime owns a model and which one runs a task.
import { beforeEach, describe, expect, test } from 'vitest';
import { silentLogger } from '../../../src/main/platform/logger';
import { RuntimeSet } from '../../../src/main/runtimes/runtime-set';
import { FakeRuntime } from '../../support/fake-runtime';
import { commandTask, runContext, type RuntimeSetBench, useRuntimeSet } from '../../support/runtime-set-bench';

const bench = useRuntimeSet();
let clock: RuntimeSetBench['clock'];
let first: RuntimeSetBench['first'];
let second: RuntimeSetBench['second'];
let set: RuntimeSetBench['set'];
const pass = (ms: number): Promise<void> => bench().pass(ms);
let changes: number;

beforeEach(() => {
  ({ clock, first, second, set } = bench());
  changes = 0;
  set.onChange(() => {
    changes += 1;
  });
});

const models = () =>
  set.snapshot().models.map(({ runtimeId, model, state, reasonCode }) => `${runtimeId} ${model.model_id} ${state} ${reasonCode}`);
const states = () => set.snapshot().runtimes.map(({ state, reasonCode }) => `${state} ${reasonCode}`);
const READY = ['first a ready loaded'];

describe('polling', () => {
  test('at the start, then every 15 s', async () => {
    await set.start();
    expect([first.probes, models()]).toEqual([1, READY]);
    await pass(14_999);
    expect(first.probes).toBe(1);
    await pass(1);
    expect([first.probes, second.probes]).toEqual([2, 2]);
  });

  test('viewed -> immediately, then every 5 s', async () => {
    await set.start();
    const stop = set.watch();
    await pass(0);
    expect(first.probes).toBe(2);
    await pass(5000);
    expect(first.probes).toBe(3);
    stop();
    stop();
    await pass(5000);
    await pass(14_999);
    expect(first.probes).toBe(4);
  });

  test('model being loaded -> every 2 s', async () => {
    first.state = 'starting';
    await set.start();
    await pass(2000);
    expect([first.probes, second.probes]).toEqual([2, 1]);
    first.state = 'running';
    await pass(2000);
    expect([first.probes, models()]).toEqual([3, READY]);
    await pass(2000);
    expect(first.probes).toBe(3);
  });

  test.each([
    [0, 13_500],
    [0.999, 16_497],
  ])('jitter of 10 %%: random %d -> %d ms', async (random, delayMs) => {
    const other = new FakeRuntime('other');
    const jittered = new RuntimeSet({ runtimes: [other], clock, logger: silentLogger, random: () => random });
    await jittered.start();
    await pass(delayMs - 1);
    expect(other.probes).toBe(1);
    await pass(1);
    expect(other.probes).toBe(2);
    await jittered.stop();
  });

  test('refresh during a probe -> one more probe', async () => {
    await set.start();
    let release: () => void = () => undefined;
    first.hold = new Promise((resolve) => {
      release = resolve;
    });
    await pass(15_000);
    const refreshes = [set.refresh(), set.refresh()];
    await pass(60_000);
    expect(first.probes).toBe(2);
    release();
    await Promise.all(refreshes);
    expect(first.probes).toBe(3);
  });

  test('slow runtime -> others probed on time', async () => {
    first.hold = new Promise(() => undefined);
    void set.start();
    await pass(0);
    await pass(15_000);
    expect([first.probes, second.probes]).toEqual([1, 2]);
  });

  test('runtime reports a change -> probed', async () => {
    await set.start();
    first.models = { a: 'error' };
    first.changed();
    await pass(0);
    expect([changes, models()]).toEqual([3, ['first a error loaded']]);
  });

  test('stopped -> no timer, no listener', async () => {
    await set.start();
    await set.stop();
    expect([clock.pending, first.listening]).toEqual([0, 0]);
  });

  test('stopped before or during the first probe -> no further probe', async () => {
    let release: () => void = () => undefined;
    first.hold = new Promise((resolve) => {
      release = resolve;
    });
    const starting = set.start();
    await set.stop();
    release();
    await starting;
    await set.start();
    expect([first.probes, clock.pending, first.listening]).toEqual([1, 0, 0]);
  });

  test('probe throws -> polling goes on', async () => {
    await set.start();
    const probe = first.probe.bind(first);
    first.probe = () => Promise.reject(new Error('a bug'));
    await pass(15_000);
    expect(models()).toEqual(READY);
    first.probe = probe;
    first.models = { a: 'error' };
    await pass(15_000);
    expect(models()).toEqual(['first a error loaded']);
  });
});

describe('change notification', () => {
  test('once per changed snapshot', async () => {
    await set.start();
    const after = changes;
    await pass(15_000);
    expect(changes).toBe(after);
    first.models = { a: 'ready', b: 'downloading' };
    await pass(15_000);
    expect(changes).toBe(after + 1);
    expect(set.snapshot().models).toHaveLength(2);
  });
});

describe('runtime that does not answer', () => {
  test('one and two failed probes -> running, probed again soon; three -> not_running', async () => {
    await set.start();
    first.state = 'not_running';
    first.reasonCode = 'refused';
    await pass(15_000);
    expect([models(), states()[0]]).toEqual([READY, 'running ok']);
    await pass(1000);
    expect(models()).toEqual(READY);
    await pass(1000);
    expect([models(), states()[0]]).toEqual([['first a error runtime_not_running'], 'not_running refused']);
    expect(set.snapshot().runtimes[0]?.type).toBe('vllm');
    expect(first.probes).toBe(4);
    await pass(14_999);
    expect(first.probes).toBe(4);
  });

  test('answers again after failed probes -> no change', async () => {
    await set.start();
    const before = changes;
    for (let round = 0; round < 4; round++) {
      first.state = 'not_running';
      await pass(15_000);
      await pass(1000);
      first.state = 'running';
      await pass(1000);
    }
    expect([models(), changes]).toEqual([READY, before]);
  });

  test('first probe fails -> not_running immediately', async () => {
    first.state = 'not_running';
    first.reasonCode = 'refused';
    await set.start();
    expect([models(), states()[0]]).toEqual([[], 'not_running refused']);
  });

  test('first answer -> ready again', async () => {
    await set.start();
    first.state = 'not_running';
    for (const ms of [15_000, 1000, 1000]) await pass(ms);
    first.state = 'running';
    await pass(15_000);
    expect(models()).toEqual(READY);
  });

  test.each([
    ['starting', 'first a not_installed runtime_starting'],
    ['unauthorized', 'first a error runtime_unauthorized'],
  ] as const)('state %s -> models listed, not ready', async (state, expected) => {
    await set.start();
    first.state = state;
    await pass(15_000);
    expect(models()).toEqual([expected]);
  });

  test('another program at the address -> no models', async () => {
    await set.start();
    first.state = 'wrong_service';
    await pass(15_000);
    expect(models()).toEqual([]);
  });
});

describe('model in two runtimes', () => {
  test('first runtime owns it, duplicate listed', async () => {
    second.models = { a: 'ready', b: 'ready' };
    await set.start();
    expect(models()).toEqual(['first a ready loaded', 'second b ready loaded']);
    expect(set.snapshot().duplicates).toEqual([{ modelId: 'a', runtimeId: 'first', otherRuntimeId: 'second' }]);
    await set.run(commandTask('a'), runContext);
    expect([first.runs.length, second.runs.length]).toEqual([1, 0]);
  });

  test('tasks of all runtimes that have it ready', async () => {
    first.tasks = ['command'];
    second.models = { a: 'ready' };
    second.tasks = ['/v1/completions'];
    await set.start();
    const tasks = () => set.snapshot().models[0]?.model.tasks;
    expect(tasks()).toEqual(['command', '/v1/completions']);
    second.models = { a: 'error' };
    await set.refresh();
    expect(tasks()).toEqual(['command']);
    second.models = { a: 'ready' };
    second.tasks = null;
    await set.refresh();
    expect(tasks()).toBeNull();
  });

  test('only the second has it ready -> second owns it', async () => {
    second.models = { a: 'ready' };
    first.models = { a: 'error' };
    await set.start();
    expect(models()).toEqual(['second a ready loaded']);
    await set.run(commandTask('a'), runContext);
    expect([first.runs.length, second.runs.length]).toEqual([0, 1]);
  });
});

describe('run', () => {
  test('no runtime serves the model -> unknown_model, retryable', async () => {
    await set.start();
    expect(set.serves(commandTask('x'))).toBe(false);
    expect(await set.run(commandTask('x'), runContext)).toMatchObject({
      success: false,
      error: { code: 'unknown_model', details: { retryable: true } },
    });
  });

  test('outcome of the runtime returned', async () => {
    await set.start();
    expect(set.serves(commandTask('a'))).toBe(true);
    expect(await set.run(commandTask('a'), runContext)).toEqual({ success: true, output: 'done' });
    expect(first.probes).toBe(1);
  });

  test('run fails -> runtime probed immediately, not_running after three failed probes', async () => {
    await set.start();
    first.outcome = { success: false, error: { code: 'runtime_unreachable', message: '', details: { retryable: true } } };
    first.state = 'not_running';
    await set.run(commandTask('a'), runContext);
    await pass(0);
    expect(first.probes).toBe(2);
    await pass(1000);
    await pass(1000);
    expect(models()).toEqual(['first a error runtime_not_running']);
  });
});
