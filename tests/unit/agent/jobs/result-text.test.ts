import { expect, test } from 'vitest';
import { resultText } from '../../../../src/main/agent/jobs/result-text';
import { DEFAULT_MAX_MESSAGE_BYTES } from '../../../../src/shared/protocol/limits';
import { decodeNodeMessage } from '../../../../src/shared/protocol/decode';

const facts = { jobId: 'j', attempt: 2, nodeId: 'node-1', traceId: 't', processingTimeMs: 12.6 };
const decode = (...args: Parameters<typeof resultText>) => {
  const decoded = decodeNodeMessage(resultText(...args));
  return decoded.ok ? decoded.value : decoded.error;
};

test('a success tells its output', () => {
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

test('a failure tells its error, its words cut to what the protocol takes', () => {
  const error = { code: 'command_failed' as const, message: 'm'.repeat(5000), details: { retryable: true, exit_code: 1 } };
  expect(decode(facts, { success: false, error })).toMatchObject({ success: false, error: { ...error, message: 'm'.repeat(4096) } });
});

test('an output that no frame can carry becomes a failure that says so', () => {
  const large = 'ü'.repeat(DEFAULT_MAX_MESSAGE_BYTES / 2);
  expect(decode(facts, { success: true, output: large })).toMatchObject({
    success: false,
    error: { code: 'output_too_large', details: { retryable: false } },
  });
  const deep: unknown = JSON.parse('['.repeat(40) + ']'.repeat(40));
  expect(decode(facts, { success: true, output: deep })).toMatchObject({ success: false, error: { code: 'output_too_deep' } });
});
