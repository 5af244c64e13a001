// Looking at runtimes over real sockets: which program it is, whether its models are ready, and what every fault is called.
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

/** Looks, and lets the time of requests pass as soon as all that are left are those that are never answered. */
async function discoverPastTimeouts(runtime: HttpRuntime, standIn: StandIn, clock: ManualClock): Promise<RuntimeSnapshot> {
  let isOver = false;
  const looked = runtime.probe().finally(() => {
    isOver = true;
  });
  const areOthersAnswered = () => clock.pending > 0 && clock.pending === standIn.hung - standIn.givenUp;
  while (!isOver) {
    await until('requests that hang alone', () => isOver || areOthersAnswered());
    if (areOthersAnswered()) clock.advance(PROBE_TIMEOUT_MS);
  }
  return looked;
}

const GEMMA = 'gemma-3-4b-it-Q4_K_M.gguf';

describe('every runtime', () => {
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
    [
      'whisper.cpp of old',
      () => openWhisperCpp({ old: true }),
      'whisper.cpp, running, health_unknown, whisper.cpp error readiness_unknown',
    ],
  ])('%s is recognised and read, and the second look asks only what it needs', async (_what, open, expected) => {
    const standIn = await bench.use(open());
    const runtime = bench.runtime(standIn);
    expect(brief(await runtime.probe())).toBe(expected);
    const asked = standIn.asked.length;
    expect(brief(await runtime.probe())).toBe(expected);
    expect(standIn.asked.length - asked).toBeLessThanOrEqual(5);
    // Nothing is sent that could wake, load or pin a model.
    for (const path of standIn.paths) expect(path).toMatch(/^(GET (?!.*slots)[^?]+|POST \/api\/show)$/);
  });
});

