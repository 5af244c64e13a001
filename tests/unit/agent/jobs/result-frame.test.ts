// The `job_result` frame, and which stored results can be sent.
import { expect, test } from 'vitest';
import { isInChunks, resultFrameText, type ResultToSend, undeliverableError } from '../../../../src/main/agent/jobs/result-frame';
import { DEFAULT_MAX_MESSAGE_BYTES } from '../../../../src/shared/protocol/limits';
import type { JobResult } from '../../../support/job-bench';
import { decodeNodeMessage } from '../../../../src/shared/protocol/decode';

const facts = { jobId: 'j', attempt: 2, nodeId: 'node-1', traceId: 't', processingTimeMs: 12.6 };
const decode = (...args: Parameters<typeof resultFrameText>) => {
  const decoded = decodeNodeMessage(resultFrameText(...args));
  return decoded.ok ? decoded.value : decoded.error;
};

test('result frame: success -> output', () => {
  expect(decode(facts, { success: true, output: { a: 1 } })).toEqual({
    type: 'job_result',
    job_id: 'j',
    attempt: 2,
    node_id: 'node-1',
    success: true,
    output: { a: 1 },
    processing_time_ms: 13,
    trace_id: 't',
  });
});

test('result frame: timings -> with a success, not with a failure', () => {
  const timings = { queue_ms: 1.5, prompt_tokens: 3 };
  const error = { code: 'timeout' as const, message: 'm', details: { retryable: true } };
  expect(decode({ ...facts, timings }, { success: true, output: 1 })).toMatchObject({ success: true, output: 1, timings });
  expect(decode({ ...facts, timings }, { success: false, error })).not.toHaveProperty('timings');
  expect(decode({ ...facts, timings }, { success: true, output: 'x'.repeat(1000) }, 1000)).not.toHaveProperty('timings');
  expect(decode({ ...facts, timings: null }, { success: true, output: 1 })).not.toHaveProperty('timings');
});

test('result frame: failure -> error, message cut to the protocol limit', () => {
  const error = { code: 'command_failed' as const, message: 'm'.repeat(5000), details: { retryable: true, exit_code: 1 } };
  expect(decode(facts, { success: false, error })).toMatchObject({ success: false, error: { ...error, message: 'm'.repeat(4096) } });
});

test('result frame: control characters in details -> replaced, details within the limit', () => {
  const details = { retryable: true, exit_code: 3, stderr_tail: `\u001b[31mno\u001b[0m\r\n\t${'\0'.repeat(1000)}` };
  const result = decode(facts, { success: false, error: { code: 'command_failed', message: 'm', details } }) as JobResult;
  expect(result.error?.details).toEqual({ ...details, stderr_tail: `\ufffd[31mno\ufffd[0m\n\t${'\ufffd'.repeat(1000)}` });
  expect(JSON.stringify(result.error?.details).length).toBeLessThan(4096);
});

test('result frame: output too large or too deep -> failure with that code', () => {
  const large = 'ü'.repeat(DEFAULT_MAX_MESSAGE_BYTES / 2);
  expect(decode(facts, { success: true, output: large })).toMatchObject({
    success: false,
    error: { code: 'output_too_large', details: { retryable: false } },
  });
  const small = resultFrameText(facts, { success: true, output: 'x'.repeat(1000) }, 1000);
  expect(JSON.parse(small)).toMatchObject({ error: { code: 'output_too_large', details: { bytes: 1131, limit_bytes: 1000 } } });
  const deep: unknown = JSON.parse('['.repeat(80) + ']'.repeat(80));
  expect(decode(facts, { success: true, output: deep })).toMatchObject({ success: false, error: { code: 'output_too_deep' } });
});

const LIMIT_BYTES = 1000;
const tooLarge = (bytes: number) => ['output_too_large', { bytes, limit_bytes: LIMIT_BYTES, retryable: false }];
const plain: ResultToSend = { frameBytes: 1000, isInChunks: false, chunks: 'kept' };
const stream: ResultToSend = { ...plain, isInChunks: true };

test.each<[string, ResultToSend, unknown]>([
  ['frame fits -> sent', plain, null],
  ['frame too large -> output_too_large', { ...plain, frameBytes: 1001 }, tooLarge(1001)],
  ['whole result, chunks lost -> sent', { ...plain, chunks: 'lost' }, null],
  ['whole result, chunk too large -> sent', { ...plain, chunks: { tooLargeBytes: 1001 } }, null],
  ['stream with its chunks -> sent', stream, null],
  ['stream, chunks lost -> stream_broken, retryable', { ...stream, chunks: 'lost' }, ['stream_broken', { retryable: true }]],
  ['stream, chunk too large -> output_too_large', { ...stream, chunks: { tooLargeBytes: 1001 } }, tooLarge(1001)],
])('undeliverableError: %s', (_title, result, expected) => {
  const failure = undeliverableError(result, LIMIT_BYTES);
  expect(failure === null || failure.success ? failure : [failure.error.code, failure.error.details]).toEqual(expected);
});

test.each<[unknown, boolean]>([
  [{ status: 200, body: null, chunks: 3 }, true],
  [{ status: 200, body: null, chunks: 0 }, false],
  [{ status: 200, body: null, chunks: 1, events: ['a'] }, false],
  [{ status: 200, body: { chunks: 3 } }, false],
  [{ status: 200, content_type: 'audio/wav', base64: '' }, false],
  [{ content_type: 'text/plain', text: 'hello' }, false],
  [undefined, false],
])('isInChunks: output %j -> %s', (output, expected) => {
  expect(isInChunks(output)).toBe(expected);
});
