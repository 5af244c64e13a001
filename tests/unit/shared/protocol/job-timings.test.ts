// The timings of `job_result`: invalid ones are dropped, and the result stays.
import { describe, expect, test } from 'vitest';
import { decodeNodeMessage } from '../../../../src/shared/protocol/decode';
import { MAX_INPUT_UNITS, MAX_TIMING_MS, MAX_TIMING_TOKENS } from '../../../../src/shared/protocol/limits';
import type { NodeMessage } from '../../../../src/shared/protocol/node-messages';

const RESULT = {
  type: 'job_result',
  job_id: 'j',
  attempt: 1,
  node_id: 'n',
  success: true,
  output: 1,
  processing_time_ms: 5,
  trace_id: 't',
};

function decoded(timings: string): Extract<NodeMessage, { type: 'job_result' }> {
  const text = `${JSON.stringify(RESULT).slice(0, -1)},"timings":${timings}}`;
  const message = decodeNodeMessage(text);
  if (!message.ok || message.value.type !== 'job_result') throw new Error('not a result');
  return message.value;
}

const FULL = {
  queue_ms: 0.1,
  load_ms: 0,
  first_token_ms: MAX_TIMING_MS,
  prompt_tokens: MAX_TIMING_TOKENS,
  cached_tokens: MAX_TIMING_TOKENS,
  completion_tokens: 0,
  decode_ms: 12.5,
  input_units: MAX_INPUT_UNITS,
};

describe('valid', () => {
  test.each<readonly [string, object, object]>([
    ['all figures, at their limits', FULL, FULL],
    ['none', {}, {}],
    ['unknown figures', { queue_ms: null, decode_ms: 3 }, { queue_ms: null, decode_ms: 3 }],
    ['fields of a newer node -> left out', { decode_ms: 3, draft_tokens: 'x'.repeat(100) }, { decode_ms: 3 }],
    ['cache without the prompt', { cached_tokens: 3 }, { cached_tokens: 3 }],
  ])('%s', (_title, timings, expected) => {
    expect(decoded(JSON.stringify(timings)).timings).toEqual(expected);
  });

  test('no timings -> absent', () => {
    const message = decodeNodeMessage(JSON.stringify(RESULT));
    expect(message).toEqual({ ok: true, value: RESULT });
  });
});

describe('invalid -> dropped, result kept', () => {
  test.each([
    'null',
    '"fast"',
    '[]',
    '7',
    '{"queue_ms":-1}',
    '{"queue_ms":1e308}',
    '{"queue_ms":1e999}',
    '{"load_ms":"12"}',
    '{"first_token_ms":{}}',
    `{"decode_ms":${String(MAX_TIMING_MS + 1)}}`,
    '{"prompt_tokens":1.5}',
    '{"prompt_tokens":-3}',
    `{"completion_tokens":${String(MAX_TIMING_TOKENS + 1)}}`,
    '{"completion_tokens":9007199254740993}',
    '{"prompt_tokens":3,"cached_tokens":4}',
    `{"input_units":${String(MAX_INPUT_UNITS * 2)}}`,
    '{"input_units":true,"decode_ms":3}',
  ])('%s', (timings) => {
    expect(decoded(timings)).toEqual({ ...RESULT, timings: null });
  });
});
