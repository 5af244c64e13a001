// A set of two fake runtimes with a manual clock; the set is stopped after each test. The first runtime has the model `a`.
import { afterEach, beforeEach } from 'vitest';
import { silentLogger } from '../../src/main/platform/logger';
import { RuntimeSet } from '../../src/main/runtimes/runtime-set';
import type { Task } from '../../src/shared/protocol/tasks';
import { FakeRuntime } from './fake-runtime';
import { ManualClock } from './manual-clock';

export class RuntimeSetBench {
  readonly clock = new ManualClock();
  readonly first = new FakeRuntime('first');
  readonly second = new FakeRuntime('second');
  readonly set: RuntimeSet;

  constructor() {
    this.first.models = { a: 'ready' };
    this.set = new RuntimeSet({ runtimes: [this.first, this.second], clock: this.clock, logger: silentLogger, random: () => 0.5 });
  }

  /** Advances the clock and lets the started probes end. */
  async pass(ms: number): Promise<void> {
    this.clock.advance(ms);
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  }
}

/** The function returns the bench of the running test. */
export function useRuntimeSet(): () => RuntimeSetBench {
  let bench: RuntimeSetBench;
  beforeEach(() => {
    bench = new RuntimeSetBench();
  });
  afterEach(() => bench.set.stop());
  return () => bench;
}

export const commandTask = (model: string): Task => ({ kind: 'command', model_id: model, input: '' });
export const runContext = { signal: new AbortController().signal, timeoutMs: 1000, onChunk: () => undefined };
