// Configured downloads with several runtimes: the running Ollama downloads a model only if no runtime has it.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { silentLogger } from '../../../src/main/platform/logger';
import { RuntimeSet } from '../../../src/main/runtimes/runtime-set';
import { FakeRuntime } from '../../support/fake-runtime';
import { ManualClock } from '../../support/manual-clock';

let clock: ManualClock;
let first: FakeRuntime;
let second: FakeRuntime;
let set: RuntimeSet;

beforeEach(() => {
  clock = new ManualClock();
  first = new FakeRuntime('first');
  second = new FakeRuntime('second');
});
afterEach(() => set.stop());

/** Advances the clock and lets the started probes end. */
async function pass(ms: number): Promise<void> {
  clock.advance(ms);
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}
const models = () => set.snapshot().models.map(({ runtimeId, model, state }) => `${runtimeId} ${model.model_id} ${state}`);

describe('configured download', () => {
  /** The second runtime is an Ollama. Returns the models that it was asked to download. */
  function openWith(...pullModels: string[]): string[] {
    const asked: string[] = [];
    second.type = 'ollama';
    second.pull = (model) => {
      asked.push(model);
      second.models = { [model]: 'ready' };
      return Promise.resolve({ end: 'done' });
    };
    set = new RuntimeSet({ runtimes: [first, second], pullModels, clock, logger: silentLogger, random: () => 0.5 });
    return asked;
  }

  test('another runtime has the model, probed late -> no download', async () => {
    let go: () => void = () => undefined;
    first.models = { 'a:latest': 'error' };
    first.hold = new Promise((resolve) => {
      go = resolve;
    });
    const asked = openWith('a');
    const started = set.start();
    await pass(0);
    go();
    await started;
    expect([asked, set.snapshot().pulls]).toEqual([[], []]);
  });

  test('Ollama starts running -> downloaded, then listed', async () => {
    second.state = 'not_running';
    const asked = openWith('b');
    await set.start();
    expect([asked, set.snapshot().pulls.map(({ reasonCode }) => reasonCode)]).toEqual([[], ['pull_no_ollama']]);
    second.state = 'running';
    await set.refresh();
    await pass(0);
    expect([asked, set.snapshot().pulls]).toEqual([['b:latest'], []]);
    expect(models()).toContain('second b:latest ready');
  });
});
