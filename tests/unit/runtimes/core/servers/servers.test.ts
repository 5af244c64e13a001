// Documented bodies of each server: which one it is, and what it says of its models.
import { describe, expect, test } from 'vitest';
import type { Answers } from '../../../../../src/main/runtimes/core/servers/answers';
import { ALL_PATHS, linesOf, lookAt } from '../../../../support/flavour-look';
import { failed, json, text } from '../../../../support/stand-ins/answers';
import { LLAMA_LOADING, LLAMA_MODELS, LLAMA_PROPS, ROUTER_MODELS, ROUTER_PROPS } from '../../../../support/stand-ins/llama-cpp';
import { LM_V0, LM_V1 } from '../../../../support/stand-ins/lm-studio';
import { LOCALAI_MODELS } from '../../../../support/stand-ins/localai';
import { OLLAMA_PS, OLLAMA_TAGS } from '../../../../support/stand-ins/ollama';
import { VLLM_MODELS } from '../../../../support/stand-ins/vllm';
import { WHISPER_PAGE } from '../../../../support/stand-ins/whisper-cpp';

const OK = json({ status: 'ok' });
const UNAUTHORIZED = json({ error: 'Unauthorized' }, 401);

const OLLAMA_PAGE = text('Ollama is running');
const QWEN = 'qwen2-vl-7b-instruct llm unknown ready loaded';
const NOMIC = 'text-embedding-nomic-embed-text-v1.5 embedding unknown not_installed not_loaded';
const GEMMA = 'gemma-3-4b-it-Q4_K_M.gguf llm unknown';
const list = (...ids: string[]) => json({ object: 'list', data: ids.map((id) => ({ id, object: 'model' })) });

