// Which model serves a request that names an alias or `auto`.
import { describe, expect, test } from 'vitest';
import {
  autoChoice,
  bestModel,
  firstReady,
  modelHeaders,
  needsOf,
  NO_NEEDS,
  type TargetState,
  unfitOf,
  unfitText,
} from '../../../../../src/main/scheduler/api/client-apis/core/model-choice';
import type { PoolModel } from '../../../../../src/main/scheduler/dispatch/pool-models';

describe('an alias', () => {
  test.each<readonly [string, Readonly<Record<string, TargetState>>, string | null, string | null, number]>([
    ['the first is ready', { a: 'ready', b: 'ready' }, 'a', 'alias', 0],
    ['the second is ready', { a: 'not_ready', b: 'ready' }, 'b', 'fallback', 1],
    ['the third is ready', { a: 'not_in_pool', b: 'other_tasks', c: 'ready' }, 'c', 'fallback', 2],
    ['none is ready -> the first that may become ready', { a: 'not_in_pool', b: 'not_ready', c: 'not_ready' }, 'b', 'fallback', 1],
    ['none has the task -> its error, before that of an unknown model', { a: 'not_in_pool', b: 'other_tasks' }, 'b', 'fallback', 1],
    ['none is in the pool -> the error of the first', { a: 'not_in_pool', b: 'not_in_pool' }, 'a', 'alias', 0],
    ['the key may use none', {}, null, null, 0],
  ])('%s', (_title, states, model, by, leftOut) => {
    const choice = firstReady('name', Object.keys(states), (each) => states[each] ?? 'not_in_pool');
    if (model === null) expect(choice).toBeNull();
    else {
      expect(choice).toMatchObject({ name: 'name', model, by });
      expect(choice?.leftOut).toEqual(
        Object.entries(states)
          .slice(0, leftOut)
          .map(([one, state]) => ({ model: one, state })),
      );
    }
  });
});

test('the states of the models after a ready one are not read', () => {
  const read: string[] = [];
  firstReady('name', ['a', 'b', 'c'], (model) => {
    read.push(model);
    return model === 'b' ? 'ready' : 'not_ready';
  });
  expect(read).toEqual(['a', 'b']);
});

const CHAT = '/v1/chat/completions';
const aModel = (modelId: string, change: Partial<PoolModel> = {}): PoolModel => ({
  modelId,
  kind: 'llm',
  nodesReady: 1,
  nodesLoaded: 0,
  nodesInstalled: 1,
  nodesFailing: 0,
  tasks: [CHAT],
  vramGb: null,
  speeds: { sum: 0, count: 0 },
  ...change,
});

