// A real model in a real program: llama.cpp evaluates random weights in its own process, behind an OpenAI-compatible server.
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/main/platform/clock';
import { silentLogger } from '../../src/main/platform/logger';
import { HttpRuntime } from '../../src/main/runtimes/http/http-runtime';
import { measure } from '../../src/main/runtimes/measuring/measure';
import { requestsFor } from '../../src/main/runtimes/core/measuring/request';
import type { RunContext, RunOutcome } from '../../src/main/runtimes/runtime';
import { RuntimeSet } from '../../src/main/runtimes/runtime-set';
import { chatTask, codeOf } from '../support/http-runtime-bench';
import { type LlamaServer, requireNodeLlama, startLlamaServer } from '../support/node-llama';
import { randomGguf } from '../support/random-gguf';
import { until } from '../support/until';
import { within } from '../support/within';

const llama = requireNodeLlama();
const MODEL = 'tiny-random';
const LOAD_DEADLINE_MS = 30_000;

describe.skipIf(llama.missing !== undefined)(`llama.cpp${llama.missing === undefined ? '' : ` (skipped: ${llama.missing})`}`, () => {
  let folder: string;
  let server: LlamaServer;
  let runtimes: RuntimeSet;

  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'muster-gguf-'));
    writeFileSync(path.join(folder, 'tiny.gguf'), randomGguf());
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  beforeEach(async () => {
    server = await startLlamaServer(llama.path ?? '', path.join(folder, 'tiny.gguf'));
    const runtime = new HttpRuntime({ url: server.url, named: false, apiKeyFile: null, clock: systemClock, maxOutputBytes: 1_000_000 });
    runtimes = new RuntimeSet({ runtimes: [runtime], clock: systemClock, logger: silentLogger, random: () => 0.5 });
    await runtimes.start();
  });
  afterEach(async () => {
    await runtimes.stop();
    server.process.kill('SIGKILL');
  });

  const isReady = () => runtimes.snapshot().models.some(({ model, state }) => model.model_id === MODEL && state === 'ready');
  const loaded = () =>
    until(
      'the model to be ready',
      async () => {
        await runtimes.refresh();
        return isReady();
      },
      LOAD_DEADLINE_MS,
    );

  async function generate(
    fields: object,
    onToken: (count: number) => void = () => undefined,
    context: Partial<RunContext> = {},
  ): Promise<[RunOutcome, string[]]> {
    const tokens: string[] = [];
    const onChunk = (data: unknown): void => {
      const { choices } = data as { choices: { delta: { content?: string } }[] };
      const piece = choices[0]?.delta.content;
      if (piece !== undefined) tokens.push(piece);
      onToken(tokens.length);
    };
    const task = chatTask(MODEL, { max_tokens: 24, ...fields });
    return [await runtimes.run(task, { signal: new AbortController().signal, timeoutMs: 30_000, onChunk, ...context }), tokens];
  }

  test('loaded -> ready, streams the requested tokens, same text as without a stream', async () => {
    await loaded();
    const [streamed, tokens] = await generate({ stream: true });
    expect([streamed, tokens.length]).toEqual([
      { success: true, output: { status: 200, body: null, chunks: expect.any(Number) as number } },
      24,
    ]);
    const [whole] = await generate({});
    expect(whole).toMatchObject({
      success: true,
      output: { status: 200, body: { usage: { completion_tokens: 24 }, choices: [{ message: { content: tokens.join('') } }] } },
    });
  });

  test('killed in the middle of a stream -> stream broken, model not ready within seconds', async () => {
    await loaded();
    const [outcome, tokens] = await generate({ stream: true, max_tokens: 400 }, (count) => {
      if (count === 3) server.process.kill('SIGKILL');
    });
    expect(codeOf(outcome)).toBe('runtime_stream_broken');
    expect(tokens.length).toBeGreaterThanOrEqual(3);
    await until('the model not to be ready', () => !isReady());
    expect(runtimes.snapshot().models[0]).toMatchObject({ state: 'error', reasonCode: 'runtime_not_running' });
  });

  test('job cancelled -> stops, serves the next one', async () => {
    await loaded();
    const abort = new AbortController();
    const [outcome] = await generate(
      { stream: true, max_tokens: 400 },
      (count) => {
        if (count === 3) abort.abort();
      },
      { signal: abort.signal },
    );
    expect(codeOf(outcome)).toBe('cancelled');
    const [next, tokens] = await generate({ stream: true, max_tokens: 4 });
    expect([codeOf(next), tokens.length]).toEqual(['success', 4]);
  });

  test('benchmark -> measured by a chat', async () => {
    await loaded();
    const [request] = requestsFor(MODEL, 'llm');
    if (request === undefined) throw new Error('no request');
    const measured = await measure(request, { runtimes, clock: systemClock, signal: new AbortController().signal });
    if (measured.outcome === 'failed') throw new Error(measured.code);
    expect(measured.tokensPerSecond).toBeGreaterThan(0);
  });

  test('parent process ends -> server ends', async () => {
    const exited = once(server.process, 'exit');
    server.process.stdin?.end();
    expect((await within('the end of llama-server', exited))[0]).toBe(0);
  });
});
