// The shape of a request: size, limit, hashes of its prompt and of its session. The text is not kept.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Task } from '../../../../../src/shared/protocol/tasks';
import {
  CHUNK_CHARACTERS,
  MAX_CHUNKS,
  requestShapeOf,
  shapeOfSize,
} from '../../../../../src/main/scheduler/dispatch/prediction/request-shape';

const SEED = 4711;
const chat = (body: Readonly<Record<string, unknown>>): Task => ({
  kind: 'openai',
  path: '/v1/chat/completions',
  body: { model: 'm', ...body },
});
const shapeOf = (task: Task, scope = 'key', session: string | null = null, seed = SEED) => requestShapeOf(task, scope, session, seed);
const messages = (...contents: readonly unknown[]) => ({ messages: contents.map((content) => ({ role: 'user', content })) });
const text = (length: number, letter = 'x') => letter.repeat(length);
const LONG = text(100_000);
const DATA_URL = `data:image/png;base64,${LONG}`;

describe('request shape', () => {
  test('conversation that goes on -> the same hashes at its beginning, also when a message is split differently', () => {
    const [first, second] = [text(3000, 'a'), text(3000, 'b')];
    const before = shapeOf(chat(messages(first))).chunks;
    const after = shapeOf(chat(messages(first, second))).chunks;
    expect(before).toHaveLength(1);
    expect(after).toHaveLength(2);
    expect(after[0]).toBe(before[0]);
    expect(shapeOf(chat(messages(second))).chunks[0]).not.toBe(before[0]);
  });

  test('a difference in a chunk changes it and all later ones', () => {
    const long = text(5 * CHUNK_CHARACTERS);
    const other = `${long.slice(0, 2 * CHUNK_CHARACTERS + 10)}y${long.slice(2 * CHUNK_CHARACTERS + 11)}`;
    const [a, b] = [long, other].map((prompt) => shapeOf({ kind: 'openai', path: '/v1/completions', body: { model: 'm', prompt } }).chunks);
    expect(a?.map((hash, i) => hash === b?.[i])).toEqual([true, true, false, false, false]);
  });

  test('another sender, model or start of the scheduler -> other hashes', () => {
    const task = chat(messages(text(3000)));
    const [chunk] = shapeOf(task).chunks;
    expect(shapeOf(task, 'another key').chunks[0]).not.toBe(chunk);
    expect(shapeOf(chat({ ...messages(text(3000)), model: 'n' })).chunks[0]).not.toBe(chunk);
    expect(shapeOf(task, 'key', null, SEED + 1).chunks[0]).not.toBe(chunk);
  });

  test('message: tools, system and messages count; an image counts as in a chat; the limit is known', () => {
    const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: text(1_000_000) } };
    const body = { model: 'm', max_tokens: 9, system: text(100), messages: [{ role: 'user', content: [image] }] };
    for (const path of ['/v1/messages', '/v1/messages/count_tokens'] as const) {
      const { size } = shapeOf({ kind: 'openai', path, body });
      expect(size).toBeGreaterThan(4196);
      expect(size).toBeLessThan(4300);
    }
    expect(shapeOf({ kind: 'openai', path: '/v1/messages', body }).maxOutput).toBe(9);
    const response = { model: 'm', input: text(3000), instructions: text(100), max_output_tokens: 7 };
    expect(shapeOf({ kind: 'openai', path: '/v1/responses', body: response })).toMatchObject({ size: 3100, maxOutput: 7 });
  });

  test.each<[string, Readonly<Record<string, unknown>>, string | null, boolean]>([
    ['header', {}, 'from-header', true],
    ['prompt_cache_key', { prompt_cache_key: 's' }, null, true],
    ['conversation', { conversation: 's' }, null, true],
    ['conversation as an object', { conversation: { id: 's' } }, null, true],
    ['conversation with another id', { conversation: { id: 7 } }, null, false],
    ['previous_response_id', { previous_response_id: 's' }, null, true],
    ['metadata.user_id', { metadata: { user_id: 's' } }, null, true],
    ['none', { metadata: { user_id: 7 }, prompt_cache_key: '' }, null, false],
  ])('session: %s', (_field, body, header, isKnown) => {
    expect(shapeOf(chat(body), 'key', header).session !== null).toBe(isKnown);
  });

  test('session of 1 MB -> its first 256 characters count', () => {
    const one = shapeOf(chat({ prompt_cache_key: text(1_000_000) }));
    expect(one.session).toBe(shapeOf(chat({ prompt_cache_key: text(256) })).session);
    const ofHeader = (key: string) => shapeOf(chat({}), 'key', key).session;
    expect(ofHeader('x'.repeat(1000))).toBe(ofHeader('x'.repeat(256)));
    expect(ofHeader('x'.repeat(256))).not.toBe(ofHeader('x'.repeat(255)));
  });

  test.each<[string, Task, number]>([
    [
      'chat with parts and an image',
      chat(
        messages([
          { type: 'text', text: 'abc' },
          { type: 'image_url', image_url: { url: `data:image/png;base64,${text(9_000_000)}` } },
        ]),
      ),
      4116,
    ],
    ['chat with fields of other paths', chat({ ...messages('abc'), documents: [text(9000)], input: text(9000), prompt: text(9000) }), 7],
    [
      'completion with messages',
      { kind: 'openai', path: '/v1/completions', body: { model: 'm', prompt: 'abc', ...messages(text(9000)) } },
      3,
    ],
    [
      'rerank',
      { kind: 'openai', path: '/v1/rerank', body: { model: 'm', query: 'ab', documents: ['cd', { text: 'e' }], input: 'xxxx' } },
      5,
    ],
    ['speech', { kind: 'openai', path: '/v1/audio/speech', body: { model: 'm', input: 'abc', instructions: 'xxxx' } }, 3],
    ['tokens', { kind: 'openai', path: '/v1/completions', body: { model: 'm', prompt: [1, 22, 333] } }, 12],
    ['lists of tokens', { kind: 'openai', path: '/v1/embeddings', body: { model: 'm', input: [[1, 2], [3]] } }, 12],
    ['numbers in a description of tools are no tokens', chat({ ...messages('abc'), tools: [{ maximum: 7 }] }), 7],
    ['embeddings', { kind: 'openai', path: '/v1/embeddings', body: { model: 'm', input: ['ab', 'cde'] } }, 5],
    [
      'sound',
      {
        kind: 'openai',
        path: '/v1/audio/transcriptions',
        body: { model: 'm', file: { filename: 'a', content_type: 'b', base64: text(400) } },
      },
      300,
    ],
    ['command with text', { kind: 'command', model_id: 'm', input: 'hello' }, 5],
    ['command with bytes', { kind: 'command', model_id: 'm', input: { content_type: 'x', base64: text(40) } }, 30],
  ])('size: %s', (_case, task, size) => {
    expect(shapeOf(task).size).toBe(size);
  });

  test.each<[string, Readonly<Record<string, unknown>>, number | null]>([
    ['one name', { max_tokens: 5 }, 5],
    ['two names -> the largest', { max_tokens: 5, max_completion_tokens: 9 }, 9],
    ['a small limit under the first name -> the largest', { max_completion_tokens: 1, max_tokens: 5000 }, 5000],
    ['all names', { max_completion_tokens: 1, max_tokens: 2, max_output_tokens: 3, n_predict: 4 }, 4],
    ['as a text, which some servers accept', { max_completion_tokens: 1, max_tokens: '5000' }, 5000],
    ['no limit', { max_tokens: -1, n_predict: 'x', max_output_tokens: null, max_completion_tokens: [7] }, null],
  ])('limit of the answer: %s', (_case, body, limit) => {
    expect(shapeOf(chat(body)).maxOutput).toBe(limit);
  });

  test.each<[string, Readonly<Record<string, unknown>>, boolean]>([
    ['image of a chat', messages([{ type: 'image_url', image_url: { url: DATA_URL } }]), true],
    ['image of a response', messages([{ type: 'input_image', image_url: DATA_URL }]), true],
    ['file of a chat', messages([{ type: 'file', file: { file_data: DATA_URL } }]), true],
    ['text that begins like a file', messages(DATA_URL), false],
    ['part with a text that begins like a file', messages([{ type: 'text', text: DATA_URL }]), false],
    ['text in a field of files', messages([{ type: 'image_url', image_url: { url: `data:${LONG}` } }]), false],
    ['description of a tool with the field of a file', { tools: [{ function: { url: DATA_URL } }] }, false],
    ['description of a tool like a file', { tools: [{ type: 'base64', data: LONG }] }, false],
  ])('embedded file: %s', (_case, body, isCut) => {
    expect(shapeOf(chat(body)).size < 5000).toBe(isCut);
  });

  test.each<[string, Readonly<Record<string, unknown>>, number | undefined]>([
    ['none', {}, undefined],
    ['n', { n: 4 }, 4],
    ['best_of', { n: 2, best_of: 32 }, 32],
    ['no number', { n: 'x', best_of: null }, undefined],
    ['one', { n: 1 }, undefined],
    ['as a text, which some servers accept', { n: '4' }, 4],
    ['prompt repeated in the answer', { echo: true }, 2],
    ['the same as a text', { echo: 'true' }, 2],
    ['prompt not repeated', { echo: false }, undefined],
  ])('number of answers: %s', (_case, body, answers) => {
    expect(shapeOf(chat(body)).answers).toBe(answers);
  });

  test('number of answers: one for each prompt of a list', () => {
    const answersOf = (prompt: unknown) => shapeOf({ kind: 'openai', path: '/v1/completions', body: { model: 'm', prompt, n: 2 } }).answers;
    expect([answersOf(['a', 'b']), answersOf([[1, 2], [3], [4]]), answersOf([1, 2, 3])]).toEqual([4, 6, 2]);
  });

  test('prompt of 12 MB -> bounded number of hashes, in a short time', () => {
    const task = chat(messages(text(12_000_000)));
    const startMs = process.cpuUsage().user;
    expect(shapeOf(task).chunks).toHaveLength(MAX_CHUNKS);
    expect((process.cpuUsage().user - startMs) / 1000, 'ms').toBeLessThan(50);
  });

  test('any body -> no error, and no text in the shape', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('messages', 'prompt', 'tools', 'metadata', 'max_tokens', 'user'), fc.jsonValue()),
        (body) => {
          const shape = shapeOf(chat(body));
          expect(Number.isFinite(shape.size)).toBe(true);
          for (const value of Object.values(shape)) expect(typeof value === 'string' && value !== shape.kind).toBe(false);
        },
      ),
    );
  });

  test('only the size is known -> no hashes', () => {
    expect(shapeOfSize('/v1/embeddings', 7)).toEqual({ kind: '/v1/embeddings', size: 7, maxOutput: null, chunks: [], session: null });
  });
});
