// Probes and tasks on each known model server with each kind of fault: tables of the outcomes.
import { describe, expect, test } from 'vitest';
import { brief, chatTask, codeOf, isRetryable, run, useRuntimeBench } from '../support/http-runtime-bench';
import { ManualClock } from '../support/manual-clock';
import { chatAnswer, chatChunks } from '../support/stand-ins/openai-answers';
import type { StandIn } from '../support/stand-ins/stand-in';
import { CHAT, type RuntimeName, RUNTIMES, type ServerFault, injectFault } from '../support/stand-ins/server-faults';
import { until } from '../support/until';

const bench = useRuntimeBench();
/** Longer than the time limit of an answer. */
const WAIT_LIMIT_MS = 10_000;

const OLLAMA = 'ollama, running, ok, llama3.2:latest ready loaded, nomic-embed-text:latest ready cold';
const LLAMA_CPP = 'llama.cpp, running, ok, gemma-3-4b-it-Q4_K_M.gguf ready loaded';
const VLLM = 'vllm, running, ok, qwen ready loaded';
const LM_STUDIO = 'lm-studio, running, ok, google/gemma-3-12b ready loaded, text-embedding-nomic-embed-text-v1.5 not_installed not_loaded';
const OLLAMA_LOADING = 'ollama, running, loading_model, llama3.2:latest ready loading, nomic-embed-text:latest ready loading';
const LM_STUDIO_UNLOADED =
  'lm-studio, running, ok, google/gemma-3-12b not_installed not_loaded, text-embedding-nomic-embed-text-v1.5 not_installed not_loaded';
const NO_KEY = 'openai-compatible, unauthorized, key_needed';

async function open(name: RuntimeName) {
  const standIn = await bench.use(RUNTIMES[name].open());
  const clock = new ManualClock();
  return { standIn, clock, runtime: bench.runtime(standIn, { clock }) };
}

/** Resolves `pending`. When only requests without an answer are open, advances the clock, so that their timeout ends them. */
async function ended<Value>(pending: Promise<Value>, standIn: StandIn, clock: ManualClock): Promise<Value> {
  let isOver = false;
  void pending.then(() => (isOver = true));
  while (!isOver) {
    // Each request has one timer until its answer has ended.
    const isStuck = () => clock.pending > 0 && clock.pending === standIn.hungCount - standIn.hungAbortedCount;
    await until('the end, or only hanging requests', () => isOver || isStuck());
    if (!isStuck()) continue;
    const { hungCount } = standIn;
    clock.advance(WAIT_LIMIT_MS);
    await until('the end of the hanging requests', () => standIn.hungAbortedCount === hungCount);
  }
  return pending;
}

