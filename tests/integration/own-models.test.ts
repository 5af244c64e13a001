// The owner downloads, pauses, removes, loads and shares models of an Ollama, over real sockets.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { OwnModels } from '../../src/main/agent/own-models';
import { systemClock } from '../../src/main/platform/clock';
import { silentLogger } from '../../src/main/platform/logger';
import { DownloadsFile } from '../../src/main/runtimes/pulls/downloads-file';
import { RuntimeSet } from '../../src/main/runtimes/runtime-set';
import { useAgentBench } from '../support/agent-bench';
import { assignOf, resultOf, SHOUT, writeCommandModel } from '../support/job-bench';
import { ManualClock } from '../support/manual-clock';
import { chatTask, useRuntimeBench } from '../support/http-runtime-bench';
import { LAYER, openOllama, type OllamaState, type PullAnswer, pulling } from '../support/stand-ins/ollama';
import type { StandIn } from '../support/stand-ins/stand-in';
import { openVllm } from '../support/stand-ins/vllm';
import { until } from '../support/until';

const bench = useRuntimeBench();
const agents = useAgentBench();
const QWEN = 'qwen3:14b';
const LLAMA = 'llama3.2:latest';
let folder: string;
let sets: RuntimeSet[];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'muster-own-models-'));
  sets = [];
});
afterEach(async () => {
  for (const set of sets) await set.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Computer {
  readonly set: RuntimeSet;
  readonly own: OwnModels;
}

async function computer(
  server: StandIn,
  { pullModels = [], unshared = [] }: { pullModels?: string[]; unshared?: string[] } = {},
): Promise<Computer> {
  const downloads = new DownloadsFile(path.join(folder, 'downloads.json'), silentLogger);
  const runtimes = [bench.runtime(server)];
  const set = new RuntimeSet({ runtimes, pullModels, downloads, clock: systemClock, logger: silentLogger, random: () => 0.5 });
  sets.push(set);
  await set.start();
  const own = new OwnModels({
    runtimes: set,
    unshared: () => unshared,
    modelFolders: () => [folder],
    onRequest: () => undefined,
    clock: systemClock,
    env: { OLLAMA_MODELS: folder },
  });
  return { set, own };
}

const reasonsOf = ({ set }: Computer) => set.snapshot().pulls.map(({ model, reasonCode }) => `${model.model_id} ${reasonCode}`);
const idsOf = ({ set }: Computer) => set.snapshot().models.map(({ model }) => model.model_id);

it('download, pause, restart, continue, remove -> the requests of Ollama, and its list', async () => {
  const answers: PullAnswer[] = [];
  let disconnected = 0;
  const state: OllamaState = {
    loaded: false,
    pulled: [],
    pull: (_model, answer) => {
      answers.push(answer);
      answer.onDisconnect(() => (disconnected += 1));
      answer.line(pulling(LAYER, 1000, 250));
    },
  };
  const server = await bench.use(openOllama(state));
  let here = await computer(server);
  expect(here.own.download(QWEN)).toEqual({ ok: true, value: undefined });
  await until('the first bytes', () => here.set.snapshot().pulls[0]?.progress === 0.25);
  expect(here.own.pauseDownload(QWEN)).toEqual({ ok: true, value: undefined });
  await until('the end of the request', () => disconnected === 1);
  expect(here.set.snapshot().pulls[0]).toMatchObject({ reasonCode: 'pull_paused', progress: 0.25, details: { requested: true } });
  await here.set.stop();
  here = await computer(server);
  expect([reasonsOf(here), answers.length]).toEqual([[`${QWEN} pull_paused`], 1]);
  expect(here.own.download(QWEN)).toEqual({ ok: true, value: undefined });
  await until('the second request', () => answers.length === 2);
  state.pulled?.push(QWEN);
  answers[1]?.line({ status: 'success' });
  await until('the model', () => idsOf(here).includes(QWEN));
  expect(reasonsOf(here)).toEqual([]);
  expect(await here.own.remove(QWEN)).toEqual({ ok: true, value: { state: 'done' } });
  expect([idsOf(here).includes(QWEN), reasonsOf(here)]).toEqual([false, []]);
  const removal = server.requests.find(({ path: at }) => at === '/api/delete');
  expect([removal?.method, JSON.parse(String(removal?.body))]).toEqual(['DELETE', { model: QWEN }]);
});

it('cancelled -> the request ends and is forgotten', async () => {
  let isDisconnected = false;
  const pull = (_model: string, answer: PullAnswer) => {
    answer.onDisconnect(() => (isDisconnected = true));
    answer.line(pulling(LAYER, 1000, 250));
  };
  const here = await computer(await bench.use(openOllama({ loaded: false, pull })));
  here.own.download(QWEN);
  await until('the first bytes', () => here.set.snapshot().pulls[0]?.progress === 0.25);
  expect(here.own.cancelDownload(QWEN)).toEqual({ ok: true, value: undefined });
  await until('the end of the request', () => isDisconnected);
  expect([reasonsOf(here), here.own.cancelDownload(QWEN)]).toMatchObject([[], { ok: false, error: { code: 'NOT_FOUND' } }]);
});

it('remove refused: model of the configuration, model with a task, by Ollama, unknown model', async () => {
  const ollama = await bench.use(openOllama({ loaded: true, paceMs: 20 }));
  const configured = await computer(ollama, { pullModels: [LLAMA] });
  expect(await configured.own.remove(LLAMA)).toMatchObject({ error: { code: 'INVALID_STATE', details: { reason: 'configured' } } });
  const { own, set } = await computer(ollama);
  const context = { signal: new AbortController().signal, timeoutMs: 9000, onChunk: () => undefined };
  const run = set.run(chatTask(LLAMA, { stream: true }), context);
  expect(await own.remove(LLAMA)).toMatchObject({ error: { code: 'INVALID_STATE', details: { reason: 'has_work' } } });
  await run;
  expect(await own.remove(LLAMA)).toMatchObject({
    error: { code: 'INVALID_STATE', details: { reason: 'failed', runtime_message: `model '${LLAMA}' not found` } },
  });
  expect(await own.remove('none')).toMatchObject({ error: { code: 'NOT_FOUND' } });
});

it('without Ollama -> no download, no removal; the disk of the model folder', async () => {
  const here = await computer(await bench.use(openVllm()));
  expect(here.own.download(QWEN)).toMatchObject({ error: { code: 'INVALID_STATE', details: { reason: 'pull_no_ollama' } } });
  expect(await here.own.remove(idsOf(here)[0] ?? '')).toMatchObject({ error: { details: { reason: 'not_supported' } } });
  expect(await here.own.disk()).toMatchObject({ path: folder, of: 'folders', free_bytes: expect.any(Number) as number });
});

it('disk: folder of Ollama, free and total bytes', async () => {
  const { own } = await computer(await bench.use(openOllama()));
  const disk = await own.disk();
  expect(disk).toMatchObject({ path: folder, of: 'ollama' });
  expect(disk?.free_bytes).toBeGreaterThan(0);
  expect(disk?.total_bytes).toBeGreaterThan(disk?.free_bytes ?? Infinity);
});

it('disk: the folder does not answer -> no figures, and one call in flight; answered -> figures, then a new call', async () => {
  const { set } = await computer(await bench.use(openVllm()));
  const clock = new ManualClock();
  const figures = { bavail: 1, bsize: 4096, blocks: 2 };
  const calls: PromiseWithResolvers<typeof figures>[] = [];
  const own = new OwnModels({
    runtimes: set,
    unshared: () => [],
    modelFolders: () => [folder],
    onRequest: () => undefined,
    clock,
    statfs: () => {
      const call = Promise.withResolvers<typeof figures>();
      calls.push(call);
      return call.promise;
    },
  });
  for (let request = 0; request < 3; request++) {
    const disk = own.disk();
    clock.advance(2000);
    expect(await disk).toBeNull();
  }
  expect(calls).toHaveLength(1);
  const late = own.disk();
  calls[0]?.resolve(figures);
  expect(await late).toEqual({ path: folder, of: 'folders', free_bytes: 4096, total_bytes: 8192 });
  void own.disk();
  expect(calls).toHaveLength(2);
  calls[1]?.resolve(figures);
});

it('a load that takes longer than 5 s -> started; a short one -> done', async () => {
  let finish = (): void => undefined;
  const holdLoad = new Promise<void>((resolve) => (finish = resolve));
  const state: OllamaState = { loaded: false, holdLoad };
  const { own, set } = await computer(await bench.use(openOllama(state)));
  const clock = new ManualClock();
  const timed = new OwnModels({ runtimes: set, unshared: () => [], modelFolders: () => [], onRequest: () => undefined, clock });
  const load = timed.control(LLAMA, 'load');
  clock.advance(5000);
  expect(await load).toEqual({ ok: true, value: { state: 'started' } });
  finish();
  await until('the load', () => set.snapshot().models.find(({ model }) => model.model_id === LLAMA)?.residency === 'loaded');
  expect(await own.control(LLAMA, 'unload')).toEqual({ ok: true, value: { state: 'done' } });
});

it('share -> the changed setting', async () => {
  const { own } = await computer(await bench.use(openOllama()), { unshared: ['gone', LLAMA] });
  const key = 'agent.unshared_models';
  expect([own.share(LLAMA, true), own.share('gone', true), own.share(LLAMA, false), own.share('none', false)]).toMatchObject([
    { ok: true, value: [{ key, value: ['gone'] }] },
    { ok: true, value: [{ key, value: [LLAMA] }] },
    { ok: true, value: [{ key, value: ['gone', LLAMA] }] },
    { ok: false, error: { code: 'NOT_FOUND' } },
  ]);
});

it('agent: model that is not shared any more -> its jobs are refused; shared again -> run', async () => {
  writeCommandModel(path.join(agents().folder, 'models'), 'shout', { argv: SHOUT });
  const agent = await agents().connected();
  const connection = await agents().scheduler.connection(0);
  agent.configure(agents().optionsOf({ unsharedModels: ['shout'] }));
  connection.send(assignOf('j1'));
  expect(await resultOf(connection, 'j1')).toMatchObject({ error: { code: 'unknown_model', details: { retryable: true } } });
  expect(agent.view().models).toMatchObject([{ model_id: 'shout', shared: false }]);
  agent.configure(agents().optionsOf({ unsharedModels: [] }));
  connection.send(assignOf('j2'));
  expect(await resultOf(connection, 'j2')).toMatchObject({ success: true });
});
