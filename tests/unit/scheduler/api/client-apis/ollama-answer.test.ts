// Answers of the OpenAI API as answers of Ollama's API. The shapes are those of Ollama's public API document (docs/api.md): "Chat request (No
// streaming)", "Chat request (with tools)", "Generate request (No streaming)", "Generate Embeddings", "Generate Embedding".
import { describe, expect, it } from 'vitest';
import { embeddingOf, embedOf, loadedLine, wholeOf } from '../../../../../src/main/scheduler/api/client-apis/core/ollama/answer';
import {
  capabilitiesOf,
  generates,
  listedModel,
  modelIn,
  runningModel,
  shownModel,
} from '../../../../../src/main/scheduler/api/client-apis/core/ollama/models';
import {
  changesModels,
  isOllamaPath,
  MODEL_CHANGE,
  ollamaFormat,
} from '../../../../../src/main/scheduler/api/client-apis/core/ollama/ollama-format';
import { poolFailure, serverFailure } from '../../../../../src/main/scheduler/api/openai/core/openai-error';

const FACTS = { id: 'abc', requestId: 'req_1', model: 'm', atWallMs: 0 };
const TIMES = { atWallMs: Date.UTC(2023, 11, 12, 14, 13, 43, 416), sinceRequestMs: 5191.566416 };
const CREATED = '2023-12-12T14:13:43.416Z';
const HEAD = { model: 'llama3.2', created_at: CREATED };
const TOTAL = { total_duration: 5_191_566_416 };
const USAGE = { prompt_tokens: 26, completion_tokens: 298, total_tokens: 324 };

const chat = (message: object, rest: object = {}) => ({
  choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: 'stop', ...rest }],
});
const whole = (completion: unknown) => wholeOf('chat', completion, FACTS, 'llama3.2', TIMES);
const said = (message: object, rest: object = {}) => ({
  ...HEAD,
  message: { role: 'assistant', ...message },
  done: true,
  done_reason: 'stop',
  ...TOTAL,
  ...rest,
});
const call = (change: object) => ({
  id: 'c1',
  type: 'function',
  function: { name: 'get_temperature', arguments: '{"city":"Tokyo"}', ...change },
});
const called = (change: object = {}, id = 'c1') => ({
  id,
  function: { index: 0, name: 'get_temperature', arguments: { city: 'Tokyo' }, ...change },
});

describe('a whole chat', () => {
  it.each<readonly [string, unknown, object]>([
    [
      'text with usage',
      { ...chat({ content: 'Hello!' }), usage: USAGE },
      said({ content: 'Hello!' }, { prompt_eval_count: 26, eval_count: 298 }),
    ],
    ['no usage -> no counts', chat({ content: 'Hello!' }), said({ content: 'Hello!' })],
    [
      'times of llama.cpp',
      { ...chat({ content: 'a' }), timings: { prompt_ms: 325.953, predicted_ms: 4709.213 } },
      said({ content: 'a' }, { prompt_eval_duration: 325_953_000, eval_duration: 4_709_213_000 }),
    ],
    [
      'times that no answer takes -> left out',
      { ...chat({ content: 'a' }), timings: { prompt_ms: 1e10, predicted_ms: 1e305 } },
      said({ content: 'a' }),
    ],
    ['thoughts', chat({ content: 'a', reasoning_content: 'hm' }), said({ content: 'a', thinking: 'hm' })],
    ['thoughts of vLLM', chat({ content: 'a', reasoning: 'hm' }), said({ content: 'a', thinking: 'hm' })],
    ['limit', chat({ content: 'a' }, { finish_reason: 'length' }), said({ content: 'a' }, { done_reason: 'length' })],
    [
      'call of a tool: arguments as an object, and a stop',
      chat({ content: null, tool_calls: [call({})] }, { finish_reason: 'tool_calls' }),
      said({ content: '', tool_calls: [called()] }),
    ],
    [
      'parallel calls, one without id and arguments',
      chat({ content: null, tool_calls: [call({}), { function: { name: 'time' } }] }),
      said({ content: '', tool_calls: [called(), called({ index: 1, name: 'time', arguments: {} }, 'call_abc_1')] }),
    ],
    [
      'arguments as an object',
      chat({ tool_calls: [call({ arguments: { city: 'Tokyo' } })] }),
      said({ content: '', tool_calls: [called()] }),
    ],
    ['refusal', chat({ content: null, refusal: 'no' }), said({ content: 'no' })],
    [
      'logprobs',
      chat({ content: 'a' }, { logprobs: { content: [{ token: 'a', logprob: -1 }] } }),
      { ...said({ content: 'a' }), logprobs: [{ token: 'a', logprob: -1 }] },
    ],
  ])('%s', (_title, completion, expected) => {
    expect(whole(completion)).toEqual(expected);
  });

  it('more than 1,024 calls -> not readable', () => {
    const calls = (count: number) => chat({ tool_calls: Array.from({ length: count }, () => call({})) });
    expect(whole(calls(1024))).not.toBeNull();
    expect(whole(calls(1025))).toBeNull();
  });

  it.each([[null], ['x'], [{}], [{ choices: [] }], [{ choices: 7 }], [chat({ tool_calls: [call({ arguments: '{"city"' })] })]])(
    '%j -> not readable',
    (completion) => {
      expect(whole(completion)).toBeNull();
    },
  );
});