describe('probe', () => {
  test('event loop delayed while the connection opens -> the server is found all the same', async () => {
    const { runtime } = await open('Ollama');
    const probing = runtime.probe();
    // Longer than Node.js gives an address before it tries the next one.
    for (let round = 0; round < 3; round++) {
      await new Promise(setImmediate);
      for (const endMonotonicMs = performance.now() + 400; performance.now() < endMonotonicMs;);
    }
    expect(brief(await probing)).toBe(OLLAMA);
  });

  /**
   * Columns: the result when the first probe meets the fault; the result when an earlier probe found a healthy server; whether the
   * runtime accepts a chat after that.
   */
  test.each<[RuntimeName, ServerFault, string, string, boolean]>([
    ['Ollama', 'loading', OLLAMA_LOADING, OLLAMA_LOADING, true],
    ['Ollama', '503', 'openai-compatible, not_running, http_503', 'ollama, not_running, http_503', true],
    ['Ollama', '401', 'openai-compatible, wrong_service, not_recognised', NO_KEY, false],
    ['Ollama', 'hang', 'openai-compatible, not_running, timeout', 'ollama, not_running, timeout', true],
    ['Ollama', 'truncated', 'openai-compatible, not_running, broken', 'ollama, not_running, broken', true],
    ['Ollama', 'slow', OLLAMA, OLLAMA, true],
    ['Ollama', 'endless', 'openai-compatible, not_running, timeout', 'ollama, not_running, timeout', true],
    ['llama.cpp', 'loading', 'llama.cpp, starting, loading_model', 'llama.cpp, starting, loading_model', false],
    ['llama.cpp', '503', 'openai-compatible, not_running, http_503', 'llama.cpp, not_running, http_503', true],
    ['llama.cpp', '401', 'llama.cpp, unauthorized, key_needed', 'llama.cpp, unauthorized, key_needed', false],
    ['llama.cpp', 'hang', 'openai-compatible, not_running, timeout', 'llama.cpp, not_running, timeout', true],
    ['llama.cpp', 'truncated', 'openai-compatible, not_running, broken', 'llama.cpp, not_running, broken', true],
    ['llama.cpp', 'slow', LLAMA_CPP, LLAMA_CPP, true],
    ['llama.cpp', 'endless', 'openai-compatible, not_running, timeout', 'llama.cpp, not_running, timeout', true],
    ['vLLM', 'loading', 'openai-compatible, not_running, refused', 'vllm, not_running, refused', true],
    ['vLLM', '503', 'openai-compatible, not_running, http_503', 'vllm, not_running, http_503', true],
    ['vLLM', '401', 'vllm, unauthorized, key_needed', 'vllm, unauthorized, key_needed', false],
    ['vLLM', 'hang', 'openai-compatible, not_running, timeout', 'vllm, not_running, timeout', true],
    ['vLLM', 'truncated', 'openai-compatible, not_running, broken', 'vllm, not_running, broken', true],
    ['vLLM', 'slow', VLLM, VLLM, true],
    ['vLLM', 'endless', 'openai-compatible, not_running, timeout', 'vllm, not_running, timeout', true],
    ['LM Studio', 'loading', LM_STUDIO_UNLOADED, LM_STUDIO_UNLOADED, true],
    ['LM Studio', '503', 'openai-compatible, not_running, http_503', 'lm-studio, not_running, http_503', true],
    ['LM Studio', '401', NO_KEY, NO_KEY, false],
    ['LM Studio', 'hang', 'openai-compatible, not_running, timeout', 'lm-studio, not_running, timeout', true],
    ['LM Studio', 'truncated', 'openai-compatible, not_running, broken', 'lm-studio, not_running, broken', true],
    ['LM Studio', 'slow', LM_STUDIO, LM_STUDIO, true],
    ['LM Studio', 'endless', 'openai-compatible, not_running, timeout', 'lm-studio, not_running, timeout', true],
  ])('%s: %s -> state and reason', async (name, kind, first, later, isServed) => {
    const broken = await open(name);
    await injectFault(name, broken.standIn, kind);
    expect(brief(await ended(broken.runtime.probe(), broken.standIn, broken.clock))).toBe(first);
    const { standIn, runtime, clock } = await open(name);
    await runtime.probe();
    await injectFault(name, standIn, kind);
    expect(brief(await ended(runtime.probe(), standIn, clock))).toBe(later);
    expect(runtime.serves(chatTask(RUNTIMES[name].model))).toBe(isServed);
  });

  /** The result of a probe, when an earlier probe found a healthy server. */
  test.each<[RuntimeName, ServerFault, string]>([
    ['Ollama', '503', 'ollama, starting, list_not_answered'],
    ['Ollama', 'hang', 'ollama, starting, list_not_answered'],
    ['Ollama', 'truncated', 'ollama, starting, list_not_answered'],
    ['Ollama', 'slow', OLLAMA],
    ['Ollama', 'endless', 'ollama, starting, list_not_answered'],
    ['llama.cpp', '503', 'llama.cpp, starting, list_not_answered'],
    ['llama.cpp', 'hang', 'llama.cpp, starting, list_not_answered'],
    ['llama.cpp', 'truncated', 'llama.cpp, starting, list_not_answered'],
    ['llama.cpp', 'slow', LLAMA_CPP],
    ['llama.cpp', 'endless', 'llama.cpp, starting, list_not_answered'],
    ['vLLM', '503', 'vllm, not_running, http_503'],
    ['vLLM', 'hang', 'vllm, not_running, timeout'],
    ['vLLM', 'truncated', 'vllm, not_running, broken'],
    ['vLLM', 'slow', VLLM],
    ['vLLM', 'endless', 'vllm, not_running, timeout'],
    ['LM Studio', '503', 'lm-studio, not_running, http_503'],
    ['LM Studio', 'hang', 'lm-studio, not_running, timeout'],
    ['LM Studio', 'truncated', 'lm-studio, not_running, broken'],
    ['LM Studio', 'slow', LM_STUDIO],
    ['LM Studio', 'endless', 'lm-studio, not_running, timeout'],
  ])('%s, only the model list fails: %s -> models kept', async (name, kind, expected) => {
    const { standIn, runtime, clock } = await open(name);
    await runtime.probe();
    await injectFault(name, standIn, kind, RUNTIMES[name].lists);
    expect(brief(await ended(runtime.probe(), standIn, clock))).toBe(expected);
    expect(runtime.serves(chatTask(RUNTIMES[name].model))).toBe(true);
  });
});

