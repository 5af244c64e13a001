// Models that the owner wants, among all runtimes of a machine: downloaded by the Ollama that runs, and only where nobody has them.
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
afterEach(() => {
  set.stop();
});

/** Moves the clock, and lets the looks that it started come to their end. */
async function pass(ms: number): Promise<void> {
  clock.advance(ms);
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}
const models = () => set.seen().models.map(({ runtimeId, model, state }) => `${runtimeId} ${model.model_id} ${state}`);

describe('a model that the owner wants', () => {
  /** The second one is an Ollama; models that it was asked for. */
  function wanting(...pullModels: string[]): string[] {
    const asked: string[] = [];
    second.flavour = 'ollama';
    second.pull = (model) => {
      asked.push(model);
      second.models = { [model]: 'ready' };
      return Promise.resolve({ end: 'done' });
    };
    set = new RuntimeSet({ runtimes: [first, second], pullModels, clock, logger: silentLogger, random: () => 0.5 });
    return asked;
  }

  test('is not downloaded where any runtime has it, however late that one is looked at', async () => {
    let go: () => void = () => undefined;
    first.models = { 'a:latest': 'error' };
    first.hold = new Promise((resolve) => {
      go = resolve;
    });
    const asked = wanting('a');
    const started = set.start();
    await pass(0);
    go();
    await started;
    expect([asked, set.seen().pulls]).toEqual([[], []]);
  });

  test('is there as soon as the running Ollama has downloaded it', async () => {
    second.state = 'not_running';
    const asked = wanting('b');
    await set.start();
    expect([asked, set.seen().pulls.map(({ reasonCode }) => reasonCode)]).toEqual([[], ['pull_no_ollama']]);
    second.state = 'running';
    await set.recheck();
    await pass(0);
    expect([asked, set.seen().pulls]).toEqual([['b:latest'], []]);
    expect(models()).toContain('second b:latest ready');
  });
});
