// Streams as JSON lines of Ollama's API, line by line. The expected lines are written from Ollama's public API document (docs/api.md): "Chat
// Request (Streaming)", "Chat request (Streaming with tools)", "Generate request (Streaming)".
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnswerEncoder } from '../../../../../src/main/scheduler/api/client-apis/core/answer-encoder';
import { type Shape, wholeOf } from '../../../../../src/main/scheduler/api/client-apis/core/ollama/answer';
import { ollamaFormat } from '../../../../../src/main/scheduler/api/client-apis/core/ollama/ollama-format';
import { startLines } from '../../../../../src/main/scheduler/api/client-apis/core/ollama/stream';
import { poolFailure } from '../../../../../src/main/scheduler/api/openai/core/openai-error';
import { chunksOf, cutAnswers } from '../../../../support/chat-cuts';
import { cpuMsOf } from '../../../../support/turns';

const FACTS = { id: 'abc', requestId: 'req_1', model: 'm', atWallMs: 0 };
const START = Date.UTC(2023, 7, 4, 8, 52, 19, 385);

/** Each line is 100 ms after the one before. */
function encoderOf(shape: Shape): AnswerEncoder {
  let sinceRequestMs = 0;
  const times = () => {
    sinceRequestMs += 100;
    return { atWallMs: START + sinceRequestMs, sinceRequestMs };
  };
  const translated = {
    data: { name: 'ollama_embedding' } as const,
    answer: () => null,
    stream: (facts: typeof FACTS) => startLines(shape, 'llama3.2', facts, times),
  };
  return new AnswerEncoder({ format: ollamaFormat, translated, choice: null, facts: FACTS, language: 'en' });
}

