// Streams whose events the job wants kept in its result, over real sockets.
import { expect, test } from 'vitest';
import { chatTask, codeOf, isRetryable, run, useRuntimeBench } from '../support/http-runtime-bench';
import { chatChunks } from '../support/stand-ins/openai-answers';
import { openOllama } from '../support/stand-ins/ollama';

const bench = useRuntimeBench();
const streaming = chatTask('m', { stream: true });
const kept = { keepStream: true };

test('the events are passed on as they come, and are in the result besides', async () => {
  const standIn = await bench.use(openOllama());
  expect(await run(bench.runtime(standIn), streaming, kept)).toEqual({
    outcome: { success: true, output: { status: 200, body: null, chunks: chatChunks.length, events: chatChunks } },
    chunks: chatChunks,
  });
});

test('more events than fit a result are too many for it, and not for a stream that is not kept', async () => {
  const standIn = await bench.use(openOllama());
  const small = { maxOutputBytes: 500 };
  const { outcome } = await run(bench.runtime(standIn, small), streaming, kept);
  expect([codeOf(outcome), isRetryable(outcome)]).toEqual(['output_too_large', false]);
  expect(codeOf((await run(bench.runtime(standIn, small), streaming)).outcome)).toBe('success');
});

test('an answer in one piece is the whole result, kept or not', async () => {
  const standIn = await bench.use(openOllama());
  const whole = await run(bench.runtime(standIn), chatTask('m'), kept);
  expect(whole).toEqual(await run(bench.runtime(standIn), chatTask('m')));
});
