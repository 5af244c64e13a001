// A set of runtimes whose configuration changes while it runs.
import { expect, test } from 'vitest';
import { useRuntimeSet } from '../../support/runtime-set-bench';
import { FakeRuntime } from '../../support/fake-runtime';
import { HttpRuntime } from '../../../src/main/runtimes/http/http-runtime';
import { systemClock } from '../../../src/main/platform/clock';

const bench = useRuntimeSet();
const models = () =>
  bench()
    .set.snapshot()
    .models.map(({ runtimeId, model }) => `${runtimeId} ${model.model_id}`);

test('configure: runtime removed -> its models are gone, it is probed no more; the others go on', async () => {
  const { set, first, second } = bench();
  const pass = (ms: number) => bench().pass(ms);
  second.models = { b: 'ready' };
  await set.start();
  set.configure({ runtimes: [second], pullModels: [] });
  expect(models()).toEqual(['second b']);
  const probes = first.probes;
  for (let round = 0; round < 4; round++) await pass(15_000);
  expect(first.probes).toBe(probes);
  expect(second.probes).toBe(5);
});

test('configure: runtime added -> probed at once, its models appear; the runtime before keeps its snapshot', async () => {
  const { set, first } = bench();
  await set.start();
  const third = new FakeRuntime('third');
  third.models = { c: 'ready' };
  set.configure({ runtimes: [first, third], pullModels: [] });
  expect(models()).toEqual(['first a']);
  await bench().pass(0);
  expect([models(), first.probes]).toEqual([['first a', 'third c'], 1]);
});

test('configure: before the start -> only the new runtimes are probed', async () => {
  const { set, first, second } = bench();
  set.configure({ runtimes: [second], pullModels: [] });
  await set.start();
  expect([first.probes, second.probes]).toEqual([0, 1]);
});

test('configure: another model to download -> the running download is stopped, the new one starts', async () => {
  const { set, first, second } = bench();
  const asked: string[] = [];
  second.type = 'ollama';
  second.pull = (model, _onProgress, signal) => {
    asked.push(model);
    return new Promise((resolve) => {
      signal.addEventListener('abort', () => {
        asked.push(`${model} stopped`);
        resolve({ end: 'failed', code: 'pull_broken', message: null });
      });
    });
  };
  set.configure({ runtimes: [first, second], pullModels: ['x'] });
  await set.start();
  await bench().pass(0);
  set.configure({ runtimes: [first, second], pullModels: ['y'] });
  await bench().pass(0);
  expect(asked).toEqual(['x:latest', 'x:latest stopped', 'y:latest']);
  expect(set.snapshot().pulls.map(({ model }) => model.model_id)).toEqual(['y:latest']);
  set.configure({ runtimes: [first, second], pullModels: [] });
  await bench().pass(0);
  expect(set.snapshot().pulls).toEqual([]);
});

test('HTTP runtime: the same address and key file -> the same settings', () => {
  const of = (url: string, apiKeyFile: string | null, named = true) =>
    new HttpRuntime({ url: new URL(url), named, apiKeyFile, clock: systemClock, maxOutputBytes: 1 }).settings;
  expect(of('http://127.0.0.1:1', null)).toBe(of('http://127.0.0.1:1', null));
  const others = [of('http://127.0.0.1:2', null), of('http://127.0.0.1:1', '/k'), of('http://127.0.0.1:1', null, false)];
  for (const other of others) expect(other).not.toBe(of('http://127.0.0.1:1', null));
});
