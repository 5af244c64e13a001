import { describe, expect, test } from 'vitest';
import { usableModels } from '../../../../src/renderer/queries/usable-models';
import { poolCountText } from '../../../../src/renderer/pages/models/model-labels';
import { fitOf, neededGb, offeredMemory } from '../../../../src/renderer/pages/models/model-fit';
import { suggestionsOf } from '../../../../src/renderer/pages/models/download-suggestions';
import { abilitiesOf, categoryOf, groupInPool, modelRows } from '../../../../src/renderer/pages/models/model-rows';
import type { MissingModel } from '../../../../src/shared/api/missing-models';
import { isOllamaName } from '../../../../src/shared/api/own-models';
import type { ReadyPoolModel } from '../../../../src/shared/api/pool-models';
import { modelView } from '../../../fixtures/app-states/agents';
import { gpuView } from '../../../fixtures/app-states/gpus';
import { labelsIn } from '../support/labels';

describe('offeredMemory', () => {
  test('limits count, refused and withheld GPUs do not', () => {
    const gpus = [
      gpuView({ memory_gb: 24, vram_limit_gb: 16 }),
      gpuView({ memory_gb: 12 }),
      gpuView({ memory_gb: 48, offered: false }),
      gpuView({ memory_gb: 80, accepted: false }),
      gpuView({ memory_gb: null }),
    ];
    expect(offeredMemory(gpus)).toEqual({ largestGb: 16, sumGb: 28 });
    expect(offeredMemory([])).toBeNull();
  });
});

test.each([
  ['used when it was loaded', { modelId: 'a:70b', vramGb: 6.2, sizeBytes: 9e12 }, 6.2],
  ['size and a tenth', { modelId: 'a:70b', vramGb: null, sizeBytes: 10 * 1024 ** 3 }, 11],
  ['size in the name', { modelId: 'qwen3:30b', vramGb: null, sizeBytes: null }, 18.6],
  ['a loaded model without GPU memory, without a size', { modelId: 'piper', vramGb: 0, sizeBytes: 0 }, null],
])('neededGb: %s', (_title, facts, expected) => {
  const needed = neededGb(facts);
  if (expected === null) expect(needed).toBeNull();
  else expect(needed).toBeCloseTo(expected, 6);
});

test.each([
  [6, { kind: 'fits', neededGb: 6, totalGb: 24 }],
  [24, { kind: 'fits', neededGb: 24, totalGb: 24 }],
  [30, { kind: 'split', neededGb: 30, totalGb: 36 }],
  [40, { kind: 'too_large', neededGb: 40, totalGb: 36 }],
  [null, { kind: 'unknown' }],
])('fitOf: %s GB on 24 and 12 GB', (needed, expected) => {
  expect(fitOf(needed, { largestGb: 24, sumGb: 36 })).toEqual(expected);
  expect(fitOf(needed, null)).toEqual({ kind: 'unknown' });
});

const ready = (model_id: string, nodes_ready: number, change: Partial<ReadyPoolModel> = {}): ReadyPoolModel => ({
  model_id,
  kind: 'llm',
  tasks: null,
  nodes_ready,
  ...change,
});
const asked = (model_id: string, requests: number): MissingModel => ({
  model_id,
  requests,
  since: 1,
  last_at: 2,
  mixed_scripts: false,
  vram_gb: null,
  fits_nodes: null,
});

describe('modelRows', () => {
  const rows = modelRows({
    own: [modelView({ model_id: 'own' }), modelView({ model_id: 'both', kind: 'other', size_bytes: null })],
    pool: [ready('few', 1), ready('both', 2, { kind: 'embedding', vram_gb: 3 }), ready('many', 9)],
    missing: [asked('seldom', 1), asked('often', 7), asked('both', 4), asked('few', 2)],
    memory: { largestGb: 24, sumGb: 24 },
    freeBytes: null,
  });

  test('each model once: own ones, those of most nodes, those asked for most often', () => {
    expect(rows.map(({ modelId, group }) => `${group} ${modelId}`)).toEqual([
      'here own',
      'here both',
      'pool many',
      'pool few',
      'missing often',
      'missing seldom',
    ]);
    expect(rows.map(groupInPool)).toEqual(['here', 'pool', 'pool', 'pool', 'missing', 'missing']);
  });

  test('kind and memory of a model that is being downloaded come from the pool', () => {
    expect(rows[1]).toMatchObject({ kind: 'embedding', neededGb: 3, fit: { kind: 'fits' } });
    expect([categoryOf({ kind: 'tts' }), categoryOf({ kind: 'nmt' }), categoryOf({ kind: null })]).toEqual(['speech', 'translation', null]);
  });
});

test.each([
  ['qwen3:8b', true],
  ['library/qwen3:8b', true],
  ['hf.co/org/model-GGUF:Q4_K_M', true],
  ['google/gemma-3-12b', false],
  ['--insecure:x', false],
  ['a b:c', false],
])('isOllamaName: %s -> %s', (name, expected) => {
  expect(isOllamaName(name)).toBe(expected);
});

