// Probes model servers over real sockets: the recognised program, the state of its models, and the code of every fault.
import { afterEach, describe, expect, test } from 'vitest';
import type { HttpRuntime } from '../../src/main/runtimes/http/http-runtime';
import { PROBE_TIMEOUT_MS } from '../../src/main/runtimes/http/probe';
import type { RuntimeSnapshot } from '../../src/main/runtimes/runtime';
import { brief, useRuntimeBench } from '../support/http-runtime-bench';
import { ManualClock } from '../support/manual-clock';
import { type LlamaState, openLlamaCpp } from '../support/stand-ins/llama-cpp';
import { openLmStudio } from '../support/stand-ins/lm-studio';
import { openLocalAi } from '../support/stand-ins/localai';
import { openOllama } from '../support/stand-ins/ollama';
import type { Fault, StandIn } from '../support/stand-ins/stand-in';
import { openVllm, type VllmState } from '../support/stand-ins/vllm';
import { openWhisperCpp } from '../support/stand-ins/whisper-cpp';
import { startTestScheduler, type TestScheduler } from '../support/test-scheduler';
import { until } from '../support/until';

const bench = useRuntimeBench();

/** Probes. When only requests without an answer are open, advances the clock past their timeout. */
async function discoverPastTimeouts(runtime: HttpRuntime, standIn: StandIn, clock: ManualClock): Promise<RuntimeSnapshot> {
  let isOver = false;
  const looked = runtime.probe().finally(() => {
    isOver = true;
  });
  const areOthersAnswered = () => clock.pending > 0 && clock.pending === standIn.hungCount - standIn.hungAbortedCount;
  while (!isOver) {
    await until('requests that hang alone', () => isOver || areOthersAnswered());
    if (areOthersAnswered()) clock.advance(PROBE_TIMEOUT_MS);
  }
  return looked;
}

const GEMMA = 'gemma-3-4b-it-Q4_K_M.gguf';

describe('model server', () => {
  test.each<[string, () => Promise<StandIn>, string]>([
    ['Ollama', () => openOllama(), 'ollama, running, ok, llama3.2:latest ready loaded, nomic-embed-text:latest ready cold'],
    ['llama.cpp', () => openLlamaCpp(), `llama.cpp, running, ok, ${GEMMA} ready loaded`],
    ['llama.cpp loading', () => openLlamaCpp({ loading: true }), 'llama.cpp, starting, loading_model'],
    ['vLLM', () => openVllm(), 'vllm, running, ok, qwen ready loaded'],
    ['vLLM with a dead engine', () => openVllm({ engineDead: true }), 'vllm, not_running, engine_dead'],
    [
      'LM Studio',
      () => openLmStudio(),
      'lm-studio, running, ok, google/gemma-3-12b ready loaded, text-embedding-nomic-embed-text-v1.5 not_installed not_loaded',
    ],
    [
      'LM Studio before 0.4',
      () => openLmStudio({ old: true }),
      'lm-studio, running, ok, qwen2-vl-7b-instruct ready loaded, text-embedding-nomic-embed-text-v1.5 not_installed not_loaded',
    ],
    ['LocalAI', () => openLocalAi(), 'localai, running, ok, whisper-1 ready listed, gpt-4 ready listed'],
    ['LocalAI starting', () => openLocalAi({ ready: false }), 'localai, starting, not_ready'],
    ['whisper.cpp', () => openWhisperCpp(), 'whisper.cpp, running, ok, whisper.cpp ready loaded'],
    [
      'whisper.cpp loading',
      () => openWhisperCpp({ loading: true }),
      'whisper.cpp, starting, loading_model, whisper.cpp not_installed loading',
    ],
    ['old whisper.cpp', () => openWhisperCpp({ old: true }), 'whisper.cpp, running, health_unknown, whisper.cpp error readiness_unknown'],
  ])('%s -> recognised and read; second probe -> only the requests needed', async (_what, open, expected) => {
    const standIn = await bench.use(open());
    const runtime = bench.runtime(standIn);
    expect(brief(await runtime.probe())).toBe(expected);
    const before = standIn.requests.length;
    expect(brief(await runtime.probe())).toBe(expected);
    expect(standIn.requests.length - before).toBeLessThanOrEqual(5);
    // No request wakes, loads or pins a model.
    for (const path of standIn.paths) expect(path).toMatch(/^(GET (?!.*slots)[^?]+|POST \/api\/show)$/);
  });
});

