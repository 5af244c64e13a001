// The timings of one request, from answers of model servers in the form that each server sends.
import { describe, expect, test } from 'vitest';
import { timingsOfAnswer, timingsOfStream, withInput, withQueue } from '../../../../../src/main/runtimes/core/measuring/request-timings';
import { NO_TOKENS, withEvent } from '../../../../../src/main/runtimes/core/measuring/token-rate';
import { jobTimingsSchema } from '../../../../../src/shared/protocol/job-timings';

type Event = readonly [atMonotonicMs: number, data: unknown];

const chunk = (choices: readonly object[], fields: object = {}) => ({ id: 'c', object: 'chat.completion.chunk', choices, ...fields });
const role = chunk([{ index: 0, delta: { role: 'assistant', content: null }, finish_reason: null }]);
const token = (fields: object = {}) => chunk([{ index: 0, delta: { content: ' one', ...fields }, finish_reason: null }]);
const finish = (fields: object = {}) => chunk([{ index: 0, delta: {}, finish_reason: 'stop' }], fields);
const usageEvent = (usage: object) => chunk([], { usage });
/** The first token after 250 ms, and then one every 20 ms. */
const tokens = (count: number, what: unknown = token(), first = 250): Event[] =>
  Array.from({ length: count }, (_, i) => [1000 + first + i * 20, what]);

/** llama.cpp sends them in its last event. */
const LLAMA_TIMINGS = {
  cache_n: 236,
  prompt_n: 64,
  prompt_ms: 210.458,
  prompt_per_token_ms: 3.2884,
  prompt_per_second: 304.099,
  predicted_n: 35,
  predicted_ms: 661.064,
  predicted_per_token_ms: 18.8875,
  predicted_per_second: 52.945,
};
const { cache_n: _cached, ...OLD_LLAMA_TIMINGS } = LLAMA_TIMINGS;
const FROM_LLAMA = { prompt_tokens: 300, cached_tokens: 236, completion_tokens: 35, first_token_ms: 210.5, decode_ms: 661.1 };
const LLAMA_USAGE = { completion_tokens: 35, prompt_tokens: 300, total_tokens: 335 };
const OLLAMA_USAGE = { prompt_tokens: 26, completion_tokens: 11, total_tokens: 37 };
const VLLM_USAGE = { prompt_tokens: 300, total_tokens: 311, completion_tokens: 11, prompt_tokens_details: { cached_tokens: 288 } };
const LM_STUDIO_USAGE = { ...OLLAMA_USAGE, completion_tokens_details: { reasoning_tokens: 0 } };
const MEASURED = { first_token_ms: 250, decode_ms: 200 };

const streamOf = (events: readonly Event[], isCold = false) =>
  timingsOfStream(
    events.reduce((stream, [atMonotonicMs, data]) => withEvent(stream, data, atMonotonicMs), NO_TOKENS),
    { startedAtMonotonicMs: 1000, isCold },
  );

