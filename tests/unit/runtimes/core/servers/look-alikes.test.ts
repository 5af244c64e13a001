// Servers with similar answers: Ollama and the programs that imitate its paths, and Muster schedulers, which are not runtimes.
import { expect, test } from 'vitest';
import type { Answers } from '../../../../../src/main/runtimes/core/servers/answers';
import { linesOf } from './probe-with';
import { json, text } from '../../../../support/stand-ins/answers';
import { LLAMA_PROPS } from '../../../../support/stand-ins/llama-cpp';
import { LOCALAI_MODELS } from '../../../../support/stand-ins/localai';
import { OLLAMA_PS, OLLAMA_TAGS } from '../../../../support/stand-ins/ollama';

const OK = json({ status: 'ok' });
const UNAUTHORIZED = json({ error: 'Unauthorized' }, 401);
const OLLAMA_PAGE = text('Ollama is running');
const OLLAMA_MODELS = [
  'running',
  'ok',
  'llama3.2:latest llm a80c4f17acd5 ready loaded',
  'nomic-embed-text:latest embedding 0a109f422b47 ready cold',
];
const HEALTHZ = { status: 'ok', version: '0.1.0', protocol: '1.0', uptime_seconds: 3 };
const poolModel = (id: string) => ({
  id,
  object: 'model',
  created: 1_765_000_000,
  owned_by: 'muster',
  muster: { kind: 'llm', nodes_ready: 1, nodes_installed: 1, tasks: null },
});
const list = (...ids: string[]) => json({ object: 'list', data: ids.map((id) => ({ id, object: 'model' })) });

test.each<[string, Answers, readonly string[]]>([
  [
    'other server with /version that requires a key',
    { '/version': json({ version: '1' }), '/v1/models': json({ error: { code: 'invalid_api_key' } }, 401) },
    ['openai-compatible', 'unauthorized', 'key_needed'],
  ],
  [
    'LocalAI: answers Ollama’s paths with other names',
    {
      '/': text('Ollama is running'),
      '/readyz': text(''),
      '/v1/models': json(LOCALAI_MODELS),
      '/api/version': json({ version: '0.9.0' }),
      '/api/tags': json({ models: LOCALAI_MODELS.data.map(({ id }) => ({ name: `${id}:latest`, size: 0 })) }),
      '/api/ps': json({ models: null }),
    },
    ['localai', 'running', 'ok', 'whisper-1 other unknown ready listed', 'gpt-4 other unknown ready listed'],
  ],
  [
    'server that answers other paths with empty JSON',
    { '/readyz': json({}), '/v1/models': list('m') },
    ['openai-compatible', 'running', 'ok', 'm other unknown ready listed'],
  ],
  [
    'koboldcpp: answers Ollama’s paths and one of llama.cpp',
    {
      '/v1/models': json({ data: [{ id: 'koboldcpp/Llama-3', object: 'model', owned_by: 'koboldcpp' }] }),
      '/api/version': json({ version: '0.7.0' }),
      '/api/tags': json({ models: ['koboldcpp/Llama-3:latest', 'koboldcpp/Llama-3'].map((model) => ({ name: 'koboldcpp', model })) }),
      '/props': json({ total_slots: 1, default_generation_settings: { n_ctx: 4096 } }),
    },
    ['openai-compatible', 'running', 'ok', 'koboldcpp/Llama-3 other unknown ready listed'],
  ],
  [
    'Ollama behind another page, equal lists',
    {
      '/': text('<html>'),
      '/api/version': json({ version: '0.12.6' }),
      '/api/tags': json(OLLAMA_TAGS),
      '/api/ps': json(OLLAMA_PS),
      '/v1/models': list(...OLLAMA_TAGS.models.map(({ name }) => name)),
    },
    ['ollama', ...OLLAMA_MODELS],
  ],
  [
    'old Ollama without OpenAI’s list',
    { '/': OLLAMA_PAGE, '/api/version': json({ version: '0.1.20' }), '/api/tags': json(OLLAMA_TAGS), '/api/ps': json(OLLAMA_PS) },
    ['ollama', ...OLLAMA_MODELS],
  ],
  [
    'old Ollama behind another page, without OpenAI’s list',
    { '/': text('<html>'), '/api/version': json({ version: '0.1.20' }), '/api/tags': json(OLLAMA_TAGS), '/api/ps': json(OLLAMA_PS) },
    ['ollama', ...OLLAMA_MODELS],
  ],
  [
    'old Ollama without a version',
    { '/': OLLAMA_PAGE, '/api/tags': json({ models: [{ name: 'm' }] }) },
    ['ollama', 'running', 'ok', 'm llm unknown ready cold'],
  ],
  [
    'Ollama without models',
    {
      '/': OLLAMA_PAGE,
      '/v1/models': json({ data: null }),
      '/api/version': json({ version: '0.1.30' }),
      '/api/tags': json({ models: null }),
    },
    ['ollama', 'running', 'ok'],
  ],
  [
    'other program with Ollama’s paths and no models',
    { '/v1/models': list(), '/api/version': json({ version: '1' }), '/api/tags': json({ models: [] }) },
    ['openai-compatible', 'running', 'ok'],
  ],
  [
    'other program with models at LM Studio’s path',
    { '/api/v1/models': json({ models: [{ name: 'x' }] }), '/v1/models': list('m') },
    ['openai-compatible', 'running', 'ok', 'm other unknown ready listed'],
  ],
  [
    'list of a pool',
    { '/v1/models': json({ object: 'list', data: [poolModel('m')] }), '/props': json(LLAMA_PROPS), '/health': OK },
    ['openai-compatible', 'wrong_service', 'muster_scheduler'],
  ],
  [
    'list of a pool behind a proxy',
    { '/v1/models': json({ data: [{ id: 'a' }, { ...poolModel('m'), owned_by: 'proxy' }] }) },
    ['openai-compatible', 'wrong_service', 'muster_scheduler'],
  ],
  [
    'scheduler with an empty list',
    { '/v1/models': list(), '/healthz': json(HEALTHZ) },
    ['openai-compatible', 'wrong_service', 'muster_scheduler'],
  ],
  [
    'scheduler that requires a token',
    { '/v1/models': UNAUTHORIZED, '/healthz': json(HEALTHZ) },
    ['openai-compatible', 'wrong_service', 'muster_scheduler'],
  ],
])('recognise: %s', (_title, known, expected) => {
  expect(linesOf(known)).toEqual(expected);
});