describe('model server that changes', () => {
  test('loaded -> ready', async () => {
    const state: LlamaState = { loading: true };
    const runtime = bench.runtime(await bench.use(openLlamaCpp(state)));
    await runtime.probe();
    state.loading = false;
    expect(brief(await runtime.probe())).toBe(`llama.cpp, running, ok, ${GEMMA} ready loaded`);
  });

  test('replaced by another program -> that program recognised', async () => {
    const llama = await bench.use(openLlamaCpp());
    const runtime = bench.runtime(llama);
    await runtime.probe();
    llama.faults = Object.fromEntries(['/props', '/v1/models', '/models'].map((path) => [path, { status: 404 }]));
    expect(brief(await runtime.probe())).toBe('openai-compatible, wrong_service, not_recognised');
    expect(runtime.serves({ kind: 'openai', path: '/v1/embeddings', body: { model: GEMMA } })).toBe(false);
  });

  test('list of loaded models hangs while a model loads -> the other answers count', async () => {
    const ollama = await bench.use(openOllama());
    const clock = new ManualClock();
    const runtime = bench.runtime(ollama, { clock });
    await runtime.probe();
    ollama.faults = { '/api/ps': 'hang' };
    expect(brief(await discoverPastTimeouts(runtime, ollama, clock))).toBe(
      'ollama, running, loading_model, llama3.2:latest ready loading, nomic-embed-text:latest ready loading',
    );
  });

  test('model of Ollama unloaded -> its GPU memory is still known', async () => {
    const state = { loaded: true };
    const runtime = bench.runtime(await bench.use(openOllama(state)));
    const memory = async () => (await runtime.probe()).models.map(({ model }) => [model.model_id, model.loaded, model.vram_gb]);
    const loaded = await memory();
    state.loaded = false;
    expect([loaded, await memory()]).toEqual([
      [
        ['llama3.2:latest', true, 2.6],
        ['nomic-embed-text:latest', false, undefined],
      ],
      [
        ['llama3.2:latest', false, 2.6],
        ['nomic-embed-text:latest', false, undefined],
      ],
    ]);
  });

  test('one new model in Ollama -> only this model requested', async () => {
    const state = { loaded: true, pulled: [] as string[] };
    const ollama = await bench.use(openOllama(state));
    const runtime = bench.runtime(ollama);
    const shown = () => ollama.requests.filter(({ path }) => path === '/api/show').map(({ body }) => JSON.parse(String(body)) as unknown);
    await runtime.probe();
    const kinds = (await runtime.probe()).models.map(({ model, kindIsGuess }) => [model.kind, kindIsGuess]);
    expect([kinds, shown()]).toEqual([
      [
        ['llm', false],
        ['embedding', false],
      ],
      [{ model: 'nomic-embed-text:latest' }],
    ]);
  });

  test('list of Ollama hangs -> keeps its models', async () => {
    const ollama = await bench.use(openOllama());
    const clock = new ManualClock();
    const runtime = bench.runtime(ollama, { clock });
    await runtime.probe();
    ollama.faults = { '/api/tags': 'hang' };
    expect(brief(await discoverPastTimeouts(runtime, ollama, clock))).toBe('ollama, starting, list_not_answered');
    expect(runtime.serves({ kind: 'openai', path: '/v1/chat/completions', body: { model: 'llama3.2:latest' } })).toBe(true);
  });

  test.each<[string, Fault, string]>([
    ['hangs', 'hang', 'timeout'],
    ['fails', { status: 500, body: 'Internal Server Error' }, 'http_500'],
  ])('list %s -> one miss, same server', async (_what, fault, reason) => {
    const vllm = await bench.use(openVllm());
    const clock = new ManualClock();
    const runtime = bench.runtime(vllm, { clock });
    await runtime.probe();
    vllm.faults = { '/v1/models': fault };
    expect(brief(await discoverPastTimeouts(runtime, vllm, clock))).toBe(`vllm, not_running, ${reason}`);
    expect(runtime.serves({ kind: 'openai', path: '/v1/embeddings', body: { model: 'qwen' } })).toBe(true);
    vllm.faults = {};
    expect(brief(await runtime.probe())).toBe('vllm, running, ok, qwen ready loaded');
  });

  test('stopped and started -> not running, then itself', async () => {
    const vllm = await bench.use(openVllm());
    const runtime = bench.runtime(vllm);
    await runtime.probe();
    await vllm.close();
    expect(brief(await runtime.probe())).toBe('vllm, not_running, refused');
    await vllm.reopen();
    expect(brief(await runtime.probe())).toBe('vllm, running, ok, qwen ready loaded');
  });
});