describe('stream', () => {
  test.each<readonly [string, readonly Event[], object]>([
    ['llama.cpp -> its own figures', [[1200, role], ...tokens(35), [1950, finish({ timings: LLAMA_TIMINGS })]], FROM_LLAMA],
    ['llama.cpp with usage', [...tokens(35), [1950, finish({ usage: LLAMA_USAGE, timings: LLAMA_TIMINGS })]], FROM_LLAMA],
    [
      'llama.cpp, timings in each event -> the last ones',
      [...tokens(3, { ...token(), timings: { ...LLAMA_TIMINGS, predicted_n: 3 } }), [1950, finish({ timings: LLAMA_TIMINGS })]],
      FROM_LLAMA,
    ],
    [
      'llama.cpp without cache_n -> from usage',
      [...tokens(35), [1950, finish({ usage: LLAMA_USAGE, timings: OLD_LLAMA_TIMINGS })]],
      FROM_LLAMA,
    ],
    [
      'llama.cpp, all in one piece -> its own figures',
      [...tokens(35).map((event): Event => [1900, event[1]]), [1950, finish({ timings: LLAMA_TIMINGS })]],
      FROM_LLAMA,
    ],
    [
      'Ollama with usage -> measured times',
      [...tokens(11), [1460, finish()], [1461, usageEvent(OLLAMA_USAGE)]],
      { ...MEASURED, prompt_tokens: 26, completion_tokens: 11 },
    ],
    [
      'LM Studio with usage',
      [...tokens(11), [1460, finish()], [1461, usageEvent(LM_STUDIO_USAGE)]],
      { ...MEASURED, prompt_tokens: 26, completion_tokens: 11 },
    ],
    [
      'vLLM with usage and its cache',
      [[1240, role], ...tokens(11, { ...token(), usage: null }), [1460, usageEvent(VLLM_USAGE)]],
      { ...MEASURED, prompt_tokens: 300, cached_tokens: 288, completion_tokens: 11 },
    ],
    [
      'several tokens in each event -> number of the server',
      [...tokens(11), [1461, usageEvent({ ...OLLAMA_USAGE, completion_tokens: 40 })]],
      { ...MEASURED, prompt_tokens: 26, completion_tokens: 40 },
    ],
    ['no figures -> one token per event', [[1200, role], ...tokens(11), [1460, finish()]], { ...MEASURED, completion_tokens: 11 }],
    ['reasoning', tokens(11, token({ content: null, reasoning_content: 'hm' })), { ...MEASURED, completion_tokens: 11 }],
    [
      'tool call',
      tokens(11, token({ content: null, tool_calls: [{ index: 0, function: { arguments: '{' } }] })),
      { ...MEASURED, completion_tokens: 11 },
    ],
    [
      'completion',
      tokens(11, { object: 'text_completion', choices: [{ index: 0, text: ' one' }] }),
      { ...MEASURED, completion_tokens: 11 },
    ],
    [
      'two choices',
      tokens(
        11,
        chunk([
          { index: 1, delta: {} },
          { index: 0, delta: { content: 'x' } },
        ]),
      ),
      { ...MEASURED, completion_tokens: 11 },
    ],
    [
      'a proxy that buffers -> no times',
      [...tokens(11).map((event): Event => [1900, event[1]]), [1900, usageEvent(OLLAMA_USAGE)]],
      { prompt_tokens: 26, completion_tokens: 11 },
    ],
    ['one token -> no time for the others', tokens(1), { first_token_ms: 250, completion_tokens: 1 }],
    ['no event', [], {}],
    [
      'events of another path',
      [
        [1100, { type: 'transcript.text.delta', delta: 'a' }],
        [1200, { type: 'transcript.text.done', text: 'a', usage: { type: 'duration', seconds: 7 } }],
      ],
      { input_units: 7 },
    ],
    [
      'unreadable figures -> measured',
      [...tokens(11), [1460, { ...finish(), usage: 'many', timings: [LLAMA_TIMINGS] }]],
      { ...MEASURED, completion_tokens: 11 },
    ],
    [
      'figures outside the limits -> left out',
      [
        ...tokens(11),
        [
          1460,
          { usage: { prompt_tokens: 1e12, completion_tokens: -4 }, timings: { prompt_ms: 1e300, predicted_ms: '9', predicted_n: 2.5 } },
        ],
      ],
      { decode_ms: 200, completion_tokens: 11 },
    ],
    [
      'more tokens from the cache than tokens -> cache left out',
      [...tokens(11), [1460, usageEvent({ ...VLLM_USAGE, prompt_tokens_details: { cached_tokens: 301 } })]],
      { ...MEASURED, prompt_tokens: 300, completion_tokens: 11 },
    ],
  ])('%s', (_title, events, expected) => {
    const timings = streamOf(events);
    expect(timings).toEqual(expected);
    expect(jobTimingsSchema.parse(timings)).toEqual(timings);
  });

  test('cold model -> the time to the first token is the load', () => {
    expect(streamOf(tokens(11, token(), 9000), true)).toEqual({ load_ms: 9000, decode_ms: 200, completion_tokens: 11 });
  });

  test('cold model, server has the time for the prompt -> the rest is the load', () => {
    const events: Event[] = [...tokens(35, token(), 9000), [10_700, finish({ timings: LLAMA_TIMINGS })]];
    expect(streamOf(events, true)).toEqual({ ...FROM_LLAMA, load_ms: 8789.5 });
  });
});