/** The text that the client reads, as its lines. */
function linesOf(shape: Shape, chunks: readonly unknown[]): readonly unknown[] {
  const encoder = encoderOf(shape);
  const text = chunks.map((chunk) => encoder.chunk(chunk)).join('') + encoder.end([]);
  expect(text.endsWith('\n')).toBe(true);
  return text
    .slice(0, -1)
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

const delta = (fields: object, finish: string | null = null) => ({ choices: [{ index: 0, delta: fields, finish_reason: finish }] });
const toolDelta = (index: number, fields: object) => delta({ tool_calls: [{ index, ...fields }] });
const text = (words: string, finish: string | null = null) => ({
  choices: [{ index: 0, text: words, finish_reason: finish, logprobs: null }],
});
const USAGE = { choices: [], usage: { prompt_tokens: 26, completion_tokens: 298, total_tokens: 324 } };
const COUNTS = { prompt_eval_count: 26, eval_count: 298 };

const at = (line: number) => ({ model: 'llama3.2', created_at: new Date(START + line * 100).toISOString() });
const says = (line: number, message: object) => ({ ...at(line), message: { role: 'assistant', ...message }, done: false });
const chatEnd = (line: number, rest: object = {}) => ({
  ...at(line),
  message: { role: 'assistant', content: '' },
  done: true,
  done_reason: 'stop',
  total_duration: line * 100_000_000,
  ...rest,
});

describe('recorded streams', () => {
  it.each<readonly [string, readonly unknown[], readonly object[]]>([
    [
      'text: one line for each piece, then the last line with counts and times',
      [delta({ role: 'assistant', content: '' }), delta({ content: 'The' }), delta({ content: ' sky' }), delta({}, 'stop'), USAGE],
      [says(1, { content: 'The' }), says(2, { content: ' sky' }), chatEnd(3, { ...COUNTS, eval_duration: 100_000_000 })],
    ],
    [
      'one piece, no usage -> no counts and no time of the evaluation',
      [delta({ content: 'The' }, 'length')],
      [says(1, { content: 'The' }), chatEnd(2, { done_reason: 'length' })],
    ],
    [
      'thoughts',
      [delta({ reasoning_content: 'hm' }), delta({ reasoning: 'so' }), delta({ content: 'a' }, 'stop')],
      [
        says(1, { content: '', thinking: 'hm' }),
        says(2, { content: '', thinking: 'so' }),
        says(3, { content: 'a' }),
        chatEnd(4, { eval_duration: 200_000_000 }),
      ],
    ],
    [
      'parallel calls of tools, in pieces by turns -> one line with all of them',
      [
        toolDelta(0, { id: 'c1', function: { name: 'weather', arguments: '{"city"' } }),
        toolDelta(1, { id: 'c2', function: { name: 'time', arguments: '' } }),
        toolDelta(0, { function: { arguments: ':"Tokyo"}' } }),
        delta({}, 'tool_calls'),
        USAGE,
      ],
      [
        says(1, {
          content: '',
          tool_calls: [
            { id: 'c1', function: { index: 0, name: 'weather', arguments: { city: 'Tokyo' } } },
            { id: 'c2', function: { index: 1, name: 'time', arguments: {} } },
          ],
        }),
        chatEnd(1, COUNTS),
      ],
    ],
    [
      'times of llama.cpp in the last chunk',
      [delta({ content: 'a' }), { ...delta({}, 'stop'), timings: { prompt_ms: 130.079, predicted_ms: 4232.71 } }],
      [says(1, { content: 'a' }), chatEnd(2, { prompt_eval_duration: 130_079_000, eval_duration: 4_232_710_000 })],
    ],
    [
      'logprobs',
      [{ choices: [{ index: 0, delta: { content: 'a' }, logprobs: { content: [{ token: 'a', logprob: -1 }] }, finish_reason: 'stop' }] }],
      [{ ...says(1, { content: 'a' }), logprobs: [{ token: 'a', logprob: -1 }] }, chatEnd(2)],
    ],
    ['nothing', [], [chatEnd(1)]],
  ])('chat: %s', (_title, chunks, lines) => {
    expect(linesOf('chat', chunks)).toEqual(lines);
  });

  it('prompt: the chunks of a completion, or of a chat', () => {
    const lines = [
      { ...at(1), response: 'The', done: false },
      { ...at(2), response: ' sky', done: false },
      { ...at(3), response: '', done: true, done_reason: 'stop', total_duration: 300_000_000, ...COUNTS, eval_duration: 100_000_000 },
    ];
    expect(linesOf('generate', [text('The'), text(' sky'), text('', 'stop'), USAGE])).toEqual(lines);
    expect(linesOf('generate', [delta({ content: 'The' }), delta({ content: ' sky' }), delta({}, 'stop'), USAGE])).toEqual(lines);
  });
});

it('the stream breaks -> a line with the error', () => {
  const encoder = encoderOf('chat');
  encoder.chunk(delta({ content: 'a' }));
  expect(encoder.broken(poolFailure('stream_broken'))).toBe('{"error":"the stream was interrupted"}\n');
});

it('arguments of a tool that are no JSON object -> a line with an error, and no last line', () => {
  const lines = linesOf('chat', [toolDelta(0, { id: 'c1', function: { name: 'weather', arguments: '{"city"' } })]);
  expect(lines).toEqual([{ error: expect.stringContaining('not readable') as unknown }]);
});

describe('many calls', () => {
  const callAt = (index: number) => toolDelta(index, { function: { name: 'f', arguments: '' } });
  const callsAt = (count: number) => Array.from({ length: count }, (_, index) => callAt(index));
  const inOneChunk = (count: number) => [delta({ tool_calls: Array.from({ length: count }, () => ({ function: { name: 'f' } })) })];

  it.each<readonly [string, readonly unknown[]]>([
    ['in chunks', callsAt(1024)],
    ['in one chunk', inOneChunk(1024)],
  ])('1,024 %s -> all of them', (_title, chunks) => {
    const lines = linesOf('chat', chunks) as readonly { readonly message: { readonly tool_calls?: readonly object[] } }[];
    expect(lines[0]?.message.tool_calls).toHaveLength(1024);
  });

  it.each<readonly [string, readonly unknown[]]>([
    ['in chunks', callsAt(1025)],
    ['in chunks, far more', callsAt(2000)],
    ['in one chunk', inOneChunk(1025)],
    ['in one chunk, before further text', [...inOneChunk(1025), delta({ content: 'a' }, 'stop')]],
  ])('more than 1,024 %s -> the stream is broken, nothing is written', (_title, chunks) => {
    const encoder = encoderOf('chat');
    expect(chunks.map((chunk) => encoder.chunk(chunk)).join('') + encoder.end([])).toBe('');
    expect(encoder.isBroken).toBe(true);
  });

  it.each<readonly [string, (at: number) => number]>([
    ['each a new call', (at) => at],
    ['1,024 calls by turns', (at) => at % 1024],
    ['one call', () => 0],
  ])('10,000 chunks, %s -> within 400 ms of CPU time', (_title, indexOf) => {
    const chunks = Array.from({ length: 10_000 }, (_, at) => callAt(indexOf(at)));
    const encoder = encoderOf('chat');
    expect(cpuMsOf(() => chunks.map((chunk) => encoder.chunk(chunk)))).toBeLessThan(400);
  });
});

it('characters at which some clients end a line -> escaped', () => {
  const words = 'a\u2028b\u2029c\u0085d';
  const encoder = encoderOf('chat');
  const line = encoder.chunk(delta({ content: words }));
  expect(line).toContain('a\\u2028b\\u2029c\\u0085d');
  expect(JSON.parse(line)).toMatchObject({ message: { content: words } });
});

it.each([[null], ['x'], [[]], [{}], [{ choices: null }], [{ choices: [{ delta: { tool_calls: [null, 7] } }] }]])(
  'chunk %j -> no text, nothing thrown',
  (chunk) => {
    expect(linesOf('chat', [chunk])).toEqual([chatEnd(1)]);
  },
);

it('cuts at random -> the content of the whole answer, and one last line', () => {
  fc.assert(
    fc.property(cutAnswers, (cut) => {
      const { thoughts, text: words, calls } = cut.said;
      const message = {
        content: words,
        reasoning_content: thoughts,
        tool_calls: calls.map(({ id, name, input }) => ({ id, function: { name, arguments: JSON.stringify(input) } })),
      };
      const times = { atWallMs: START, sinceRequestMs: 0 };
      const whole = wholeOf('chat', { choices: [{ message, finish_reason: 'stop' }] }, FACTS, 'llama3.2', times);
      const lines = linesOf('chat', chunksOf(cut)) as readonly {
        readonly done: boolean;
        readonly message: { readonly content: string; readonly thinking?: string; readonly tool_calls?: readonly object[] };
      }[];
      const thinking = lines.map((line) => line.message.thinking ?? '').join('');
      const uses = lines.flatMap((line) => line.message.tool_calls ?? []);
      const read = {
        role: 'assistant',
        content: lines.map((line) => line.message.content).join(''),
        ...(thinking === '' ? {} : { thinking }),
        ...(uses.length === 0 ? {} : { tool_calls: uses }),
      };
      expect(read).toEqual((whole as { readonly message: object }).message);
      expect(lines.map(({ done }) => done)).toEqual(lines.map((_line, index) => index === lines.length - 1));
    }),
  );
});