describe('a whole answer to a prompt', () => {
  const answered = { ...HEAD, response: 'blue', done: true, done_reason: 'stop', ...TOTAL };

  it.each<readonly [string, unknown, object]>([
    ['chat', chat({ content: 'blue' }), answered],
    ['completion', { choices: [{ index: 0, text: 'blue', finish_reason: 'stop', logprobs: null }] }, answered],
    ['thoughts', chat({ content: 'blue', reasoning: 'hm' }), { ...answered, thinking: 'hm' }],
  ])('%s', (_title, completion, expected) => {
    expect(wholeOf('generate', completion, FACTS, 'llama3.2', TIMES)).toEqual(expected);
  });
});

it.each<readonly [unknown, string]>([
  [undefined, 'load'],
  ['5m', 'load'],
  [-1, 'load'],
  [0, 'unload'],
  ['0', 'unload'],
  ['0s', 'unload'],
])('no prompt, keep_alive %j -> %s', (keepAlive, reason) => {
  expect(loadedLine('generate', 'llama3.2', TIMES, keepAlive)).toEqual({ ...HEAD, response: '', done: true, done_reason: reason });
  expect(loadedLine('chat', 'llama3.2', TIMES, keepAlive)).toEqual({
    ...HEAD,
    message: { role: 'assistant', content: '' },
    done: true,
    done_reason: reason,
  });
});

describe('embeddings', () => {
  const answer = {
    data: [
      { index: 1, embedding: [3, 4] },
      { index: 0, embedding: [1, 2] },
    ],
    usage: { prompt_tokens: 8 },
  };

  it('vectors in the order of the texts; the count of tokens where it is known', () => {
    const list = {
      model: 'all-minilm',
      embeddings: [
        [1, 2],
        [3, 4],
      ],
      ...TOTAL,
    };
    expect(embedOf(answer, 'all-minilm', TIMES)).toEqual({ ...list, prompt_eval_count: 8 });
    expect(embedOf({ data: answer.data }, 'all-minilm', TIMES)).toEqual(list);
    expect(embeddingOf({ data: answer.data.slice(1) })).toEqual({ embedding: [1, 2] });
  });

  it.each([[null], [{}], [{ data: 'x' }], [{ data: [{ embedding: 'AAAA' }] }], [{ data: [{ embedding: [] }] }]])(
    '%j -> not readable',
    (given) => {
      expect(embedOf(given, 'm', TIMES)).toBeNull();
      expect(embeddingOf(given)).toBeNull();
    },
  );
});

