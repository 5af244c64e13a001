// Streams of jobs with `keep_stream`, over real sockets: the result contains the events.
import { expect, test } from 'vitest';
import { chatTask, codeOf, isRetryable, run, useRuntimeBench } from '../support/http-runtime-bench';
import { chatChunks } from '../support/stand-ins/openai-answers';
import { openOllama } from '../support/stand-ins/ollama';

const bench = useRuntimeBench();
const streaming = chatTask('m', { stream: true });
const kept = { keepStream: true };

test('kept stream: events -> passed on as they arrive, and in the result', async () => {
  const standIn = await bench.use(openOllama());
  expect(await run(bench.runtime(standIn), streaming, kept)).toEqual({
    outcome: { success: true, output: { status: 200, body: null, chunks: chatChunks.length, events: chatChunks } },
    chunks: chatChunks,
  });
});

test('kept stream: more events than fit a result -> too large; not kept -> accepted', async () => {
  const standIn = await bench.use(openOllama());
  const small = { maxOutputBytes: 500 };
  const { outcome } = await run(bench.runtime(standIn, small), streaming, kept);
  expect([codeOf(outcome), isRetryable(outcome)]).toEqual(['output_too_large', false]);
  expect(codeOf((await run(bench.runtime(standIn, small), streaming)).outcome)).toBe('success');
});

test('answer in one piece: kept or not -> whole result', async () => {
  const standIn = await bench.use(openOllama());
  const whole = await run(bench.runtime(standIn), chatTask('m'), kept);
  expect(whole).toEqual(await run(bench.runtime(standIn), chatTask('m')));
});