test('a model that no library has -> no size is guessed from its name', () => {
  const wanted = (reason_code: string) => modelView({ model_id: 'llama3.2:300b', state: 'error', reason_code, size_bytes: null });
  const memory = { largestGb: 24, sumGb: 36 };
  const rowOf = (reason: string) => modelRows({ own: [wanted(reason)], pool: [], missing: [], memory, freeBytes: null })[0];
  expect(rowOf('pull_unknown')).toMatchObject({ neededGb: null, fit: { kind: 'unknown' } });
  expect(rowOf('pull_stalled')).toMatchObject({ fit: { kind: 'too_large' } });
});

test('disk: a model that is not here and larger than the free space lacks it; unknown figures lack nothing', () => {
  const lacks = (freeBytes: number | null) =>
    modelRows({
      own: [modelView({ model_id: 'here', vram_gb: 11 })],
      pool: [ready('large', 2, { vram_gb: 11 }), ready('unknown', 1)],
      missing: [],
      memory: null,
      freeBytes,
    }).map(({ diskLack }) => diskLack);
  const GB = 1024 ** 3;
  expect(lacks(9 * GB)).toEqual([null, { neededBytes: 10 * GB, freeBytes: 9 * GB }, null]);
  expect(lacks(11 * GB)).toEqual([null, null, null]);
  expect(lacks(null)).toEqual([null, null, null]);
});

test('abilities: those that a node reports as true; of a model of no node, none are known', () => {
  const abilities = { vision: true, tools: true, thinking: false };
  const rows = modelRows({
    own: [modelView({ model_id: 'here' })],
    pool: [ready('a', 1, { abilities }), ready('b', 1)],
    missing: [],
    memory: null,
    freeBytes: null,
  });
  expect(rows.map((row) => [row.modelId, abilitiesOf(row)])).toEqual([
    ['here', []],
    ['a', ['vision', 'tools']],
    ['b', []],
  ]);
});

describe('download suggestions', () => {
  const memory = { largestGb: 24, sumGb: 24 };
  const rows = modelRows({
    own: [modelView({ model_id: 'qwen3:8b' })],
    pool: [ready('gemma3:4b', 2), ready('whisper-large', 1), ready('llama3.3:70b', 1)],
    missing: [asked('qwen3-coder:30b', 3)],
    memory,
    freeBytes: null,
  });

  const listed = (given: Parameters<typeof suggestionsOf>[0]) =>
    suggestionsOf(given).map(({ group, models }) => [group, models.map(({ modelId }) => modelId)]);

  test('asked for, in the pool, common: what this computer lacks and Ollama has; too large ones are last', () => {
    const [missing, pool, common] = listed({ rows, memory, typed: '' });
    expect([missing, pool]).toEqual([
      ['missing', ['qwen3-coder:30b']],
      ['pool', ['gemma3:4b', 'llama3.3:70b']],
    ]);
    expect(common?.[1]).not.toContain('qwen3:8b');
    expect(common?.[1]?.at(-1)).toBe('gpt-oss:120b');
    expect(suggestionsOf({ rows, memory, typed: '' })[1]?.models.map(({ fit }) => fit.kind)).toEqual(['fits', 'too_large']);
  });

  test('typed text -> the names that contain it; little memory -> large ones last; unknown memory -> all, without a fit', () => {
    expect(listed({ rows, memory, typed: 'Gemma3:4' })).toEqual([['pool', ['gemma3:4b']]]);
    const [small] = suggestionsOf({ rows: [], memory: { largestGb: 6, sumGb: 6 }, typed: 'qwen' });
    expect(small?.models.map(({ modelId, fit }) => [modelId, fit.kind])).toEqual([
      ['qwen3:4b', 'fits'],
      ['qwen3:8b', 'fits'],
      ['qwen3:14b', 'too_large'],
      ['qwen3-coder:30b', 'too_large'],
    ]);
    expect(new Set(suggestionsOf({ rows: [], memory: null, typed: '' })[0]?.models.map(({ fit }) => fit.kind))).toEqual(
      new Set(['unknown']),
    );
  });
});

test.each([
  [0, '1 in memory · 3 ready', '1 个节点已加载 · 3 个就绪'],
  [2, '1 in memory · 1 ready, 2 failing', '1 个节点已加载 · 1 个就绪，2 个连续失败'],
])('nodes of a model, %i of them failing: these are not counted as ready', (failing, en, zh) => {
  const model = { model_id: 'a', kind: 'llm', tasks: null, nodes_ready: 3, nodes_loaded: 1, nodes_failing: failing } as const;
  expect([poolCountText(model, labelsIn('en')), poolCountText(model, labelsIn('zh-CN'))]).toEqual([en, zh]);
});

test('models to use: of two in memory on as many nodes, the one that fails on fewer comes first', () => {
  const model = (model_id: string, nodes_failing: number) =>
    ({ model_id, kind: 'llm', tasks: null, nodes_ready: 3, nodes_loaded: 1, nodes_failing }) as const;
  expect(usableModels([model('a', 2), model('b', 0)]).map((entry) => entry.model.model_id)).toEqual(['b', 'a']);
});
