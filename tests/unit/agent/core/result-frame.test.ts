import { expect, test } from 'vitest';
import { failureInstead, isInChunks, type Telling } from '../../../../src/main/agent/core/result-frame';

const LIMIT_BYTES = 1000;
const tooLarge = (bytes: number) => ['output_too_large', { bytes, limit_bytes: LIMIT_BYTES, retryable: false }];
const plain: Telling = { frameBytes: 1000, isInChunks: false, chunks: 'kept' };
const stream: Telling = { ...plain, isInChunks: true };

test.each<[string, Telling, unknown]>([
  ['what fits is told', plain, null],
  ['what is larger is told as too large', { ...plain, frameBytes: 1001 }, tooLarge(1001)],
  ['what has its words in itself is told without its chunks', { ...plain, chunks: 'lost' }, null],
  ['what has its words in itself is told without a chunk that is too large', { ...plain, chunks: { tooLargeBytes: 1001 } }, null],
  ['a stream is told with its chunks', stream, null],
  [
    'a stream whose words are gone is told as broken, to be run again',
    { ...stream, chunks: 'lost' },
    ['stream_broken', { retryable: true }],
  ],
  ['a stream with a chunk that is too large is told so', { ...stream, chunks: { tooLargeBytes: 1001 } }, tooLarge(1001)],
])('%s', (_what, telling, expected) => {
  const failure = failureInstead(telling, LIMIT_BYTES);
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
])('an output %j is in chunks: %s', (output, expected) => {
  expect(isInChunks(output)).toBe(expected);
});
