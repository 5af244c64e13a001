// Which runtimes of a set work now or worked last, and where.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentLogger } from '../../../src/main/platform/logger';
import { RuntimeSet } from '../../../src/main/runtimes/runtime-set';
import type { Task } from '../../../src/shared/protocol/tasks';
import { FakeRuntime } from '../../support/fake-runtime';
import { ManualClock } from '../../support/manual-clock';

let clock: ManualClock;
let second: FakeRuntime;
let set: RuntimeSet;

beforeEach(() => {
  clock = new ManualClock();
  const first = new FakeRuntime('first');
  first.models = { a: 'ready' };
  second = new FakeRuntime('second');
  set = new RuntimeSet({ runtimes: [first, second], clock, logger: silentLogger, random: () => 0.5 });
});
afterEach(() => {
  set.stop();
});

/** Advances the clock and lets the started probes end. */
async function pass(ms: number): Promise<void> {
  clock.advance(ms);
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

const task = (model: string): Task => ({ kind: 'command', model_id: model, input: '' });
const context = { signal: new AbortController().signal, timeoutMs: 1000, onChunk: () => undefined };

const SERVER = { port: 11_434, processNames: ['ollama'] };
const started = async () => {
  second.place = SERVER;
  second.models = { b: 'ready' };
  await set.start();
  await pass(1000);
};

test('runtimes use: servers that run are listed, commands are not; no task yet -> null', async () => {
  await started();
  expect(set.use()).toEqual({ servers: [{ id: 'second', ...SERVER, usedAtMonotonicMs: null }], jobAtMonotonicMs: null });
});

test('runtimes use: now while a task runs, then the end of the task', async () => {
  await started();
  let end: () => void = () => undefined;
  second.holdRuns = new Promise((resolve) => {
    end = resolve;
  });
  const run = set.run(task('b'), context);
  const startedAt = clock.monotonicMs();
  await pass(4000);
  expect(set.use()).toMatchObject({ servers: [{ usedAtMonotonicMs: startedAt + 4000 }], jobAtMonotonicMs: startedAt + 4000 });
  end();
  await run;
  await pass(1000);
  expect(set.use()).toMatchObject({ servers: [{ usedAtMonotonicMs: startedAt + 4000 }], jobAtMonotonicMs: startedAt + 4000 });
});

test('runtimes use: two tasks on a server: it is used until the last one ends', async () => {
  await started();
  second.holdRuns = Promise.resolve();
  const first = set.run(task('b'), context);
  second.holdRuns = new Promise(() => undefined);
  void set.run(task('b'), context);
  await first;
  await pass(7000);
  expect(set.use().jobAtMonotonicMs).toBe(clock.monotonicMs());
});

test('runtimes use: task of a command -> a job, on no server', async () => {
  await started();
  await set.run(task('a'), context);
  expect(set.use()).toMatchObject({ servers: [{ usedAtMonotonicMs: null }], jobAtMonotonicMs: clock.monotonicMs() });
});

test('runtimes use: server on another machine -> neither a process nor a job of this machine', async () => {
  await started();
  second.place = 'other_machine';
  await set.run(task('b'), context);
  expect(set.use()).toEqual({ servers: [], jobAtMonotonicMs: null });
});

test('runtimes use: server that does not run -> left out, unless a task ran on it: it may be too busy for a probe', async () => {
  await started();
  second.state = 'not_running';
  for (let probe = 0; probe < 4; probe++) await pass(16_000);
  expect(set.use().servers).toEqual([]);
  await set.run(task('b'), context);
  expect(set.use().servers).toEqual([{ id: 'second', ...SERVER, usedAtMonotonicMs: clock.monotonicMs() }]);
});
