import { expect, test } from 'vitest';
import { undeliverableError, isInChunks, type ResultToSend } from '../../../../src/main/agent/core/result-frame';

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
