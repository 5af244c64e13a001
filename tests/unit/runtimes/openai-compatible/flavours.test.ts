// Documented bodies of each server: which one it is, and what it says of its models.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Answers, ProbeAnswer } from '../../../../src/main/runtimes/http/answers';
import { FIRST_PATHS, FLAVOURS, morePaths, recognise } from '../../../../src/main/runtimes/http/recognise-mapping';
import { json, lines, text } from '../../../support/stand-ins/answers';
import { LLAMA_LOADING, LLAMA_MODELS, LLAMA_PROPS, ROUTER_MODELS, ROUTER_PROPS } from '../../../support/stand-ins/llama-cpp';
import { LM_V0, LM_V1 } from '../../../support/stand-ins/lm-studio';
import { LOCALAI_MODELS } from '../../../support/stand-ins/localai';
import { OLLAMA_PS, OLLAMA_TAGS } from '../../../support/stand-ins/ollama';
import { VLLM_MODELS } from '../../../support/stand-ins/vllm';
import { WHISPER_PAGE } from '../../../support/stand-ins/whisper-cpp';

const NOT_FOUND = json({ error: 'not found' }, 404);
const OK = json({ status: 'ok' });
const UNAUTHORIZED = json({ error: 'Unauthorized' }, 401);

/** What the whole look finds, from answers where every other path is not found. */
function look(known: Answers) {
  const all = [...new Set(FLAVOURS.flatMap(({ paths }) => paths))];
  const answers = Object.fromEntries(all.map((path) => [path, known[path] ?? NOT_FOUND]));
  const flavour = recognise(answers);
  if (flavour === null) return null;
  const seen = flavour.read(answers);
  return [flavour.name, seen.state, seen.reasonCode, ...lines(seen.models)];
}

const GEMMA = 'gemma-3-4b-it-Q4_K_M.gguf llm unknown';
const HEALTHZ = { status: 'ok', version: '0.1.0', protocol: '1.0', uptime_seconds: 3 };
const poolModel = (id: string) => ({
  id,
  object: 'model',
  created: 1_765_000_000,
  owned_by: 'muster',
  muster: { kind: 'llm', nodes_ready: 1, nodes_installed: 1, tasks: null },
});
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
      'llama.cpp that only embeds',
      {
        '/health': OK,
        '/props': json(LLAMA_PROPS),
        '/v1/models': json({ models: [{ capabilities: ['embedding'] }], data: [{ id: 'bge' }] }),
      },
      ['llama.cpp', 'running', 'ok', 'bge embedding unknown ready loaded'],
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
      { '/health': text(''), '/version': json({ version: '0.11.0' }), '/v1/models': UNAUTHORIZED },
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
      [
        'lm-studio',
        'running',
        'ok',
        'google/gemma-3-12b llm unknown ready loaded',
        'text-embedding-nomic-embed-text-v1.5 embedding unknown not_installed not_loaded',
      ],
    ],
    [
      'LM Studio before 0.4',
      {
        '/api/v1/models': json({ error: 'Unexpected endpoint or method. (GET /api/v1/models)' }),
        '/api/v0/models': json(LM_V0),
        '/v1/models': list('qwen2-vl-7b-instruct'),
      },
      [
        'lm-studio',
        'running',
        'ok',
        'qwen2-vl-7b-instruct llm unknown ready loaded',
        'text-embedding-nomic-embed-text-v1.5 embedding unknown not_installed not_loaded',
      ],
    ],
    ['LM Studio without any model', { '/api/v1/models': json({ models: [] }), '/v1/models': list() }, ['lm-studio', 'running', 'ok']],
    [
      'LocalAI: it loads what is asked for, and tells no kinds',
      { '/readyz': text('OK'), '/v1/models': json(LOCALAI_MODELS) },
      ['localai', 'running', 'ok', 'whisper-1 other unknown ready listed', 'gpt-4 other unknown ready listed'],
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
    [
      'Ollama, which has OpenAI’s list too',
      {
        '/api/version': json({ version: '0.12.6' }),
        '/api/tags': json(OLLAMA_TAGS),
        '/api/ps': json(OLLAMA_PS),
        '/v1/models': list('llama3.2:latest'),
      },
      [
        'ollama',
        'running',
        'ok',
        'llama3.2:latest llm a80c4f17acd5 ready loaded',
        'nomic-embed-text:latest embedding 0a109f422b47 ready cold',
      ],
    ],
    ['any other server', { '/v1/models': list('m') }, ['openai-compatible', 'running', 'ok', 'm other unknown ready listed']],
    [
      'any other server whose health says not yet',
      { '/health': text('', 503), '/v1/models': list('m') },
      ['openai-compatible', 'starting', 'loading_model'],
    ],
    ['any other server that wants a key', { '/v1/models': UNAUTHORIZED }, ['openai-compatible', 'unauthorized', 'key_needed']],
    [
      'another program with models at the path of LM Studio',
      { '/api/v1/models': json({ models: [{ name: 'x' }] }), '/v1/models': list('m') },
      ['openai-compatible', 'running', 'ok', 'm other unknown ready listed'],
    ],
    [
      'the list of a pool, behind whatever address',
      { '/v1/models': json({ object: 'list', data: [poolModel('m')] }), '/props': json(LLAMA_PROPS), '/health': OK },
      ['openai-compatible', 'wrong_service', 'muster_scheduler'],
    ],
    [
      'a list of which only the marks of a pool came through',
      { '/v1/models': json({ data: [{ id: 'a' }, { ...poolModel('m'), owned_by: 'proxy' }] }) },
      ['openai-compatible', 'wrong_service', 'muster_scheduler'],
    ],
    [
      'a scheduler with an empty list',
      { '/v1/models': list(), '/healthz': json(HEALTHZ) },
      ['openai-compatible', 'wrong_service', 'muster_scheduler'],
    ],
    [
      'a scheduler that wants a token',
      { '/v1/models': UNAUTHORIZED, '/healthz': json(HEALTHZ) },
      ['openai-compatible', 'wrong_service', 'muster_scheduler'],
    ],
    ['a web page', { '/': text('<html>'), '/v1/models': text('<html>') }, null],
    ['a web page behind a login', { '/': text('<html>', 401), '/v1/models': text('<html>', 401) }, null],
    ['an API of something else', { '/v1/models': json({ items: [] }) }, null],
    [
      'an application that answers every path with the same JSON',
      Object.fromEntries(FLAVOURS.flatMap(({ paths }) => paths).map((path) => [path, OK])),
      null,
    ],
  ])('%s', (_what, known, expected) => {
    expect(look(known)).toEqual(expected);
  });
});