describe('auto', () => {
  const pictures = { ...NO_NEEDS, vision: true };
  test.each<readonly [string, readonly PoolModel[], typeof NO_NEEDS, string | null]>([
    ['no model', [], NO_NEEDS, null],
    ['no model of the task', [aModel('e', { kind: 'embedding', tasks: ['/v1/embeddings'] })], NO_NEEDS, null],
    ['in memory comes before larger', [aModel('big', { vramGb: 40 }), aModel('small', { vramGb: 4, nodesLoaded: 1 })], NO_NEEDS, 'small'],
    ['the larger one', [aModel('small', { vramGb: 4 }), aModel('big', { vramGb: 40 }), aModel('unknown')], NO_NEEDS, 'big'],
    ['then on more nodes', [aModel('a'), aModel('b', { nodesReady: 2 })], NO_NEEDS, 'b'],
    ['then by name', [aModel('b'), aModel('a')], NO_NEEDS, 'a'],
    ['a known kind before an unknown one', [aModel('a', { kind: 'other', vramGb: 40 }), aModel('b')], NO_NEEDS, 'b'],
    ['unknown tasks: by the kind', [aModel('voice', { kind: 'tts', tasks: null }), aModel('text', { tasks: null })], NO_NEEDS, 'text'],
    [
      'pictures: a model that takes them',
      [aModel('big', { vramGb: 40 }), aModel('eyes', { abilities: { vision: true } })],
      pictures,
      'eyes',
    ],
    [
      'pictures: unknown is better than known to lack it',
      [aModel('blind', { abilities: { vision: false } }), aModel('other')],
      pictures,
      'other',
    ],
    ['pictures: none takes them', [aModel('blind', { abilities: { vision: false } })], pictures, null],
  ])('%s', (_title, models, needs, best) => {
    expect(bestModel(models, [CHAT], needs)?.modelId ?? null).toBe(best);
    expect(bestModel(models.toReversed(), [CHAT], needs)?.modelId ?? null).toBe(best);
  });

  const sought = { vision: true, tools: true };
  const embed = aModel('e', { tasks: ['/v1/embeddings'] });
  const blind = aModel('b', { abilities: { vision: false } });
  test.each<readonly [string, readonly PoolModel[], string, string]>([
    ['nothing is ready', [], 'no model is ready in the pool', '算力池中没有就绪的模型'],
    [
      'another task',
      [embed],
      'ready models: 1, of which 1 without /v1/chat/completions',
      '已就绪的模型共 1 个，其中 1 个不支持 /v1/chat/completions',
    ],
    [
      'each by its first reason',
      [embed, blind, aModel('secret'), aModel('c', { abilities: { tools: false } })],
      'ready models: 4, of which 1 not allowed for this key, 1 without /v1/chat/completions, 2 without vision and tools',
      '已就绪的模型共 4 个，其中 1 个不允许此密钥使用，1 个不支持 /v1/chat/completions，2 个不支持图像输入和工具调用',
    ],
  ])('why it has no model: %s', (_title, models, en, zh) => {
    const unfit = unfitOf(models, [CHAT], sought, (model) => model !== 'secret');
    expect(unfit.notAllowed + unfit.otherTasks + unfit.lacking).toBe(unfit.ready);
    expect(unfitText(unfit, [CHAT], sought)).toEqual({ en, zh });
  });

  test('the needs of a body that is nested deeply -> read without a stack overflow', () => {
    let content: unknown = [];
    for (let depth = 0; depth < 50_000; depth++) content = [content];
    expect(needsOf({ messages: [{ role: 'user', content }] })).toEqual(NO_NEEDS);
  });

  test.each<readonly [object, boolean, boolean]>([
    [{}, false, false],
    [{ messages: [{ role: 'user', content: 'hello' }], tools: [] }, false, false],
    [{ messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:,' } }] }] }, true, false],
    [{ messages: [{ role: 'user', content: [{ type: 'tool_result', content: [{ type: 'image', source: {} }] }] }] }, true, false],
    [{ messages: [{ role: 'user', content: 'x', images: ['aa'] }] }, true, false],
    [{ images: ['aa'], prompt: 'x' }, true, false],
    [{ input: [{ type: 'message', content: [{ type: 'input_image', image_url: 'data:,' }] }], tools: [{ type: 'function' }] }, true, true],
    [{ input: 'text', functions: [{ name: 'f' }] }, false, true],
  ])('the needs of %j', (body, vision, tools) => {
    expect(needsOf(body as Record<string, unknown>)).toEqual({ vision, tools });
  });
});

describe('headers', () => {
  test.each<readonly [string, Parameters<typeof modelHeaders>, object]>([
    ['a model', ['qwen2.5:7b', null], { 'x-muster-model': 'qwen2.5:7b' }],
    ['auto', ['org/m', autoChoice('org/m')], { 'x-muster-model': 'org/m', 'x-muster-alias': 'auto', 'x-muster-model-choice': 'auto' }],
    [
      'a fallback; signs that are not ASCII, and those that separate',
      [
        '模',
        {
          name: 'a, b\r\nx: y',
          model: '模',
          by: 'fallback',
          leftOut: [
            { model: 'm=1', state: 'not_ready' },
            { model: 'n', state: 'other_tasks' },
          ],
        },
      ],
      {
        'x-muster-model': '%E6%A8%A1',
        'x-muster-alias': 'a%2C%20b%0D%0Ax:%20y',
        'x-muster-model-choice': 'fallback',
        'x-muster-models-left-out': 'm%3D1=not_ready, n=other_tasks',
      },
    ],
  ])('%s', (_title, given, headers) => {
    expect(modelHeaders(...given)).toEqual(headers);
  });

  test('long names that were left out -> whole entries up to the limit of the header', () => {
    const leftOut = Array.from({ length: 8 }, () => ({ model: '模'.repeat(200), state: 'not_ready' as const }));
    const entry = `${'%E6%A8%A1'.repeat(200)}=not_ready`;
    const headers = modelHeaders('m', {
      name: 'n',
      model: 'm',
      by: 'fallback',
      leftOut: [...leftOut, { model: 'short', state: 'not_ready' }],
    });
    expect(headers['x-muster-models-left-out']).toBe(`${entry}, short=not_ready`);
  });
});