describe('errors', () => {
  it.each<readonly [ReturnType<typeof serverFailure>, string]>([
    [poolFailure('model_not_found', { param: 'model', muster: { model: 'x' } }), "model 'x' not found"],
    [serverFailure('INVALID_REQUEST', { field: 'format', reason: 'must be "json"' }), 'format: must be "json"'],
    [poolFailure('queue_full'), 'the queue is full'],
    [MODEL_CHANGE, 'models of a pool cannot be changed through this API'],
  ])('%#: an object with the text alone', (failure, text) => {
    const body = ollamaFormat.errorBody(failure, 'en', 'req_1');
    expect(Object.keys(body)).toEqual(['error']);
    expect(body).toMatchObject({ error: expect.stringContaining(text) as unknown });
    expect(ollamaFormat.isError(body)).toBe(true);
  });

  it('paths: those that change models are known', () => {
    expect(['/api/chat', '/api/pull', '/api/blobs/sha256:00'].map(isOllamaPath)).toEqual([true, true, true]);
    expect(['/api/v1/nodes', '/api', '/api/other', '/v1/chat/completions'].map(isOllamaPath)).toEqual([false, false, false, false]);
    expect(['/api/pull', '/api/push', '/api/create', '/api/copy', '/api/delete', '/api/blobs/x'].every(changesModels)).toBe(true);
    expect(changesModels('/api/tags')).toBe(false);
  });
});

describe('models', () => {
  const facts = { startedAtWallMs: TIMES.atWallMs, digestOf: (id: string) => `digest of ${id}` };
  const llm = { kind: 'llm', tasks: ['/v1/chat/completions', '/v1/embeddings'] } as const;

  it.each<readonly [string, Parameters<typeof capabilitiesOf>[0], boolean, readonly string[]]>([
    ['chat', llm, true, ['completion']],
    [
      'a model that sees and calls tools',
      { ...llm, abilities: { vision: true, tools: true, thinking: false } },
      true,
      ['completion', 'vision', 'tools'],
    ],
    ['embeddings', { kind: 'embedding', tasks: ['/v1/embeddings'] }, false, ['embedding']],
    ['completions only', { kind: 'other', tasks: ['/v1/completions'] }, true, ['completion']],
    ['unknown tasks of an LLM', { kind: 'llm', tasks: null }, true, ['completion']],
    ['unknown tasks of an embedding model', { kind: 'embedding', tasks: null }, false, ['embedding']],
    ['speech', { kind: 'tts', tasks: ['/v1/audio/speech'] }, false, []],
    ['unknown tasks of a speech model', { kind: 'tts', tasks: null }, false, []],
  ])('%s', (_title, model, isListed, capabilities) => {
    expect(generates(model)).toBe(isListed);
    expect(capabilitiesOf(model)).toEqual(capabilities);
  });

  it('a listed, a running and a shown model', () => {
    expect(listedModel('a', { ...llm, abilities: { tools: true } }, facts)).toMatchObject({
      name: 'a',
      model: 'a',
      modified_at: CREATED,
      digest: 'digest of a',
      size: 0,
      capabilities: ['completion', 'tools'],
    });
    expect(runningModel({ modelId: 'a', vramGb: 1.5 }, facts)).toMatchObject({ name: 'a', size: 1.5e9, size_vram: 1.5e9 });
    expect(runningModel({ modelId: 'a', vramGb: null }, facts)).toMatchObject({ size: 0, size_vram: 0 });
    expect(shownModel(llm, facts)).toMatchObject({ capabilities: ['completion'], model_info: {}, modified_at: CREATED });
  });

  it.each([
    ['llama3.2', 'llama3.2:latest'],
    ['llama3.2:latest', 'llama3.2:latest'],
    ['qwen', 'qwen'],
    ['qwen:latest', 'qwen'],
    ['llama3.2:1b', 'llama3.2:1b'],
    ['registry:5000/name', 'registry:5000/name:latest'],
    ['unknown', 'unknown'],
  ])('%s -> %s', (asked, modelId) => {
    const ids = ['llama3.2:latest', 'qwen', 'registry:5000/name:latest'];
    expect(modelIn((id) => ids.includes(id), asked)).toBe(modelId);
  });
});