describe('asking', () => {
  test('a stranger is asked no more than three things', () => {
    expect(FIRST_PATHS).toHaveLength(3);
    expect(morePaths({ '/v1/models': text('<html>') })).toEqual([]);
    expect(morePaths({ '/v1/models': { kind: 'failed', code: 'timeout' } })).toEqual([]);
  });

  test('nothing is asked that wakes, loads or pins a model', () => {
    const paths = FLAVOURS.flatMap((flavour) => flavour.paths);
    for (const path of paths) expect(path).not.toMatch(/slots|\?model=|load|generate|metrics/);
  });
});

test('whatever a server answers, reading it never throws and every model id is one that the protocol takes', () => {
  const body = fc.oneof(
    fc.json().map((value) => JSON.parse(value) as unknown),
    fc.constantFrom<unknown>(LLAMA_MODELS, LM_V1, OLLAMA_TAGS, LLAMA_PROPS),
  );
  const answer: fc.Arbitrary<ProbeAnswer> = fc.oneof(
    fc.record({ kind: fc.constant('answered' as const), status: fc.constantFrom(200, 401, 404, 500, 503), json: body, text: fc.string() }),
    fc.record({ kind: fc.constant('failed' as const), code: fc.constantFrom('timeout', 'refused') }),
  );
  const shaped = fc.record({
    kind: fc.constant('answered' as const),
    status: fc.constant(200),
    text: fc.string(),
    json: fc.dictionary(fc.constantFrom('data', 'models', 'version', 'error', 'role'), fc.oneof(fc.array(body), body)),
  });
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...FLAVOURS.flatMap(({ paths }) => paths)), fc.oneof(answer, shaped)), (answers) => {
      recognise(answers);
      for (const flavour of FLAVOURS) {
        for (const { modelId } of flavour.read(answers).models) expect(modelId.length).toBeLessThanOrEqual(256);
      }
    }),
  );
});

const ALL = ['chat/completions', 'completions', 'embeddings', 'audio/transcriptions', 'audio/speech', 'rerank'];

/** The paths without `/v1/` that each model is known to be able to take. */
test.each<[string, Answers, readonly (readonly string[])[]]>([
  [
    'Ollama: an embedding model gives embeddings alone',
    { '/api/version': json({ version: '0.12.6' }), '/api/tags': json(OLLAMA_TAGS), '/api/ps': json(OLLAMA_PS), '/v1/models': list() },
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
  const all = [...new Set(FLAVOURS.flatMap(({ paths }) => paths))];
  const answers = Object.fromEntries(all.map((path) => [path, known[path] ?? NOT_FOUND]));
  const models = recognise(answers)?.read(answers).models ?? [];
  expect(models.map(({ tasks }) => tasks.map((task) => task.replace('/v1/', '')))).toEqual(expected);
});