describe('recognised and read', () => {
  test.each<[string, Answers, readonly string[] | null]>([
    [
      'llama.cpp with its model',
      { '/health': OK, '/props': json(LLAMA_PROPS), '/v1/models': json(LLAMA_MODELS) },
      ['llama.cpp', 'running', 'ok', `${GEMMA} ready loaded`],
    ],
    [
      'llama.cpp asleep: it wakes on use',
      { '/health': OK, '/props': json({ ...LLAMA_PROPS, is_sleeping: true }), '/v1/models': json(LLAMA_MODELS) },
      ['llama.cpp', 'running', 'ok', `${GEMMA} ready cold`],
    ],
    [
      'llama.cpp loading, with everything behind 503',
      { '/health': json(LLAMA_LOADING, 503), '/props': json(LLAMA_LOADING, 503), '/v1/models': json(LLAMA_LOADING, 503) },
      ['llama.cpp', 'starting', 'loading_model'],
    ],
    ['llama.cpp of old loading', { '/v1/models': json({ status: 'loading model' }, 503) }, ['llama.cpp', 'starting', 'loading_model']],
    [
      'llama.cpp loading, with its list already there',
      {
        '/health': json(LLAMA_LOADING, 503),
        '/props': json(LLAMA_PROPS),
        '/v1/models': json({ data: [{ id: 'm', owned_by: 'llamacpp', meta: null }] }),
      },
      ['llama.cpp', 'starting', 'loading_model', 'm llm unknown not_installed loading'],
    ],
    [
      'llama.cpp with a key that was not brought',
      { '/health': OK, '/props': UNAUTHORIZED, '/v1/models': json(LLAMA_MODELS) },
      ['llama.cpp', 'unauthorized', 'key_needed'],
    ],
    [
      'llama.cpp as a router that lists at the path of routers alone',
      { '/health': OK, '/props': json(ROUTER_PROPS), '/models': json({ data: [{ id: 'm', status: { value: 'loaded' } }] }) },
      ['llama.cpp', 'running', 'ok', 'm llm unknown ready loaded'],
    ],
    [
      'llama.cpp whose list does not come',
      { '/health': OK, '/props': json(LLAMA_PROPS), '/v1/models': failed('timeout') },
      ['llama.cpp', 'starting', 'list_not_answered'],
    ],
    [
      'llama.cpp whose health fails',
      { '/health': json({}, 500), '/props': json(LLAMA_PROPS), '/v1/models': json(LLAMA_MODELS) },
      ['llama.cpp', 'not_running', 'http_500'],
    ],
    [
      'llama.cpp as a router: each model in its state',
      { '/health': OK, '/props': json(ROUTER_PROPS), '/v1/models': json(ROUTER_MODELS) },
      [
        'llama.cpp',
        'running',
        'ok',
        'org/loaded-GGUF:Q4_K_M llm unknown ready loaded',
        'org/unloaded-GGUF llm unknown ready cold',
        'org/loading-GGUF llm unknown not_installed loading',
        'org/sleeping-GGUF llm unknown ready cold',
        'org/downloading-GGUF llm unknown downloading downloading',
        'org/failed-GGUF llm unknown error load_failed',
      ],
    ],
    [
      'a router that does not load by itself',
      {
        '/health': OK,
        '/props': json({ ...ROUTER_PROPS, models_autoload: false }),
        '/v1/models': json({
          data: [
            { id: 'm', status: { value: 'unloaded' } },
            { id: 'n', status: { value: 'new' } },
          ],
        }),
      },
      ['llama.cpp', 'running', 'ok', 'm llm unknown not_installed not_loaded', 'n llm unknown error state_unknown'],
    ],
    [
      'vLLM',
      { '/health': text(''), '/version': json({ version: '0.11.0' }), '/v1/models': json(VLLM_MODELS) },
      ['vllm', 'running', 'ok', 'qwen llm unknown ready loaded'],
    ],
    [
      'vLLM with a dead engine',
      { '/health': text('', 503), '/version': json({ version: '0.11.0' }), '/v1/models': json(VLLM_MODELS) },
      ['vllm', 'not_running', 'engine_dead'],
    ],
    [
      'vLLM with a key that was not brought',
      { '/version': json({ version: '0.11.0' }), '/v1/models': UNAUTHORIZED },
      ['vllm', 'unauthorized', 'key_needed'],
    ],
    [
      'LM Studio: what is not loaded is not ready, whatever its OpenAI list names',
      {
        '/api/v1/models': json(LM_V1),
        '/api/v0/models': json(LM_V0),
        '/v1/models': list('google/gemma-3-12b', 'text-embedding-nomic-embed-text-v1.5'),
        '/readyz': json({ error: 'Unexpected' }),
      },
      ['lm-studio', 'running', 'ok', 'google/gemma-3-12b llm unknown ready loaded', NOMIC],
    ],
    [
      'LM Studio before 0.4',
      {
        '/api/v1/models': json({ error: 'Unexpected endpoint or method. (GET /api/v1/models)' }),
        '/api/v0/models': json(LM_V0),
        '/v1/models': list('qwen2-vl-7b-instruct'),
      },
      ['lm-studio', 'running', 'ok', QWEN, NOMIC],
    ],
    ['LM Studio that answers nothing else', { '/api/v0/models': json(LM_V0) }, ['lm-studio', 'running', 'ok', QWEN, NOMIC]],
    ['LM Studio whose list is null', { '/api/v1/models': json({ models: null }), '/v1/models': list() }, ['lm-studio', 'running', 'ok']],
    ['LM Studio without any model', { '/api/v1/models': json({ models: [] }), '/v1/models': list() }, ['lm-studio', 'running', 'ok']],
    [
      'LocalAI: it loads what is asked for, and tells no kinds',
      { '/readyz': text('OK'), '/v1/models': json(LOCALAI_MODELS) },
      ['localai', 'running', 'ok', 'whisper-1 other unknown ready listed', 'gpt-4 other unknown ready listed'],
    ],
    [
      'LocalAI that loads what it was started with',
      { '/readyz': json({ status: 'starting', reason: 'startup preload in progress' }, 503), '/v1/models': json(LOCALAI_MODELS) },
      ['localai', 'starting', 'not_ready'],
    ],
    ['LocalAI that is not ready', { '/readyz': text('', 503), '/v1/models': json(LOCALAI_MODELS) }, ['localai', 'starting', 'not_ready']],
    ['whisper.cpp', { '/': text(WHISPER_PAGE), '/health': OK }, ['whisper.cpp', 'running', 'ok', 'whisper.cpp asr unknown ready loaded']],
    [
      'whisper.cpp loading',
      { '/': text(WHISPER_PAGE), '/health': json({ status: 'loading model' }, 503) },
      ['whisper.cpp', 'starting', 'loading_model', 'whisper.cpp asr unknown not_installed loading'],
    ],
    [
      'whisper.cpp without a health: unknown is not ready',
      { '/': text(WHISPER_PAGE), '/health': text('', 404) },
      ['whisper.cpp', 'running', 'health_unknown', 'whisper.cpp asr unknown error readiness_unknown'],
    ],
    ['any other server', { '/v1/models': list('m') }, ['openai-compatible', 'running', 'ok', 'm other unknown ready listed']],
    ['any other server whose list is null', { '/v1/models': json({ object: 'list', data: null }) }, ['openai-compatible', 'running', 'ok']],
    [
      'any other server that refuses in text, with a challenge',
      { '/v1/models': text('', 401, { challenge: 'Bearer realm="x"' }) },
      ['openai-compatible', 'unauthorized', 'key_needed'],
    ],
    [
      'any other server that refuses in text, where a runtime is known to be',
      { '/v1/models': text('Forbidden', 403, { isRuntime: true }) },
      ['openai-compatible', 'unauthorized', 'key_needed'],
    ],
    ['any other server that wants a key', { '/v1/models': UNAUTHORIZED }, ['openai-compatible', 'unauthorized', 'key_needed']],
    ['a web page', { '/': text('<html>'), '/v1/models': text('<html>') }, null],
    ['a web page behind a login', { '/': text('<html>', 401), '/v1/models': text('<html>', 401) }, null],
    ['an API of something else', { '/v1/models': json({ items: [] }) }, null],
    ['an application that answers every path with the same JSON', Object.fromEntries(ALL_PATHS.map((path) => [path, OK])), null],
  ])('%s', (_what, known, expected) => {
    expect(linesOf(known)).toEqual(expected);
  });
});

