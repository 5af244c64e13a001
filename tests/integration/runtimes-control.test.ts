// Acts on models of model servers over real sockets: the requests that each server gets, and the residency that follows.
import { afterEach, expect, it } from 'vitest';
import { silentLogger } from '../../src/main/platform/logger';
import { systemClock } from '../../src/main/platform/clock';
import type { HttpRuntime } from '../../src/main/runtimes/http/http-runtime';
import { RuntimeSet } from '../../src/main/runtimes/runtime-set';
import { chatTask, useRuntimeBench } from '../support/http-runtime-bench';
import { openLlamaCpp } from '../support/stand-ins/llama-cpp';
import { openLmStudio } from '../support/stand-ins/lm-studio';
import { openOllama, type OllamaState } from '../support/stand-ins/ollama';
import type { StandIn } from '../support/stand-ins/stand-in';
import { openVllm } from '../support/stand-ins/vllm';
import { until } from '../support/until';

const bench = useRuntimeBench();
const LLAMA = 'llama3.2:latest';
const GEMMA = 'google/gemma-3-12b';
let sets: RuntimeSet[] = [];
afterEach(async () => {
  for (const set of sets) await set.stop();
  sets = [];
});

async function started(runtime: HttpRuntime): Promise<RuntimeSet> {
  const set = new RuntimeSet({ runtimes: [runtime], clock: systemClock, logger: silentLogger, random: () => 0.5 });
  sets.push(set);
  await set.start();
  return set;
}

const modelOf = (set: RuntimeSet, modelId: string) => set.snapshot().models.find(({ model }) => model.model_id === modelId);
const residencyIn = (set: RuntimeSet, modelId: string) => modelOf(set, modelId)?.residency ?? null;
const sent = ({ requests }: StandIn, pattern: RegExp): readonly unknown[] =>
  requests.filter(({ path }) => pattern.test(path)).map(({ body }) => JSON.parse(body.toString()) as unknown);

it('Ollama: load, pin, unpin, unload -> its requests, residency, loaded for older schedulers', async () => {
  const state: OllamaState = { loaded: false };
  const standIn = await bench.use(openOllama(state));
  const set = await started(bench.runtime(standIn));
  expect(residencyIn(set, LLAMA)).toBe('cold');
  expect(modelOf(set, LLAMA)?.model.actions).toEqual(['load', 'unload', 'pin', 'unpin']);

  const seen: unknown[] = [];
  for (const action of ['load', 'pin', 'unload', 'unpin', 'unload'] as const) {
    const outcome = await set.control(LLAMA, action);
    seen.push([action, outcome.ok ? 'ok' : outcome.error.code, residencyIn(set, LLAMA), modelOf(set, LLAMA)?.model.loaded]);
  }
  expect(seen).toEqual([
    ['load', 'ok', 'loaded', true],
    ['pin', 'ok', 'pinned', true],
    ['unload', 'pinned', 'pinned', true],
    ['unpin', 'ok', 'loaded', true],
    ['unload', 'ok', 'cold', false],
  ]);
  expect(sent(standIn, /generate/)).toEqual([
    { model: LLAMA, stream: false },
    { model: LLAMA, stream: false, keep_alive: -1 },
    { model: LLAMA, stream: false, keep_alive: '5m' },
    { model: LLAMA, keep_alive: 0, stream: false },
  ]);
});

it('Ollama: while it loads -> loading, another action refused; work on the model -> no unload', async () => {
  let release = (): void => undefined;
  const state: OllamaState = { loaded: false, paceMs: 300, holdLoad: new Promise((resolve) => (release = resolve)) };
  const set = await started(bench.runtime(await bench.use(openOllama(state))));
  const load = set.control(LLAMA, 'load');
  expect([residencyIn(set, LLAMA), await set.control(LLAMA, 'unload')]).toEqual([
    'loading',
    { ok: false, error: { code: 'in_progress', message: null } },
  ]);
  release();
  expect(await load).toEqual({ ok: true, value: undefined });

  const run = set.run(chatTask(LLAMA, { stream: true }), {
    signal: new AbortController().signal,
    timeoutMs: 9000,
    onChunk: () => undefined,
  });
  expect(await set.control(LLAMA, 'unload')).toEqual({ ok: false, error: { code: 'has_work', message: null } });
  await run;
  expect(await set.control(LLAMA, 'unload')).toEqual({ ok: true, value: undefined });
});

it('LM Studio: load, unload by instance -> ready, not ready; pin -> not supported; its refusal -> its message', async () => {
  const state = { loaded: [] as string[] };
  const standIn = await bench.use(openLmStudio(state));
  const set = await started(bench.runtime(standIn));
  expect([modelOf(set, GEMMA)?.state, residencyIn(set, GEMMA)]).toEqual(['not_installed', 'cold']);
  expect(await set.control(GEMMA, 'load')).toEqual({ ok: true, value: undefined });
  expect([modelOf(set, GEMMA)?.state, residencyIn(set, GEMMA)]).toEqual(['ready', 'loaded']);
  expect(await set.control(GEMMA, 'pin')).toEqual({ ok: false, error: { code: 'not_supported', message: null } });
  expect(await set.control(GEMMA, 'unload')).toEqual({ ok: true, value: undefined });
  expect(sent(standIn, /load$/)).toEqual([{ model: GEMMA }, { instance_id: `${GEMMA}:2` }]);
  Object.assign(state, { loadFault: 'insufficient system resources' });
  expect(await set.control(GEMMA, 'load')).toEqual({ ok: false, error: { code: 'failed', message: 'insufficient system resources' } });
});

it('LM Studio before 0.4 -> residency, no actions', async () => {
  const set = await started(bench.runtime(await bench.use(openLmStudio({ old: true }))));
  expect(set.snapshot().models.map(({ model, residency }) => [residency, model.actions])).toEqual([
    ['loaded', undefined],
    ['cold', undefined],
  ]);
});

it('router of llama.cpp: load answers at once -> the action ends when the model is loaded', async () => {
  const state = { router: true, states: { 'org/a:Q4': 'unloaded', 'org/b:Q4': 'loaded' } };
  const set = await started(bench.runtime(await bench.use(openLlamaCpp(state))));
  const load = set.control('org/a:Q4', 'load');
  await until('the router to load', () => state.states['org/a:Q4'] === 'loading');
  await set.refresh();
  expect(residencyIn(set, 'org/a:Q4')).toBe('loading');
  state.states['org/a:Q4'] = 'loaded';
  expect([await load, residencyIn(set, 'org/a:Q4'), modelOf(set, 'org/a:Q4')?.state]).toEqual([
    { ok: true, value: undefined },
    'loaded',
    'ready',
  ]);
  expect([await set.control('org/b:Q4', 'unload'), residencyIn(set, 'org/b:Q4')]).toEqual([{ ok: true, value: undefined }, 'cold']);
});

it('a server without control, an unknown model -> not supported, unknown model', async () => {
  const set = await started(bench.runtime(await bench.use(openVllm())));
  const modelId = set.snapshot().models[0]?.model.model_id ?? '';
  expect([await set.control(modelId, 'load'), await set.control('none', 'load')]).toEqual([
    { ok: false, error: { code: 'not_supported', message: null } },
    { ok: false, error: { code: 'unknown_model', message: null } },
  ]);
});
