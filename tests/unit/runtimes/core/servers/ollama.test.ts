// Ollama's documented bodies, and what they say of its models.
import { describe, expect, test } from 'vitest';
import { ollama } from '../../../../../src/main/runtimes/core/servers/ollama';
import { failed, json, lines, text } from '../../../../support/stand-ins/answers';
import { OLLAMA_PS, OLLAMA_TAGS } from '../../../../support/stand-ins/ollama';

const VERSION = json({ version: '0.12.6' });
const look = (rest: Parameters<typeof ollama.read>[0]) => ollama.read({ '/api/version': VERSION, ...rest });

const CHAT = ['/v1/chat/completions', '/v1/completions', '/v1/embeddings'];
const LLAMA = 'llama3.2:latest llm a80c4f17acd5 ready';
const NOMIC = 'nomic-embed-text:latest embedding 0a109f422b47 ready';

describe('models', () => {
  test('in memory are loaded, the others load on use, and those of the cloud are not this node’s', () => {
    const seen = look({ '/api/tags': json(OLLAMA_TAGS), '/api/ps': json(OLLAMA_PS) });
    expect(lines(seen.models)).toEqual([`${LLAMA} loaded`, `${NOMIC} cold`]);
    expect(seen).toMatchObject({ version: '0.12.6', state: 'running', reasonCode: 'ok', details: { cloud_models_skipped: 1 } });
    expect(seen.models[0]).toMatchObject({
      sizeBytes: 2_019_393_189,
      details: { quantization: 'Q4_K_M', parameters: '3.2B', size_loaded: 3_000_000_000, size_vram: 2_800_000_000 },
    });
  });

  test('stay ready while one is loaded, which nobody can name', () => {
    const seen = look({ '/api/tags': json(OLLAMA_TAGS), '/api/ps': failed('timeout') });
    expect(lines(seen.models)).toEqual([`${LLAMA} loading`, `${NOMIC} loading`]);
    expect(seen).toMatchObject({ state: 'running', reasonCode: 'loading_model' });
  });

  test('are cold when what is in memory cannot be read', () => {
    expect(lines(look({ '/api/tags': json(OLLAMA_TAGS), '/api/ps': json({ error: 'x' }, 500) }).models)).toEqual([
      `${LLAMA} cold`,
      `${NOMIC} cold`,
    ]);
  });

  test('are unknown when the list does not come', () => {
    expect(look({ '/api/tags': failed('timeout'), '/api/ps': failed('timeout') })).toMatchObject({ state: 'starting', models: [] });
  });

  test.each([
    [['completion', 'vision'], 'llama', 'llm'],
    [['embedding'], 'llama', 'embedding'],
    [['image'], 'flux', 'image'],
    [undefined, 'nomic-bert', 'embedding'],
    [null, 'llama', 'llm'],
    [undefined, null, 'llm'],
  ])('with capabilities %j of the family %s are of kind %s', (capabilities, family, kind) => {
    const tags = json({ models: [{ name: 'm', capabilities, details: { family } }] });
    expect(look({ '/api/tags': tags, '/api/ps': json({ models: [] }) }).models[0]).toMatchObject({
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
  ])('that the list does not describe are asked for: %j', (shown, kind, kindIsGuess, tasks) => {
    const tags = json({
      models: [
        { name: 'm', digest: 'd', details: { family: 'qwen3' } },
        { name: 'cloud', remote_model: 'x' },
      ],
    });
    const answers = { '/api/tags': tags, '/api/ps': json({ models: null }) };
    expect(ollama.later?.(answers)).toEqual([{ key: '/api/show m d', path: '/api/show', body: { model: 'm' } }]);
    const seen = look({ ...answers, '/api/show m d': shown === null ? failed('timeout') : json(shown) });
    expect(seen.models).toMatchObject([{ kind, kindIsGuess, tasks }]);
  });

  test('that the list describes are not asked for', () => {
    const tags = json({ models: [{ name: 'm', capabilities: ['completion', 'audio'] }] });
    expect(ollama.later?.({ '/api/tags': tags })).toEqual([]);
    expect(look({ '/api/tags': tags }).models).toMatchObject([{ kindIsGuess: false, tasks: [...CHAT, '/v1/audio/transcriptions'] }]);
  });

  test('that are no models hide no other', () => {
    const tags = json({
      models: [null, { name: '' }, { name: 'x'.repeat(257) }, { name: 7 }, { name: 'cloud', remote_model: 7 }, { name: 'good' }],
    });
    expect(look({ '/api/tags': tags, '/api/ps': json({ models: [] }) }).models.map(({ modelId }) => modelId)).toEqual(['good']);
  });
});

test.each([null, 'x', -1, {}, []])('a field that is %j costs a model nothing but that field', (strange) => {
  const tag = { name: 'm', size: strange, digest: strange, details: strange, capabilities: strange };
  const seen = look({
    '/api/tags': json({ models: [tag] }),
    '/api/ps': json({ models: [{ name: 'm', size: strange, size_vram: strange }] }),
  });
  expect(lines(seen.models)).toEqual(['m llm unknown ready loaded'].map((line) => (strange === 'x' ? line.replace('unknown', 'x') : line)));
  expect(seen.models[0]).toMatchObject({ sizeBytes: null, details: { quantization: null, size_loaded: null } });
});

test.each([
  ['another program with a version', { '/api/version': VERSION, '/api/tags': json({ detail: 'Not Found' }, 404) }],
  ['a page for every path', { '/api/version': text('<html>'), '/api/tags': text('<html>') }],
  [
    'LM Studio',
    { '/api/version': json({ error: 'Unexpected endpoint or method. (GET /api/version)' }), '/api/tags': json({ error: 'x' }) },
  ],
])('%s is not Ollama', (_what, found) => {
  expect(ollama.matches(found)).toBe(false);
});