describe('fault', () => {
  test.each<[string, Fault, string]>([
    ['hangs', 'hang', 'not_running, timeout'],
    ['byte by byte, never ending', 'drip', 'not_running, timeout'],
    ['reset', 'reset', 'not_running, broken'],
    ['truncated', 'truncated', 'not_running, broken'],
    ['not HTTP', 'garbage', 'not_running, unreadable_answer'],
    ['a redirect', 'redirect', 'wrong_service, not_recognised'],
    ['a web page', { type: 'text/html', body: '<html>' }, 'wrong_service, not_recognised'],
    ['broken JSON', { type: 'application/json', body: '{"data": [' }, 'wrong_service, not_recognised'],
    ['an endless list', { type: 'application/json', body: `{"data": [${'1,'.repeat(600_000)}1]}` }, 'not_running, too_large'],
    ['nested without a limit', { type: 'application/json', body: '['.repeat(500_000) }, 'wrong_service, not_recognised'],
    ['status 500', { status: 500, body: { error: 'x' } }, 'not_running, http_500'],
  ])('every answer: %s -> state and reason', async (_what, fault, expected) => {
    const standIn = await bench.use(openVllm());
    standIn.faults = { '*': fault };
    const clock = new ManualClock();
    const startedAtMonotonicMs = clock.monotonicMs();
    const snapshot = await discoverPastTimeouts(bench.runtime(standIn, { clock }), standIn, clock);
    expect(brief(snapshot)).toBe(`openai-compatible, ${expected}`);
    expect(clock.monotonicMs() - startedAtMonotonicMs).toBeLessThan(2 * PROBE_TIMEOUT_MS);
    expect(standIn.paths).not.toContain('GET /elsewhere');
  });

  test('nothing listens -> not running', async () => {
    const standIn = await bench.use(openVllm());
    await standIn.close();
    expect(brief(await bench.runtime(standIn).probe())).toBe('openai-compatible, not_running, refused');
  });

  test('link-local or unspecified address -> not connected to', async () => {
    const standIn = await bench.use(openVllm());
    for (const url of ['http://169.254.169.254', 'http://0.0.0.0', 'http://[fe80::1]']) {
      const found = await bench.runtime(standIn, { url: new URL(url) }).probe();
      expect(found.runtime).toMatchObject({ state: 'not_running', reasonCode: 'address_refused' });
    }
  });

  test('localhost -> resolved and found', async () => {
    const standIn = await bench.use(openVllm());
    const url = new URL(standIn.url);
    url.hostname = 'localhost';
    expect((await bench.runtime(standIn, { url }).probe()).runtime.state).toBe('running');
  });
});

describe('scheduler of Muster', () => {
  let scheduler: TestScheduler | null = null;
  afterEach(() => scheduler?.stop());

  test('any port, empty model list -> not used as a model server', async () => {
    scheduler = await startTestScheduler();
    const standIn = await bench.use(openVllm());
    const found = await bench.runtime(standIn, { url: new URL(scheduler.url) }).probe();
    expect(brief(found)).toBe('openai-compatible, wrong_service, muster_scheduler');
  });
});

describe('API key', () => {
  const states: VllmState & LlamaState = { key: 'sk-local' };

  test.each<[string, () => Promise<StandIn>]>([
    ['vllm', () => openVllm(states)],
    ['llama.cpp', () => openLlamaCpp(states)],
  ])('%s -> key required, read from its file, read again when the file changes', async (flavour, open) => {
    const standIn = await bench.use(open());
    expect(brief(await bench.runtime(standIn).probe())).toBe(`${flavour}, unauthorized, key_needed`);
    expect(brief(await bench.runtime(standIn, { apiKeyFile: bench.file('another') }).probe())).toBe(`${flavour}, unauthorized, key_needed`);
    const found = await bench.runtime(standIn, { apiKeyFile: bench.file('sk-local\n') }).probe();
    expect(found.runtime.state).toBe('running');
    expect(JSON.stringify(found)).not.toContain('sk-local');
  });

  test.each([
    ['readable by others', 'sk-local', 0o644, 'key_file_exposed'],
    ['with more than a key', 'two words', 0o600, 'key_file_not_a_key'],
    ['empty', '', 0o600, 'key_file_not_a_key'],
    ['with a line end inside', 'a\r\nb: c', 0o600, 'key_file_not_a_key'],
  ])('key file %s -> key not sent, no request', async (_what, content, mode, reason) => {
    const standIn = await bench.use(openVllm(states));
    const found = await bench.runtime(standIn, { apiKeyFile: bench.file(content, mode) }).probe();
    expect(found.runtime).toMatchObject({ state: 'unauthorized', reasonCode: reason });
    expect(standIn.requests).toEqual([]);
  });

  test('file missing -> key missing', async () => {
    const standIn = await bench.use(openVllm(states));
    const found = await bench.runtime(standIn, { apiKeyFile: '/nowhere/key' }).probe();
    expect(found.runtime.reasonCode).toBe('key_file_missing');
  });
});

test('base path -> before every path', async () => {
  const standIn = await bench.use(openVllm());
  await bench.runtime(standIn, { url: new URL('/llm/', standIn.url) }).probe();
  expect(standIn.paths).toContain('GET /llm/v1/models');
});
