// Models read from Ollama's documented answers.
import { describe, expect, test } from 'vitest';
import { ollama } from '../../../../../src/main/runtimes/core/servers/ollama';
import { failed, json, lines, text } from '../../../../support/stand-ins/answers';
import { OLLAMA_PS, OLLAMA_TAGS } from '../../../../support/stand-ins/ollama';

const VERSION = json({ version: '0.12.6' });
const read = (rest: Parameters<typeof ollama.read>[0]) => ollama.read({ '/api/version': VERSION, ...rest });

const CHAT = ['/v1/chat/completions', '/v1/completions', '/v1/embeddings'];
const LLAMA = 'llama3.2:latest llm a80c4f17acd5 ready';
const NOMIC = 'nomic-embed-text:latest embedding 0a109f422b47 ready';

describe('ollama models', () => {
  test('in memory -> loaded, others -> cold, cloud models skipped', () => {
    const state = read({ '/api/tags': json(OLLAMA_TAGS), '/api/ps': json(OLLAMA_PS) });
    expect(lines(state.models)).toEqual([`${LLAMA} loaded`, `${NOMIC} cold`]);
    expect(state).toMatchObject({ version: '0.12.6', state: 'running', reasonCode: 'ok', details: { cloud_models_skipped: 1 } });
    expect(state.models[0]).toMatchObject({
      sizeBytes: 2_019_393_189,
      details: { quantization: 'Q4_K_M', parameters: '3.2B', size_loaded: 3_000_000_000, size_vram: 2_800_000_000, context_tokens: 4096 },
    });
  });

  test('list of loaded models times out -> ready, loading', () => {
    const state = read({ '/api/tags': json(OLLAMA_TAGS), '/api/ps': failed('timeout') });
    expect(lines(state.models)).toEqual([`${LLAMA} loading`, `${NOMIC} loading`]);
    expect(state).toMatchObject({ state: 'running', reasonCode: 'loading_model' });
  });

  test('list of loaded models unreadable -> cold', () => {
    expect(lines(read({ '/api/tags': json(OLLAMA_TAGS), '/api/ps': json({ error: 'x' }, 500) }).models)).toEqual([
      `${LLAMA} cold`,
      `${NOMIC} cold`,
    ]);
  });

  test('list of models not answered -> starting, no models', () => {
    expect(read({ '/api/tags': failed('timeout'), '/api/ps': failed('timeout') })).toMatchObject({ state: 'starting', models: [] });
  });

  test.each([
    [['completion', 'vision'], 'llama', 'llm'],
    [['embedding'], 'llama', 'embedding'],
    [['image'], 'flux', 'image'],
    [undefined, 'nomic-bert', 'embedding'],
    [null, 'llama', 'llm'],
    [undefined, null, 'llm'],
  ])('capabilities %j, family %s -> kind %s', (capabilities, family, kind) => {
    const tags = json({ models: [{ name: 'm', capabilities, details: { family } }] });
    expect(read({ '/api/tags': tags, '/api/ps': json({ models: [] }) }).models[0]).toMatchObject({
      kind,
      version: 'unknown',
      sizeBytes: null,
    });
  });

  test.each([
    [{ capabilities: ['completion'] }, 'llm', false, CHAT],
    [{ capabilities: ['completion', 'audio'] }, 'llm', false, [...CHAT, '/v1/audio/transcriptions']],
    [{ capabilities: ['embedding'] }, 'embedding', false, ['/v1/embeddings']],
    [{ capabilities: [] }, 'llm', true, CHAT],
    // Before 0.6.4.
    [{ details: {} }, 'llm', true, CHAT],
    [null, 'llm', true, CHAT],
  ])('no capabilities in the list -> requested by /api/show: %j', (shown, kind, kindIsGuess, tasks) => {
    const tags = json({
      models: [
        { name: 'm', digest: 'd', details: { family: 'qwen3' } },
        { name: 'cloud', remote_model: 'x' },
      ],
    });
    const answers = { '/api/tags': tags, '/api/ps': json({ models: null }) };
    expect(ollama.followUps?.(answers)).toEqual([{ key: '/api/show m d', path: '/api/show', body: { model: 'm' } }]);
    const state = read({ ...answers, '/api/show m d': shown === null ? failed('timeout') : json(shown) });
    expect(state.models).toMatchObject([{ kind, kindIsGuess, tasks }]);
  });

  test('capabilities in the list -> no request', () => {
    const tags = json({ models: [{ name: 'm', capabilities: ['completion', 'audio'] }] });
    expect(ollama.followUps?.({ '/api/tags': tags })).toEqual([]);
    expect(read({ '/api/tags': tags }).models).toMatchObject([{ kindIsGuess: false, tasks: [...CHAT, '/v1/audio/transcriptions'] }]);
  });

  test('invalid entries -> skipped', () => {
    const tags = json({
      models: [null, { name: '' }, { name: 'x'.repeat(257) }, { name: 7 }, { name: 'cloud', remote_model: 7 }, { name: 'good' }],
    });
    expect(read({ '/api/tags': tags, '/api/ps': json({ models: [] }) }).models.map(({ modelId }) => modelId)).toEqual(['good']);
  });
});

test.each([null, 'x', -1, {}, []])('ollama: field %j -> only that field is ignored', (invalid) => {
  const tag = { name: 'm', size: invalid, digest: invalid, details: invalid, capabilities: invalid };
  const state = read({
    '/api/tags': json({ models: [tag] }),
    '/api/ps': json({ models: [{ name: 'm', size: invalid, size_vram: invalid }] }),
  });
  expect(lines(state.models)).toEqual(
    ['m llm unknown ready loaded'].map((line) => (invalid === 'x' ? line.replace('unknown', 'x') : line)),
  );
  expect(state.models[0]).toMatchObject({ sizeBytes: null, details: { quantization: null, size_loaded: null } });
});

test.each([
  ['other program with a version', { '/api/version': VERSION, '/api/tags': json({ detail: 'Not Found' }, 404) }],
  ['page on every path', { '/api/version': text('<html>'), '/api/tags': text('<html>') }],
  [
    'LM Studio',
    { '/api/version': json({ error: 'Unexpected endpoint or method. (GET /api/version)' }), '/api/tags': json({ error: 'x' }) },
  ],
])('ollama.matches: %s -> false', (_title, answers) => {
  expect(ollama.matches(answers)).toBe(false);
});
