// The list of models, and the ids of requests.
import { describe, expect, it } from 'vitest';
import { itself, listedModels } from '../../../../../src/main/scheduler/api/client-apis/core/listed-models';
import { openAiModelOf } from '../../../../../src/main/scheduler/api/openai/core/model-list';
import { PoolModels } from '../../../../../src/main/scheduler/dispatch/pool-models';
import type { ModelFailures, NodeRecord } from '../../../../../src/main/scheduler/lifecycle/node-record';
import { requestIdOf } from '../../../../../src/main/scheduler/api/openai/openai-requests';
import { aliasesOf } from '../../../../../src/shared/model-aliases';
import type { TaskKind } from '../../../../../src/shared/protocol/task-kinds';
import { aModel, aProfile, aRecord } from '../../lifecycle/records';

function modelsOf(records: readonly NodeRecord[], created: number) {
  const models = new PoolModels();
  for (const each of records) models.add(each);
  return models.list({ isReadyOnly: false }).map((model) => openAiModelOf(itself(model), created));
}

const llm = aModel({ modelId: 'llm', kind: 'llm' });
const off = aModel({ modelId: 'off', kind: 'tts', enabled: false });
const record = (overrides: Parameters<typeof aRecord>[0] = {}, states: 'ready' | 'downloading' = 'ready') =>
  aRecord({ profile: aProfile({ installedModels: [off, llm], capabilityState: { llm: states, off: 'ready' } }), ...overrides });

const on = (tasks: TaskKind[] | null) => aRecord({ profile: aProfile({ installedModels: [{ ...llm, tasks }], capabilityState: null }) });
describe('models of the pool', () => {
  it.each([
    ['excluded', 3, 1],
    ['testable', 3, 1],
    ['lowered', 1, 0],
  ] as const)('%s after %i failures -> ready, and failing on %i node', (phase, count, failing) => {
    const entry = { failures: count, unconfirmed: 0, phase } as ModelFailures;
    const failures = { ...record().failures, byModel: new Map([['llm', entry]]) };
    const models = new PoolModels();
    for (const each of [record(), record({ failures })]) models.add(each);
    expect(models.get('llm')).toMatchObject({ nodesReady: 2, nodesFailing: failing });
  });
});

