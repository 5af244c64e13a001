// Which runtimes of a set work now or worked last, and where.
import { beforeEach, expect, test } from 'vitest';
import { commandTask, runContext, type RuntimeSetBench, useRuntimeSet } from '../../support/runtime-set-bench';

const bench = useRuntimeSet();
let clock: RuntimeSetBench['clock'];
let second: RuntimeSetBench['second'];
let set: RuntimeSetBench['set'];
const pass = (ms: number): Promise<void> => bench().pass(ms);

beforeEach(() => {
  ({ clock, second, set } = bench());
});

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
  const run = set.run(commandTask('b'), runContext);
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
  const first = set.run(commandTask('b'), runContext);
  second.holdRuns = new Promise(() => undefined);
  void set.run(commandTask('b'), runContext);
  await first;
  await pass(7000);
  expect(set.use().jobAtMonotonicMs).toBe(clock.monotonicMs());
});

test('runtimes use: task of a command -> a job, on no server', async () => {
  await started();
  await set.run(commandTask('a'), runContext);
  expect(set.use()).toMatchObject({ servers: [{ usedAtMonotonicMs: null }], jobAtMonotonicMs: clock.monotonicMs() });
});

test('runtimes use: server on another machine -> neither a process nor a job of this machine', async () => {
  await started();
  second.place = 'other_machine';
  await set.run(commandTask('b'), runContext);
  expect(set.use()).toEqual({ servers: [], jobAtMonotonicMs: null });
});

test('runtimes use: server that does not run -> left out, unless a task ran on it: it may be too busy for a probe', async () => {
  await started();
  second.state = 'not_running';
  for (let probe = 0; probe < 4; probe++) await pass(16_000);
  expect(set.use().servers).toEqual([]);
  await set.run(commandTask('b'), runContext);
  expect(set.use().servers).toEqual([{ id: 'second', ...SERVER, usedAtMonotonicMs: clock.monotonicMs() }]);
});