describe('task', () => {
  /** The outcomes of a complete answer and of a stream. Every failure is retryable. */
  test.each<[RuntimeName, ServerFault, string, string]>([
    ['Ollama', 'loading', 'timeout', 'timeout'],
    ['Ollama', '503', 'runtime_http_503', 'runtime_http_503'],
    ['Ollama', '401', 'runtime_unauthorized', 'runtime_unauthorized'],
    ['Ollama', 'hang', 'timeout', 'timeout'],
    ['Ollama', 'truncated', 'runtime_unreachable', 'runtime_stream_broken'],
    ['Ollama', 'slow', 'success', 'success'],
    ['Ollama', 'endless', 'timeout', 'timeout'],
    ['llama.cpp', 'loading', 'runtime_http_503', 'runtime_http_503'],
    ['llama.cpp', '503', 'runtime_http_503', 'runtime_http_503'],
    ['llama.cpp', '401', 'runtime_unauthorized', 'runtime_unauthorized'],
    ['llama.cpp', 'hang', 'timeout', 'timeout'],
    ['llama.cpp', 'truncated', 'runtime_unreachable', 'runtime_stream_broken'],
    ['llama.cpp', 'slow', 'success', 'success'],
    ['llama.cpp', 'endless', 'timeout', 'timeout'],
    ['vLLM', 'loading', 'runtime_unreachable', 'runtime_unreachable'],
    ['vLLM', '503', 'runtime_http_503', 'runtime_http_503'],
    ['vLLM', '401', 'runtime_unauthorized', 'runtime_unauthorized'],
    ['vLLM', 'hang', 'timeout', 'timeout'],
    ['vLLM', 'truncated', 'runtime_unreachable', 'runtime_stream_broken'],
    ['vLLM', 'slow', 'success', 'success'],
    ['vLLM', 'endless', 'timeout', 'timeout'],
    ['LM Studio', 'loading', 'success', 'success'],
    ['LM Studio', '503', 'runtime_http_503', 'runtime_http_503'],
    ['LM Studio', '401', 'runtime_unauthorized', 'runtime_unauthorized'],
    ['LM Studio', 'hang', 'timeout', 'timeout'],
    ['LM Studio', 'truncated', 'runtime_unreachable', 'runtime_stream_broken'],
    ['LM Studio', 'slow', 'success', 'success'],
    ['LM Studio', 'endless', 'timeout', 'timeout'],
  ])('%s: %s -> outcome', async (name, kind, whole, streamed) => {
    for (const stream of [false, true]) {
      const { standIn, runtime, clock } = await open(name);
      await runtime.probe();
      const probeRequests = standIn.requests.length;
      await injectFault(name, standIn, kind);
      const { outcome, chunks } = await ended(run(runtime, chatTask(RUNTIMES[name].model, { stream })), standIn, clock);
      const code = stream ? streamed : whole;
      expect([codeOf(outcome), isRetryable(outcome)]).toEqual([code, code === 'success' ? null : true]);
      if (code === 'success' && !stream) expect(outcome).toEqual({ success: true, output: { status: 200, body: chatAnswer } });
      // The chunks before the end of a broken stream are passed on.
      const count = { success: chatChunks.length, runtime_stream_broken: chunks.length }[stream ? code : ''] ?? 0;
      expect(chunks).toEqual(chatChunks.slice(0, count));
      if (code === 'runtime_stream_broken') expect([0, chatChunks.length]).not.toContain(count);
      expect(standIn.paths.slice(probeRequests)).toEqual(name === 'vLLM' && kind === 'loading' ? [] : [`POST ${CHAT}`]);
    }
  });
});