describe('model list', () => {
  it.each<[string, ReturnType<typeof record>[], number, number]>([
    ['ready on two nodes', [record(), record()], 2, 2],
    ['downloading on one of them', [record(), record({}, 'downloading')], 1, 2],
    ['on a node in its warm-up', [record({ status: 'registering' })], 0, 1],
    ['on a node that is not connected', [record({ online: false })], 0, 1],
  ])('model %s', (_title, records, ready, installed) => {
    expect(modelsOf(records, 5)).toEqual([
      {
        id: 'llm',
        object: 'model',
        created: 5,
        owned_by: 'muster',
        muster: { kind: 'llm', nodes_ready: ready, nodes_loaded: 0, nodes_installed: installed, tasks: null },
      },
    ]);
  });

  it('model for two languages on one node -> one model, one node', () => {
    const both = [aModel({ modelId: 'nmt', tgtLang: 'zh' }), aModel({ modelId: 'nmt', tgtLang: 'de' })];
    const [model] = modelsOf([aRecord({ profile: aProfile({ installedModels: both, capabilityState: null }) })], 5);
    expect(model?.muster).toEqual({ kind: 'nmt', nodes_ready: 1, nodes_loaded: 0, nodes_installed: 1, tasks: null });
  });

  it('model in memory on one of two ready nodes, and on one that is not ready -> one loaded', () => {
    const loaded = (change: Parameters<typeof aRecord>[0] = {}) =>
      aRecord({ profile: aProfile({ installedModels: [{ ...llm, isLoaded: true }], capabilityState: { llm: 'ready' } }), ...change });
    const [model] = modelsOf([loaded(), record(), loaded({ online: false })], 5);
    expect(model?.muster).toMatchObject({ nodes_ready: 2, nodes_loaded: 1, nodes_installed: 3 });
  });

  it('memory and speed: the largest, and the mean of the nodes that report them', () => {
    const measured = (vramGb: number | null, tokensPerSecond: number | null) =>
      aRecord({ profile: aProfile({ installedModels: [{ ...llm, vramGb, tokensPerSecond }], capabilityState: null }) });
    const [model] = modelsOf([measured(6.2, 40), measured(null, null), measured(5.9, 61)], 5);
    expect(model?.muster).toMatchObject({ vram_gb: 6.2, tokens_per_second: 50.5 });
  });

  it('abilities and context: any node that reports an ability, the smallest context, and nothing of what no node reports', () => {
    const able = (change: Pick<typeof llm, 'abilities' | 'contextTokens'>) =>
      aRecord({ profile: aProfile({ installedModels: [{ ...llm, ...change }], capabilityState: null }) });
    const [model] = modelsOf(
      [
        able({ abilities: { vision: false, tools: true }, contextTokens: 8192 }),
        able({}),
        able({ abilities: { vision: true, thinking: false }, contextTokens: 4096 }),
      ],
      5,
    );
    expect(model?.muster).toMatchObject({ abilities: { vision: true, tools: true, thinking: false }, context_tokens: 4096 });
    expect(modelsOf([able({})], 5)[0]?.muster).not.toHaveProperty('abilities');
  });

  it('names: aliases with a ready model that the key may use, then auto; an alias hides a model of its name', () => {
    const models = new PoolModels();
    const ids = ['chat', 'embed', 'hidden', 'auto'].map((modelId) =>
      aModel({
        modelId,
        kind: modelId === 'embed' ? 'embedding' : 'llm',
        tasks: modelId === 'embed' ? ['/v1/embeddings'] : ['/v1/chat/completions'],
      }),
    );
    models.add(aRecord({ profile: aProfile({ installedModels: ids, capabilityState: null }) }));
    const aliases = aliasesOf(['gpt=gone', 'gpt=chat', 'nothing=gone', 'secret=embed', 'hidden=chat']);
    const listed = (path: '/v1/chat/completions' | '/v1/embeddings' | null, mayUse = (_model: string) => true) =>
      listedModels(models.list({ isReadyOnly: true }), { aliases, mayUse, path }).map((model) => {
        const { id, muster } = openAiModelOf(model, 5);
        return [id, muster.alias_for ?? null];
      });
    expect(listed(null)).toEqual([
      ['chat', null],
      ['embed', null],
      ['gpt', ['gone', 'chat']],
      ['secret', ['embed']],
      ['hidden', ['chat']],
      ['auto', ['auto']],
    ]);
    expect(listed('/v1/embeddings')).toEqual([
      ['embed', null],
      ['secret', ['embed']],
      ['auto', ['embed']],
    ]);
    expect(listed(null, (model) => model === 'chat')).toEqual([
      ['chat', null],
      ['gpt', ['chat']],
      ['hidden', ['chat']],
      ['auto', ['chat']],
    ]);
  });

  it('more models than are shown -> those of the most nodes, then the first ones', () => {
    const models = new PoolModels();
    const many = (from: number, count: number) =>
      aRecord({
        profile: aProfile({
          installedModels: Array.from({ length: count }, (_, i) => aModel({ modelId: `m-${String(from + i)}` })),
          capabilityState: null,
        }),
      });
    models.add(many(0, 4000));
    models.add(many(4000, 4000));
    models.add(many(7990, 20));
    const ids = models.list({ isReadyOnly: true }).map(({ modelId }) => modelId);
    expect(ids).toHaveLength(5000);
    for (const shown of ['m-7990', 'm-7999', 'm-0', 'm-4989']) expect(ids).toContain(shown);
    for (const hidden of ['m-4990', 'm-8000']) expect(ids).not.toContain(hidden);
  });

  it('tasks: union over the nodes, null when a node reports none', () => {
    const tasksOn = (...records: ReturnType<typeof on>[]) => modelsOf(records, 5)[0]?.muster.tasks;
    expect(tasksOn(on([]))).toEqual([]);
    expect(tasksOn(on(['/v1/completions']), on([]), on(['command']))).toEqual(['command', '/v1/completions']);
    expect(tasksOn(on(['command']), on(null))).toBeNull();
  });
});

describe('request id', () => {
  it.each([['a'], ['Trace_1.2:3-4'], ['x'.repeat(64)]])('valid X-Request-Id is kept: %s', (id) => {
    expect(requestIdOf({ 'x-request-id': id })).toBe(id);
  });

  it.each([[undefined], [''], ['x'.repeat(65)], ['a b'], ['a\u00e9'], ['a"b']])('invalid X-Request-Id %j -> new id', (id) => {
    expect(requestIdOf(id === undefined ? {} : { 'x-request-id': id })).toMatch(/^req_[0-9a-f-]{36}$/);
  });
});