const ALL = ['chat/completions', 'completions', 'embeddings', 'audio/transcriptions', 'audio/speech', 'rerank'];

/** The paths without `/v1/` that each model is known to be able to take. */
test.each<[string, Answers, readonly (readonly string[])[]]>([
  [
    'Ollama: an embedding model gives embeddings alone',
    { '/': OLLAMA_PAGE, '/api/tags': json(OLLAMA_TAGS), '/api/ps': json(OLLAMA_PS) },
    [['chat/completions', 'completions', 'embeddings'], ['embeddings']],
  ],
  [
    'llama.cpp: it cannot speak',
    { '/health': OK, '/props': json(LLAMA_PROPS), '/v1/models': json(LLAMA_MODELS) },
    [ALL.filter((path) => path !== 'audio/speech')],
  ],
  [
    'LM Studio',
    {
      '/api/v1/models': json({
        models: [
          { key: 'l', type: 'llm', loaded_instances: [] },
          { key: 'e', type: 'embedding', loaded_instances: [] },
        ],
      }),
      '/v1/models': list(),
    },
    [['chat/completions', 'completions'], ['embeddings']],
  ],
  ['whisper.cpp', { '/': text(WHISPER_PAGE), '/health': OK }, [['audio/transcriptions']]],
  ['any other: nothing is ruled out', { '/v1/models': list('m') }, [ALL]],
])('what a model takes of %s', (_title, known, expected) => {
  const found = lookAt(known);
  const models = found?.flavour.read(found.answers).models ?? [];
  expect(models.map(({ tasks }) => tasks.map((task) => task.replace('/v1/', '')))).toEqual(expected);
});