describe('whole answer', () => {
  const chat = { choices: [{ index: 0, message: { role: 'assistant', content: 'The node' }, finish_reason: 'stop' }] };

  test.each<readonly [string, Parameters<typeof timingsOfAnswer>[0], unknown, object]>([
    ['llama.cpp', '/v1/chat/completions', { ...chat, usage: LLAMA_USAGE, timings: LLAMA_TIMINGS }, FROM_LLAMA],
    ['Ollama -> no times', '/v1/chat/completions', { ...chat, usage: OLLAMA_USAGE }, { prompt_tokens: 26, completion_tokens: 11 }],
    ['LM Studio', '/v1/chat/completions', { ...chat, usage: LM_STUDIO_USAGE, stats: {} }, { prompt_tokens: 26, completion_tokens: 11 }],
    ['vLLM', '/v1/completions', { ...chat, usage: VLLM_USAGE }, { prompt_tokens: 300, cached_tokens: 288, completion_tokens: 11 }],
    [
      'vLLM without its cache',
      '/v1/chat/completions',
      { ...chat, usage: { ...VLLM_USAGE, prompt_tokens_details: null } },
      { prompt_tokens: 300, completion_tokens: 11 },
    ],
    ['no figures', '/v1/chat/completions', chat, {}],
    [
      'embeddings -> whole duration',
      '/v1/embeddings',
      { data: [], usage: { prompt_tokens: 120, total_tokens: 120 } },
      { prompt_tokens: 120, first_token_ms: 1500 },
    ],
    [
      'embeddings with only a total',
      '/v1/embeddings',
      { data: [], usage: { total_tokens: 120 } },
      { prompt_tokens: 120, first_token_ms: 1500 },
    ],
    ['rerank without figures', '/v1/rerank', { results: [] }, { first_token_ms: 1500 }],
    ['transcription with its duration', '/v1/audio/transcriptions', { text: 'a', duration: 8.47 }, { input_units: 8.47 }],
    ['transcription with usage', '/v1/audio/transcriptions', { text: 'a', usage: { type: 'duration', seconds: 9 } }, { input_units: 9 }],
    ['transcription as text', '/v1/audio/transcriptions', null, {}],
    ['speech', '/v1/audio/speech', null, {}],
  ])('%s', (_title, path, body, expected) => {
    const timings = timingsOfAnswer(path, body, 1500, false);
    expect(timings).toEqual(expected);
    expect(jobTimingsSchema.parse(timings)).toEqual(timings);
  });

  test('cold model -> load, as far as it is known', () => {
    const embeddings = { usage: { prompt_tokens: 120 } };
    expect(timingsOfAnswer('/v1/embeddings', embeddings, 9000, true)).toEqual({ prompt_tokens: 120, load_ms: 9000 });
    expect(timingsOfAnswer('/v1/chat/completions', { timings: LLAMA_TIMINGS }, 9000, true)).toEqual({ ...FROM_LLAMA, load_ms: 8128.5 });
    const decodeOnly = { timings: { predicted_n: 35, predicted_ms: 661 } };
    expect(timingsOfAnswer('/v1/chat/completions', decodeOnly, 9000, true)).toEqual({
      completion_tokens: 35,
      decode_ms: 661,
      load_ms: 8339,
    });
    expect(timingsOfAnswer('/v1/chat/completions', decodeOnly, 9000, false)).toMatchObject({ decode_ms: 661, first_token_ms: 8339 });
    // The whole duration contains the load, the prompt and the answer, so the scheduler must not learn from it.
    expect(timingsOfAnswer('/v1/chat/completions', { usage: OLLAMA_USAGE }, 9000, true)).toEqual({
      prompt_tokens: 26,
      completion_tokens: 11,
    });
  });
});

test('input: size of the server before the size of the file', () => {
  expect(withInput({ input_units: 7 }, 8)).toEqual({ input_units: 7 });
  expect(withInput({}, 8)).toEqual({ input_units: 8 });
  expect([withInput({}, null), withInput({}, Number.NaN)]).toEqual([{}, {}]);
});

test('queue: added, and left out when the clock of the runtime is another one', () => {
  expect(withQueue({ decode_ms: 2 }, 1.26)).toEqual({ decode_ms: 2, queue_ms: 1.3 });
  expect(withQueue({ decode_ms: 2 }, -5)).toEqual({ decode_ms: 2 });
});
