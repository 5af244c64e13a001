// Several runtimes as one: when each is looked at, what a missed answer means, whose a model is and who runs it.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { silentLogger } from '../../../src/main/platform/logger';
import { RuntimeSet } from '../../../src/main/runtimes/runtime-set';
import type { Task } from '../../../src/shared/protocol/tasks';
import { FakeRuntime } from '../../support/fake-runtime';
import { ManualClock } from '../../support/manual-clock';

let clock: ManualClock;
let first: FakeRuntime;
let second: FakeRuntime;
let set: RuntimeSet;
let changes: number;

beforeEach(() => {
  clock = new ManualClock();
  first = new FakeRuntime('first');
  second = new FakeRuntime('second');
  first.models = { a: 'ready' };
  set = new RuntimeSet({ runtimes: [first, second], clock, logger: silentLogger, random: () => 0.5 });
  changes = 0;
  set.onChange(() => {
    changes += 1;
  });
});
afterEach(() => {
  set.stop();
});

/** Moves the clock, and lets the looks that it started come to their end. */
async function pass(ms: number): Promise<void> {
  clock.advance(ms);
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

const task = (model: string): Task => ({ kind: 'command', model_id: model, input: '' });
const context = { signal: new AbortController().signal, timeoutMs: 1000, onChunk: () => undefined };
const models = () =>
  set.seen().models.map(({ runtimeId, model, state, reasonCode }) => `${runtimeId} ${model.model_id} ${state} ${reasonCode}`);
const states = () => set.seen().runtimes.map(({ state, reasonCode }) => `${state} ${reasonCode}`);
const FINE = ['first a ready loaded'];

describe('looking', () => {
  test('happens at the start, and then every 15 s', async () => {
    await set.start();
    expect([first.looks, models()]).toEqual([1, FINE]);
    await pass(14_999);
    expect(first.looks).toBe(1);
    await pass(1);
    expect([first.looks, second.looks]).toEqual([2, 2]);
  });

  test('happens at once and every 5 s while somebody watches', async () => {
    await set.start();
    const stop = set.watch();
    await pass(0);
    expect(first.looks).toBe(2);
    await pass(5000);
    expect(first.looks).toBe(3);
    stop();
    stop();
    await pass(5000);
    await pass(14_999);
    expect(first.looks).toBe(4);
  });

  test('happens every 2 s while something is being loaded', async () => {
    first.state = 'starting';
    await set.start();
    await pass(2000);
    expect([first.looks, second.looks]).toEqual([2, 1]);
    first.state = 'running';
    await pass(2000);
    expect([first.looks, models()]).toEqual([3, FINE]);
    await pass(2000);
    expect(first.looks).toBe(3);
  });

  test.each([
    [0, 13_500],
    [0.999, 16_497],
  ])('is spread by a tenth: a random number of %d makes it %d ms', async (random, delayMs) => {
    const other = new FakeRuntime('other');
    const spread = new RuntimeSet({ runtimes: [other], clock, logger: silentLogger, random: () => random });
    await spread.start();
    await pass(delayMs - 1);
    expect(other.looks).toBe(1);
    await pass(1);
    expect(other.looks).toBe(2);
    spread.stop();
  });

  test('is done once at a time, and a wish meanwhile is one more look', async () => {
    await set.start();
    let release: () => void = () => undefined;
    first.hold = new Promise((resolve) => {
      release = resolve;
    });
    await pass(15_000);
    const rechecks = [set.recheck(), set.recheck()];
    await pass(60_000);
    expect(first.looks).toBe(2);
    release();
    await Promise.all(rechecks);
    expect(first.looks).toBe(3);
  });

  test('a slow runtime does not hold up another', async () => {
    first.hold = new Promise(() => undefined);
    void set.start();
    await pass(0);
    await pass(15_000);
    expect([first.looks, second.looks]).toEqual([1, 2]);
  });

  test('happens when the runtime noticed something by itself', async () => {
    await set.start();
    first.models = { a: 'error' };
    first.changed();
    await pass(0);
    expect([changes, models()]).toEqual([3, ['first a error loaded']]);
  });

  test('ends with the set', async () => {
    await set.start();
    set.stop();
    expect([clock.pending, first.listening]).toEqual([0, 0]);
  });

  test('does not begin when the set was stopped before, or during the first look', async () => {
    let release: () => void = () => undefined;
    first.hold = new Promise((resolve) => {
      release = resolve;
    });
    const starting = set.start();
    set.stop();
    release();
    await starting;
    await set.start();
    expect([first.looks, clock.pending, first.listening]).toEqual([1, 0, 0]);
  });

  test('goes on after a look that threw', async () => {
    await set.start();
    const { discover } = first;
    first.discover = () => Promise.reject(new Error('a bug'));
    await pass(15_000);
    expect(models()).toEqual(FINE);
    first.discover = discover;
    first.models = { a: 'error' };
    await pass(15_000);
    expect(models()).toEqual(['first a error loaded']);
  });
});

describe('changes', () => {
  test('are told once, when something else was found than before', async () => {
    await set.start();
    const after = changes;
    await pass(15_000);
    expect(changes).toBe(after);
    first.models = { a: 'ready', b: 'downloading' };
    await pass(15_000);
    expect(changes).toBe(after + 1);
    expect(set.seen().models).toHaveLength(2);
  });
});

describe('a runtime that does not answer', () => {
  test('is still there after one miss and two, is asked again soon, and is not running after three', async () => {
    await set.start();
    first.state = 'not_running';
    first.reasonCode = 'refused';
    await pass(15_000);
    expect([models(), states()[0]]).toEqual([FINE, 'running ok']);
    await pass(1000);
    expect(models()).toEqual(FINE);
    await pass(1000);
    expect([models(), states()[0]]).toEqual([['first a error runtime_not_running'], 'not_running refused']);
    expect(set.seen().runtimes[0]?.flavour).toBe('vllm');
    expect(first.looks).toBe(4);
    await pass(14_999);
    expect(first.looks).toBe(4);
  });

  test('once and then answers has missed nothing', async () => {
    await set.start();
    const before = changes;
    for (let round = 0; round < 4; round++) {
      first.state = 'not_running';
      await pass(15_000);
      await pass(1000);
      first.state = 'running';
      await pass(1000);
    }
    expect([models(), changes]).toEqual([FINE, before]);
  });

  test('at the very first look is not running at once', async () => {
    first.state = 'not_running';
    first.reasonCode = 'refused';
    await set.start();
    expect([models(), states()[0]]).toEqual([[], 'not_running refused']);
  });

  test('is ready again with its first answer', async () => {
    await set.start();
    first.state = 'not_running';
    for (const ms of [15_000, 1000, 1000]) await pass(ms);
    first.state = 'running';
    await pass(15_000);
    expect(models()).toEqual(FINE);
  });

  test.each([
    ['starting', 'first a not_installed runtime_starting'],
    ['unauthorized', 'first a error runtime_unauthorized'],
  ] as const)('as before but is %s has its models, not ready', async (state, expected) => {
    await set.start();
    first.state = state;
    await pass(15_000);
    expect(models()).toEqual([expected]);
  });

  test('as before because another program is there has no models', async () => {
    await set.start();
    first.state = 'wrong_service';
    await pass(15_000);
    expect(models()).toEqual([]);
  });
});

describe('a model in two runtimes', () => {
  test('is the first one’s, and the other is named', async () => {
    second.models = { a: 'ready', b: 'ready' };
    await set.start();
    expect(models()).toEqual(['first a ready loaded', 'second b ready loaded']);
    expect(set.seen().duplicates).toEqual([{ modelId: 'a', runtimeId: 'first', otherRuntimeId: 'second' }]);
    await set.run(task('a'), context);
    expect([first.runs.length, second.runs.length]).toEqual([1, 0]);
  });

  test('takes what any of them takes that has it ready', async () => {
    first.tasks = ['command'];
    second.models = { a: 'ready' };
    second.tasks = ['/v1/completions'];
    await set.start();
    const taken = () => set.seen().models[0]?.model.tasks;
    expect(taken()).toEqual(['command', '/v1/completions']);
    second.models = { a: 'error' };
    await set.recheck();
    expect(taken()).toEqual(['command']);
    second.models = { a: 'ready' };
    second.tasks = null;
    await set.recheck();
    expect(taken()).toBeNull();
  });

  test('is the second one’s while only that has it ready', async () => {
    second.models = { a: 'ready' };
    first.models = { a: 'error' };
    await set.start();
    expect(models()).toEqual(['second a ready loaded']);
    await set.run(task('a'), context);
    expect([first.runs.length, second.runs.length]).toEqual([0, 1]);
  });
});

describe('running', () => {
  test('a task that no runtime serves may be tried on another node', async () => {
    await set.start();
    expect(set.serves(task('x'))).toBe(false);
    expect(await set.run(task('x'), context)).toMatchObject({
      success: false,
      error: { code: 'unknown_model', details: { retryable: true } },
    });
  });

  test('a task gives back what its runtime gave', async () => {
    await set.start();
    expect(set.serves(task('a'))).toBe(true);
    expect(await set.run(task('a'), context)).toEqual({ success: true, output: 'done' });
    expect(first.looks).toBe(1);
  });

  test('a runtime that failed is looked at again at once: three misses later its model is not ready', async () => {
    await set.start();
    first.outcome = { success: false, error: { code: 'runtime_unreachable', message: '', details: { retryable: true } } };
    first.state = 'not_running';
    await set.run(task('a'), context);
    await pass(0);
    expect(first.looks).toBe(2);
    await pass(1000);
    await pass(1000);
    expect(models()).toEqual(['first a error runtime_not_running']);
  });
});
