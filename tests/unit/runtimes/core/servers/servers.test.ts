// The documented answers of each server: its type, and its models.
import { describe, expect, test } from 'vitest';
import type { Answers } from '../../../../../src/main/runtimes/core/servers/answers';
import { ALL_PATHS, linesOf, probeWith } from './probe-with';
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

describe('recognise and read', () => {
  test.each<[string, Answers, readonly string[] | null]>([
    [
      'llama.cpp with a model',
      { '/health': OK, '/props': json(LLAMA_PROPS), '/v1/models': json(LLAMA_MODELS) },
      ['llama.cpp', 'running', 'ok', `${GEMMA} ready loaded`],
    ],
    [
      'llama.cpp sleeping -> cold',
      { '/health': OK, '/props': json({ ...LLAMA_PROPS, is_sleeping: true }), '/v1/models': json(LLAMA_MODELS) },
      ['llama.cpp', 'running', 'ok', `${GEMMA} ready cold`],
    ],
    [
      'llama.cpp loading, 503 on every path',
      { '/health': json(LLAMA_LOADING, 503), '/props': json(LLAMA_LOADING, 503), '/v1/models': json(LLAMA_LOADING, 503) },
      ['llama.cpp', 'starting', 'loading_model'],
    ],
    ['old llama.cpp loading', { '/v1/models': json({ status: 'loading model' }, 503) }, ['llama.cpp', 'starting', 'loading_model']],
    [
      'llama.cpp loading, list available',
      {
        '/health': json(LLAMA_LOADING, 503),
        '/props': json(LLAMA_PROPS),
        '/v1/models': json({ data: [{ id: 'm', owned_by: 'llamacpp', meta: null }] }),
      },
      ['llama.cpp', 'starting', 'loading_model', 'm llm unknown not_installed loading'],
    ],
    [
      'llama.cpp without the API key',
      { '/health': OK, '/props': UNAUTHORIZED, '/v1/models': json(LLAMA_MODELS) },
      ['llama.cpp', 'unauthorized', 'key_needed'],
    ],
    [
      'llama.cpp router with the list at the router path only',
      { '/health': OK, '/props': json(ROUTER_PROPS), '/models': json({ data: [{ id: 'm', status: { value: 'loaded' } }] }) },
      ['llama.cpp', 'running', 'ok', 'm llm unknown ready loaded'],
    ],
    [
      'llama.cpp, list not answered',
      { '/health': OK, '/props': json(LLAMA_PROPS), '/v1/models': failed('timeout') },
      ['llama.cpp', 'starting', 'list_not_answered'],
    ],
    [
      'llama.cpp, health check fails',
      { '/health': json({}, 500), '/props': json(LLAMA_PROPS), '/v1/models': json(LLAMA_MODELS) },
      ['llama.cpp', 'not_running', 'http_500'],
    ],
    [
      'llama.cpp router: state of each model',
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
      'llama.cpp router without autoload',
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
      'vLLM, engine dead',
      { '/health': text('', 503), '/version': json({ version: '0.11.0' }), '/v1/models': json(VLLM_MODELS) },
      ['vllm', 'not_running', 'engine_dead'],
    ],
    [
      'vLLM without the API key',
      { '/version': json({ version: '0.11.0' }), '/v1/models': UNAUTHORIZED },
      ['vllm', 'unauthorized', 'key_needed'],
    ],
    [
      'LM Studio: unloaded models not ready, OpenAI list ignored',
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
    ['LM Studio with v0 only', { '/api/v0/models': json(LM_V0) }, ['lm-studio', 'running', 'ok', QWEN, NOMIC]],
    ['LM Studio, list null', { '/api/v1/models': json({ models: null }), '/v1/models': list() }, ['lm-studio', 'running', 'ok']],
    ['LM Studio without models', { '/api/v1/models': json({ models: [] }), '/v1/models': list() }, ['lm-studio', 'running', 'ok']],
    [
      'LocalAI: models listed, kind unknown',
      { '/readyz': text('OK'), '/v1/models': json(LOCALAI_MODELS) },
      ['localai', 'running', 'ok', 'whisper-1 other unknown ready listed', 'gpt-4 other unknown ready listed'],
    ],
    [
      'LocalAI starting',
      { '/readyz': json({ status: 'starting', reason: 'startup preload in progress' }, 503), '/v1/models': json(LOCALAI_MODELS) },
      ['localai', 'starting', 'not_ready'],
    ],
    ['LocalAI not ready', { '/readyz': text('', 503), '/v1/models': json(LOCALAI_MODELS) }, ['localai', 'starting', 'not_ready']],
    ['whisper.cpp', { '/': text(WHISPER_PAGE), '/health': OK }, ['whisper.cpp', 'running', 'ok', 'whisper.cpp asr unknown ready loaded']],
    [
      'whisper.cpp loading',
      { '/': text(WHISPER_PAGE), '/health': json({ status: 'loading model' }, 503) },
      ['whisper.cpp', 'starting', 'loading_model', 'whisper.cpp asr unknown not_installed loading'],
    ],
    [
      'whisper.cpp without /health: readiness unknown',
      { '/': text(WHISPER_PAGE), '/health': text('', 404) },
      ['whisper.cpp', 'running', 'health_unknown', 'whisper.cpp asr unknown error readiness_unknown'],
    ],
    ['other server', { '/v1/models': list('m') }, ['openai-compatible', 'running', 'ok', 'm other unknown ready listed']],
    ['other server, list null', { '/v1/models': json({ object: 'list', data: null }) }, ['openai-compatible', 'running', 'ok']],
    [
      'other server, text refusal with a challenge',
      { '/v1/models': text('', 401, { challenge: 'Bearer realm="x"' }) },
      ['openai-compatible', 'unauthorized', 'key_needed'],
    ],
    [
      'other server, text refusal, known runtime',
      { '/v1/models': text('Forbidden', 403, { isRuntime: true }) },
      ['openai-compatible', 'unauthorized', 'key_needed'],
    ],
    ['other server that requires a key', { '/v1/models': UNAUTHORIZED }, ['openai-compatible', 'unauthorized', 'key_needed']],
    ['web page', { '/': text('<html>'), '/v1/models': text('<html>') }, null],
    ['web page behind a login', { '/': text('<html>', 401), '/v1/models': text('<html>', 401) }, null],
    ['other API', { '/v1/models': json({ items: [] }) }, null],
    ['application with the same JSON on every path', Object.fromEntries(ALL_PATHS.map((path) => [path, OK])), null],
  ])('%s', (_title, known, expected) => {
    expect(linesOf(known)).toEqual(expected);
  });
});

const ALL = [
  'chat/completions',
  'completions',
  'embeddings',
  'audio/transcriptions',
  'audio/translations',
  'audio/speech',
  'rerank',
  'images/generations',
  'moderations',
];

/** The supported paths of each model, without `/v1/`. */
test.each<[string, Answers, readonly (readonly string[])[]]>([
  [
    'Ollama: embedding model -> embeddings only',
    { '/': OLLAMA_PAGE, '/api/tags': json(OLLAMA_TAGS), '/api/ps': json(OLLAMA_PS) },
    [['chat/completions', 'completions', 'embeddings'], ['embeddings']],
  ],
  [
    'llama.cpp: text and sound in',
    { '/health': OK, '/props': json(LLAMA_PROPS), '/v1/models': json(LLAMA_MODELS) },
    [['chat/completions', 'completions', 'embeddings', 'audio/transcriptions', 'rerank']],
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
    [['chat/completions', 'completions', 'responses'], ['embeddings']],
  ],
  ['whisper.cpp', { '/': text(WHISPER_PAGE), '/health': OK }, [['audio/transcriptions', 'audio/translations']]],
  ['other server: all paths', { '/v1/models': list('m') }, [ALL]],
])('tasks: %s', (_title, known, expected) => {
  const probed = probeWith(known);
  const models = probed?.type.read(probed.answers).models ?? [];
  expect(models.map(({ tasks }) => tasks.map((task) => task.replace('/v1/', '')))).toEqual(expected);
});

test('llama.cpp router: the actions of each state', () => {
  const probed = probeWith({ '/health': OK, '/props': json(ROUTER_PROPS), '/v1/models': json(ROUTER_MODELS) });
  const models = probed?.type.read(probed.answers).models ?? [];
  expect(Object.fromEntries(models.map(({ modelId, actions }) => [modelId, actions]))).toEqual({
    'org/loaded-GGUF:Q4_K_M': ['load', 'unload'],
    'org/unloaded-GGUF': ['load', 'unload'],
    'org/loading-GGUF': ['load', 'unload'],
    // Its unload would be answered as done at once: the model is not in memory.
    'org/sleeping-GGUF': undefined,
    'org/downloading-GGUF': undefined,
    'org/failed-GGUF': ['load', 'unload'],
  });
});

test.each<[server: string, answers: Answers, expected: object]>([
  ['llama.cpp', { '/health': OK, '/props': json(LLAMA_PROPS), '/v1/models': json(LLAMA_MODELS) }, { context_tokens: 4096 }],
  ['vLLM', { '/health': json(null), '/version': json({ version: '0.11.0' }), '/v1/models': json(VLLM_MODELS) }, { context_tokens: 32_768 }],
  ['LM Studio', { '/api/v1/models': json(LM_V1) }, { quantization: 'Q4_K_M', context_tokens: 4096, max_context_tokens: 131_072 }],
  ['LM Studio before 0.4', { '/api/v0/models': json(LM_V0) }, { quantization: '4bit', max_context_tokens: 32_768 }],
])('%s: context length and quantisation of a model, as far as the server reports them', (_server, answers, expected) => {
  const probed = probeWith(answers);
  expect(probed?.type.read(probed.answers).models[0]?.details).toMatchObject(expected);
});

test('llama.cpp reports no context length -> none', () => {
  const props = { ...LLAMA_PROPS, default_generation_settings: { params: {}, n_ctx: 0 } };
  const probed = probeWith({ '/health': OK, '/props': json(props), '/v1/models': json(LLAMA_MODELS) });
  expect(probed?.type.read(probed.answers).models[0]?.details).not.toHaveProperty('context_tokens');
});

/** What each server reports of its models, with the context of a prompt. */
test.each<[string, Answers, readonly object[]]>([
  [
    'Ollama: the list of capabilities is whole',
    {
      '/': OLLAMA_PAGE,
      '/api/tags': json({ models: [{ name: 'm', capabilities: ['completion', 'vision', 'tools'] }, { name: 'old' }] }),
      '/api/ps': json(OLLAMA_PS),
    },
    [{ vision: true, audio: false, tools: true, thinking: false }, {}],
  ],
  ['llama.cpp', { '/health': OK, '/props': json(LLAMA_PROPS), '/v1/models': json(LLAMA_MODELS) }, [{ vision: false, audio: false }]],
  [
    'llama.cpp with an ability of another type',
    { '/health': OK, '/props': json({ ...LLAMA_PROPS, modalities: { vision: 'yes', audio: true } }), '/v1/models': json(LLAMA_MODELS) },
    [{ audio: true }],
  ],
  ['LM Studio', { '/api/v1/models': json(LM_V1) }, [{ vision: true, tools: false }, {}]],
  [
    'LM Studio before 0.4: by the type',
    {
      '/api/v0/models': json({
        data: [
          { id: 'v', type: 'vlm', state: 'loaded' },
          { id: 'l', type: 'llm', state: 'loaded', capabilities: ['tool_use'] },
        ],
      }),
    },
    [{ vision: true }, { vision: false, tools: true }],
  ],
  ['vLLM', { '/version': json({ version: '0.11.0' }), '/v1/models': json(VLLM_MODELS), '/health': OK }, [{}]],
])('abilities: %s', (_title, known, expected) => {
  const probed = probeWith(known);
  const models = probed?.type.read(probed.answers).models ?? [];
  expect(models.map(({ abilities }) => abilities ?? {})).toEqual(expected);
});
