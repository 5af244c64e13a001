import { expect, test } from 'vitest';
import { failureInstead, type Telling } from '../../../../src/main/agent/jobs/told-mapping';

const LIMIT_BYTES = 1000;
const tooLarge = (bytes: number) => ['output_too_large', { bytes, limit_bytes: LIMIT_BYTES, retryable: false }];

test.each<[string, Telling, unknown]>([
  ['what fits is told', { largestFrameBytes: 1000 }, null],
  ['what is larger is told as too large', { largestFrameBytes: 1001 }, tooLarge(1001)],
])('%s', (_what, telling, expected) => {
  const failure = failureInstead(telling, LIMIT_BYTES);
  expect(failure === null || failure.success ? failure : [failure.error.code, failure.error.details]).toEqual(expected);
});
