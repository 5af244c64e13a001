import { describe, expect, it } from 'vitest';
import { withoutAnswer } from '../../../../../src/main/scheduler/jobs/machine/stored-result';

const result = { attempt: 2, node_id: 'node-a', success: true, error: null, processing_time_ms: 5, timings: { completion_tokens: 7 } };

describe('result of an interactive job: the facts without the answer', () => {
  it.each([
    ['whole answer', { status: 200, body: { choices: [] } }, { status: 200, body: null }],
    ['refusal', { status: 400, body: { error: 'too long' } }, { status: 400, body: null }],
    ['bytes', { status: 200, content_type: 'audio/wav', base64: 'AAAA' }, { status: 200, body: null }],
    ['stream', { status: 200, body: null, chunks: 3 }, { status: 200, body: null, chunks: 3 }],
    ['stream with its events', { status: 200, body: null, chunks: 1, events: [{ text: 'a' }] }, { status: 200, body: null, chunks: 1 }],
    ['no output', null, null],
    ['unknown output', 'text', null],
    ['fields of other types', { status: 'x', body: 'text' }, null],
  ])('%s', (_what, output, stored) => {
    expect(withoutAnswer({ ...result, output })).toEqual({ ...result, output: stored });
  });
});