describe('a runtime that changes', () => {
  test('is ready when it has loaded', async () => {
    const state: LlamaState = { loading: true };
    const runtime = bench.runtime(await bench.use(openLlamaCpp(state)));
    await runtime.probe();
    state.loading = false;
    expect(brief(await runtime.probe())).toBe(`llama.cpp, running, ok, ${GEMMA} ready loaded`);
  });

  test('into another program at the same address is recognised anew', async () => {
    const llama = await bench.use(openLlamaCpp());
    const runtime = bench.runtime(llama);
    await runtime.probe();
    llama.faults = Object.fromEntries(['/props', '/v1/models', '/models'].map((path) => [path, { status: 404 }]));
    expect(brief(await runtime.probe())).toBe('openai-compatible, wrong_service, not_recognised');
    expect(runtime.serves({ kind: 'openai', path: '/v1/embeddings', body: { model: GEMMA } })).toBe(false);
  });

  test('and loads a model answers for the rest: Ollama whose list of loaded models hangs', async () => {
    const ollama = await bench.use(openOllama());
    const clock = new ManualClock();
    const runtime = bench.runtime(ollama, { clock });
    await runtime.probe();
    ollama.faults = { '/api/ps': 'hang' };
    expect(brief(await discoverPastTimeouts(runtime, ollama, clock))).toBe(
      'ollama, running, loading_model, llama3.2:latest ready loading, nomic-embed-text:latest ready loading',
    );
  });

  test('in one model of Ollama is asked about that one alone', async () => {
    const state = { loaded: true, pulled: [] as string[] };
    const ollama = await bench.use(openOllama(state));
    const runtime = bench.runtime(ollama);
    const shown = () => ollama.asked.filter(({ path }) => path === '/api/show').map(({ body }) => JSON.parse(String(body)) as unknown);
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

  test('so that Ollama’s list hangs still has what it had', async () => {
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
  ])('so that its list %s has missed an answer, and is nothing else for that', async (_what, fault, reason) => {
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

  test('for a stop and a start is not running, then itself', async () => {
    const vllm = await bench.use(openVllm());
    const runtime = bench.runtime(vllm);
    await runtime.probe();
    await vllm.close();
    expect(brief(await runtime.probe())).toBe('vllm, not_running, refused');
    await vllm.reopen();
    expect(brief(await runtime.probe())).toBe('vllm, running, ok, qwen ready loaded');
  });
});

describe('a fault', () => {
  test.each<[string, Fault, string]>([
    ['hangs', 'hang', 'not_running, timeout'],
    ['comes byte by byte without an end', 'drip', 'not_running, timeout'],
    ['is cut off', 'reset', 'not_running, broken'],
    ['ends too early', 'truncated', 'not_running, broken'],
    ['is no HTTP', 'garbage', 'not_running, unreadable_answer'],
    ['leads elsewhere', 'redirect', 'wrong_service, not_recognised'],
    ['is a web page', { type: 'text/html', body: '<html>' }, 'wrong_service, not_recognised'],
    ['is broken JSON', { type: 'application/json', body: '{"data": [' }, 'wrong_service, not_recognised'],
    ['is an endless list', { type: 'application/json', body: `{"data": [${'1,'.repeat(600_000)}1]}` }, 'not_running, too_large'],
    ['is nested without end', { type: 'application/json', body: '['.repeat(500_000) }, 'wrong_service, not_recognised'],
    ['is a failure', { status: 500, body: { error: 'x' } }, 'not_running, http_500'],
  ])('every answer %s', async (_what, fault, expected) => {
    const standIn = await bench.use(openVllm());
    standIn.faults = { '*': fault };
    const clock = new ManualClock();
    const startedAtMs = clock.monotonicMs();
    const snapshot = await discoverPastTimeouts(bench.runtime(standIn, { clock }), standIn, clock);
    expect(brief(snapshot)).toBe(`openai-compatible, ${expected}`);
    expect(clock.monotonicMs() - startedAtMs).toBeLessThan(2 * PROBE_TIMEOUT_MS);
    expect(standIn.paths).not.toContain('GET /elsewhere');
  });

  test('nothing listens', async () => {
    const standIn = await bench.use(openVllm());
    await standIn.close();
    expect(brief(await bench.runtime(standIn).probe())).toBe('openai-compatible, not_running, refused');
  });

  test('a name of this machine that leads elsewhere, and an address that no runtime has, are not connected to', async () => {
    const standIn = await bench.use(openVllm());
    for (const url of ['http://169.254.169.254', 'http://0.0.0.0', 'http://[fe80::1]']) {
      const found = await bench.runtime(standIn, { url: new URL(url) }).probe();
      expect(found.runtime).toMatchObject({ state: 'not_running', reasonCode: 'address_refused' });
    }
  });

  test('localhost is resolved and found', async () => {
    const standIn = await bench.use(openVllm());
    const url = new URL(standIn.url);
    url.hostname = 'localhost';
    expect((await bench.runtime(standIn, { url }).probe()).runtime.state).toBe('running');
  });
});

describe('a scheduler of Muster', () => {
  let scheduler: TestScheduler | null = null;
  afterEach(() => scheduler?.stop());

  test('is no runtime, at whatever port it answers, also while its list is empty', async () => {
    scheduler = await startTestScheduler();
    const standIn = await bench.use(openVllm());
    const found = await bench.runtime(standIn, { url: new URL(scheduler.url) }).probe();
    expect(brief(found)).toBe('openai-compatible, wrong_service, muster_scheduler');
  });
});

describe('a key', () => {
  const states: VllmState & LlamaState = { key: 'sk-local' };

  test.each<[string, () => Promise<StandIn>]>([
    ['vllm', () => openVllm(states)],
    ['llama.cpp', () => openLlamaCpp(states)],
  ])('that %s wants is asked for, taken from its file, and taken anew when the file changes', async (flavour, open) => {
    const standIn = await bench.use(open());
    expect(brief(await bench.runtime(standIn).probe())).toBe(`${flavour}, unauthorized, key_needed`);
    expect(brief(await bench.runtime(standIn, { apiKeyFile: bench.file('another') }).probe())).toBe(`${flavour}, unauthorized, key_needed`);
    const found = await bench.runtime(standIn, { apiKeyFile: bench.file('sk-local\n') }).probe();
    expect(found.runtime.state).toBe('running');
    expect(JSON.stringify(found)).not.toContain('sk-local');
  });

  test.each([
    ['that others can read', 'sk-local', 0o644, 'key_file_exposed'],
    ['that holds more than a key', 'two words', 0o600, 'key_file_not_a_key'],
    ['that is empty', '', 0o600, 'key_file_not_a_key'],
    ['that would break the header', 'a\r\nb: c', 0o600, 'key_file_not_a_key'],
  ])('in a file %s is not sent, nor is anything else', async (_what, content, mode, reason) => {
    const standIn = await bench.use(openVllm(states));
    const found = await bench.runtime(standIn, { apiKeyFile: bench.file(content, mode) }).probe();
    expect(found.runtime).toMatchObject({ state: 'unauthorized', reasonCode: reason });
    expect(standIn.asked).toEqual([]);
  });

  test('in a file that is not there is missing', async () => {
    const standIn = await bench.use(openVllm(states));
    const found = await bench.runtime(standIn, { apiKeyFile: '/nowhere/key' }).probe();
    expect(found.runtime.reasonCode).toBe('key_file_missing');
  });
});

test('a base path goes before every path', async () => {
  const standIn = await bench.use(openVllm());
  await bench.runtime(standIn, { url: new URL('/llm/', standIn.url) }).probe();
  expect(standIn.paths).toContain('GET /llm/v1/models');
});
